"""`new NAME --down-from-up`: DOWNs made from UPs, proved, and really run."""

from pathlib import Path

import pytest

from migrate_hooks.actions import new_down
from migrate_hooks.config.load import load
from migrate_hooks.errors import Exit, Failure, Refused, ReplayFailed, UnknownMigration
from migrate_hooks.model.report import Report
from migrate_hooks.outside import embedded, files
from tests.databases import IDLE_SECONDS, Database
from tests.program import Program
from tests.repo import Repo

BASE = """-- UP Migration
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, note text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint REFERENCES customers, state text);
CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = 'open';
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT name FROM customers';
INSERT INTO customers VALUES (1, 'ann', 'x');
INSERT INTO orders VALUES (7, 1);
-- DOWN: irreversible because it is the first
"""
NEXT = "migrations/20260102000000_next.sql"


@pytest.fixture(autouse=True)
def scratch(embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write("migrate-hooks.toml", 'layout = "sections"\n')
    repo.write("migrations/20260101000000_base.sql", BASE)
    return repo


def write(shop: Repo, up: str, path: str = NEXT) -> tuple[Report, str]:
    """Write the DOWN of a migration with this UP; return the report and the file."""
    file = shop.write(path, up)
    report = new_down.run(load(shop.path, None, {}), path)
    return report, file.read_text()


def test_a_rollback_brings_back_the_schema_and_the_renamed_column_with_its_values(
    shop: Repo, cli: Program, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_STAGING", database.url)
    shop.write("migrate-hooks.toml", 'layout = "sections"\n[environments.staging]\nbranch = ""\n')
    report, text = write(
        shop,
        "-- UP Migration\n"
        "ALTER TABLE customers RENAME COLUMN name TO full_name;\n"
        "CREATE OR REPLACE FUNCTION names() RETURNS SETOF text LANGUAGE sql\n"
        "AS 'SELECT full_name FROM customers';\n"
        "ALTER TABLE orders RENAME TO purchases;\n"
        "CREATE VIEW orders AS SELECT * FROM purchases;\n"
        "ALTER TABLE customers DROP COLUMN note;\n"
        "CREATE TABLE items (id bigint PRIMARY KEY, feeling mood);\n"
        "UPDATE customers SET full_name = upper(full_name);\n",
    )
    proved = "Proved on a scratch copy: after UP and DOWN the schema is what it was before."
    assert report.notes[0] == proved
    for said in (
        "Data: column public.customers.note comes back without its values.",
        "Data: what UPDATE customers in line 9 did to rows is not taken back.",
    ):
        assert said in report.notes
        assert f"-- {said}\n" in text
    shop.commit()
    allowed = ("--allow=rename", "--allow=drop-column", "--allow=drop-table")
    for words in (("apply",), ("rollback", "--steps=1")):
        code, out, err = cli(*words, "--env=staging", *allowed, cwd=shop.path)
        assert code == 0, out + err
    assert database.run("SELECT * FROM customers") == [(1, "ANN", None)]
    assert database.run("SELECT id FROM orders") == [(7,)]
    assert database.run("SELECT names()") == [("ANN",)]


def test_what_cannot_run_in_a_transaction_is_taken_back_outside_of_one(shop: Repo) -> None:
    _, text = write(shop, "-- Up\nCREATE INDEX CONCURRENTLY o_state ON orders (state);\n-- Down\n")
    assert text.endswith("-- Down\nDROP INDEX CONCURRENTLY IF EXISTS public.o_state;\n")


def test_what_cannot_be_taken_back_stands_in_comments_and_is_a_warning(shop: Repo) -> None:
    up = "-- Up\nALTER TYPE mood ADD VALUE 'mad';\nCREATE TABLE extra (id int);\n-- Down\n"
    report, text = write(shop, up)
    assert report.exit_code is Exit.CLEAN
    (left,) = report.findings
    assert (left.code, left.severity) == ("new/left-out", "warning")
    assert "DOWN leaves enum public.mood as UP made it" in left.message
    assert "-- Left as it is: enum public.mood, because " in text
    assert "\nDROP TABLE IF EXISTS public.extra;\n" in text


def test_prisma_gets_it_beside(repo: Repo) -> None:
    up = "CREATE TABLE t (id int);\n"
    path = "prisma/migrations/20260101000000_t/migration.sql"
    _, text = write(repo, up, path)
    beside = (repo.path / path).with_name("down.sql").read_text()
    assert (text, beside.splitlines()[-1]) == (up, "DROP TABLE IF EXISTS public.t;")


@pytest.mark.parametrize(
    ("text", "kind", "said", "hint"),
    [
        ("-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n", Refused, "has a DOWN already", "Take its"),
        ("-- Up\nSELECT 1;\n-- Down\n-- SELECT 2;\n", Refused, "stands in comments", "Let it run"),
        ("-- Up\n-- none\n-- Down\n", Refused, "no statement in its UP", "Write UP first"),
        (
            "-- Up\nSELECT 1;\n-- DOWN: irreversible because so\n",
            Refused,
            "cannot be taken back: because so",
            "Take the line",
        ),
        ("-- Up\nDELETE FROM orders;\n-- Down\n", Refused, "nobody can invert", "Write one by"),
        (
            "-- Up\nCREATE TABLE IF NOT EXISTS orders (x int);\n-- Down\n",
            Refused,
            "behind the migrations before it, it changes nothing",
            "Write one by",
        ),
        ("-- Up\nDROP TABLE nope;\n-- Down\n", ReplayFailed, "does not exist", "Correct its UP"),
    ],
)
def test_what_gets_no_down_is_left_as_it_was(
    shop: Repo, text: str, kind: type[Failure], said: str, hint: str
) -> None:
    with pytest.raises(kind, match=said) as failed:
        write(shop, text)
    assert failed.value.hint.startswith(hint)
    assert (shop.path / NEXT).read_text() == text


def test_a_name_that_nothing_has_is_told_to_begin_with_its_up(shop: Repo) -> None:
    with pytest.raises(UnknownMigration) as failed:
        new_down.run(load(shop.path, None, {}), "add mood")
    assert failed.value.hint.startswith("Write its UP first: migrate-hooks new 'add mood'.")


def test_a_file_that_may_not_be_written_is_said_before_anything_runs(shop: Repo) -> None:
    (shop.path / "real.sql").write_text("-- Up\nCREATE TABLE t (id int);\n-- Down\n")
    (shop.path / NEXT).symlink_to(shop.path / "real.sql")
    with pytest.raises(Refused, match=f"{NEXT} is a link"):
        new_down.run(load(shop.path, None, {}), "next")
