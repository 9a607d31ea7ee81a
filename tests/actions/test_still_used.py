"""What is dropped or renamed is searched in the code that is deployed now, as a word."""

import pytest

from migrate_hooks.actions import sources, still_used
from migrate_hooks.config.load import load
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from tests.repo import Repo

LOST = {
    "a column": ("ALTER TABLE orders DROP COLUMN remark", ["remark"]),
    "two columns": ("ALTER TABLE o DROP remark, DROP COLUMN IF EXISTS hint", ["remark", "hint"]),
    "a column renamed": ("ALTER TABLE orders RENAME COLUMN remark TO memo", ["remark"]),
    "a column renamed to its old name": (
        "ALTER TABLE o RENAME a TO b; ALTER TABLE o RENAME b TO a",
        [],
    ),
    "a column made anew": ("ALTER TABLE o DROP remark; ALTER TABLE o ADD remark int", []),
    "a column of that name elsewhere": (
        "ALTER TABLE o DROP remark; ALTER TABLE p ADD remark int",
        ["remark"],
    ),
    "tables": ("DROP TABLE orders, shop.parcels CASCADE", ["orders", "parcels"]),
    "a table renamed": ("ALTER TABLE orders RENAME TO purchases", ["orders"]),
    "a view in its place": (
        "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases",
        [],
    ),
    "a table swapped": (
        "CREATE TABLE fresh (id int); ALTER TABLE orders RENAME TO stale;"
        "ALTER TABLE fresh RENAME TO orders; DROP TABLE stale",
        [],
    ),
    "a table of its own": ("CREATE TABLE draft (id int); DROP TABLE draft", []),
    "a function": ("DROP FUNCTION IF EXISTS shop.tax(int, int)", ["tax"]),
    "a function made anew": (
        "DROP FUNCTION tax(int);"
        "CREATE FUNCTION tax(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        [],
    ),
    "a view": ("DROP VIEW overview", ["overview"]),
    "a materialized view": ("DROP MATERIALIZED VIEW overview", ["overview"]),
    "a type": ("DROP TYPE mood", ["mood"]),
    "a type renamed": ("ALTER TYPE mood RENAME TO temper", ["mood"]),
    "in a DO block": ("DO $$ BEGIN DROP TABLE orders; END $$", ["orders"]),
    "what no code names": (
        "DROP INDEX orders_at; DROP TRIGGER t ON orders; ALTER TABLE o RENAME CONSTRAINT a TO b",
        [],
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_is_lost(case: str) -> None:
    sql, words = LOST[case]
    one = LAYOUT.read("migrations/20260101000000_x.sql", f"-- UP\n{sql};\n-- DOWN\n", "")
    assert [found.name for found in still_used.lost([one])] == words


def found(repo: Repo, sql: str, code: dict[str, str]) -> tuple[Finding, ...]:
    """Search code that is committed for what a migration that is not takes away."""
    for path, text in code.items():
        repo.write(path, text)
    commit = repo.commit()
    repo.write("migrations/20260102000000_y.sql", f"-- UP\n{sql};\n-- DOWN\n")
    repo.write("later.py", "remark is written here after that")
    settings = load(repo.path, None, {})
    return still_used.findings(settings, commit, sources.from_worktree(settings).migrations[-1:])


COLUMN = "ALTER TABLE orders DROP COLUMN remark"


def test_a_hit_is_a_warning_with_file_and_line(repo: Repo) -> None:
    code = {
        "src/a b.py": "1\nx = 'remark'\nremarkable = my_remark\n",
        "migrations/20260101000000_x.sql": "-- UP\nALTER TABLE orders ADD remark int;\n-- DOWN\n",
    }
    (one,) = found(repo, COLUMN, code)
    assert (one.code, one.severity) == ("push/still-used", Severity.WARNING)
    assert one.place == FilePlace("migrations/20260102000000_y.sql", 2)
    assert "drops column remark of orders" in one.message
    assert "says remark: src/a b.py:2." in one.message
    assert "git grep -nw remark" in one.hint


@pytest.mark.parametrize("name", ["remark", "status"])
def test_a_name_that_nobody_says_is_no_warning(repo: Repo, name: str) -> None:
    sql = f"ALTER TABLE orders DROP COLUMN {name}"
    assert found(repo, sql, {"a.py": f"{name}es = 1\n", "migrations/x.sql": name}) == ()


def test_five_hits_are_shown_and_a_crowd_is_one_line(repo: Repo) -> None:
    (one,) = found(repo, COLUMN, {"a.py": "remark\n" * 7})
    assert "a.py:5 and 2 more" in one.message
    (one,) = found(repo, COLUMN, {"a.py": "remark\n" * 51})
    assert "not looked through: remark stands in" in one.message
    assert "a.py" not in one.message
    (one,) = found(repo, "ALTER TABLE orders RENAME COLUMN status TO phase", {"a.py": "status\n"})
    assert "status is a word of every program" in one.message
