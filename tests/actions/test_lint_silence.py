"""What the engines' own configuration leaves out is no secret: `lint --verbose` says it."""

import pytest

from migrate_hooks.actions import lint
from migrate_hooks.config.load import load
from migrate_hooks.lint import switched_off
from migrate_hooks.model.finding import FilePlace, Severity
from tests.program import Program
from tests.repo import Repo

FILE = "migrations/20260101000000_create_orders.sql"
TEXT = "-- Up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- Down\nDROP TABLE orders;\n"
SQUAWK = 'pg_version = "16.0"\nexcluded_rules = [\n  "ban-drop-table",\n  "prefer-text-field",\n]\n'
SQLFLUFF = "[sqlfluff]\ndialect = postgres\nexclude_rules = CP01,\n    LT12\n"


def test_lists_are_told_with_their_place(repo: Repo) -> None:
    repo.write(FILE, TEXT)
    repo.write(".squawk.toml", SQUAWK)
    repo.write(".sqlfluff", SQLFLUFF)
    repo.write("migrations/.sqlfluff", "[sqlfluff]\nrules = CP01\n")
    report = lint.run(load(repo.path, None, {}), (), False, None, True)
    told = {one.message: one.place for one in report.findings if one.code == switched_off.CODE}
    left = "they are not reported here."
    assert told == {
        f".squawk.toml leaves out squawk's ban-drop-table, prefer-text-field: {left}": FilePlace(
            ".squawk.toml", 2
        ),
        f".sqlfluff leaves out sqlfluff's CP01, LT12: {left}": FilePlace(".sqlfluff", 3),
        "migrations/.sqlfluff judges only by sqlfluff's CP01: no other style is reported here.": (
            FilePlace("migrations/.sqlfluff", 2)
        ),
    }
    assert {one.severity for one in report.findings} == {Severity.INFO}
    program = Program(repo.path)
    assert ".squawk.toml" in program("lint", "--verbose").stdout
    assert ".squawk.toml" not in program("lint").stdout


def test_an_engine_that_is_off_has_nothing_to_leave_out(repo: Repo) -> None:
    repo.write(FILE, TEXT)
    repo.write(".squawk.toml", SQUAWK)
    repo.write(".sqlfluff", SQLFLUFF)
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\nsafety = false\n")
    assert lint.run(load(repo.path, None, {}), (), False, None, True).findings == ()


@pytest.mark.parametrize(
    "text",
    ["", "pg_version = '16.0'\n", "excluded_rules = []\n", "not toml", "excluded_rules = 3\n"],
)
def test_a_squawk_configuration_without_lists_is_no_news(text: str) -> None:
    assert list(switched_off.of_squawk("x", text)) == []


@pytest.mark.parametrize(
    "text",
    ["", "[sqlfluff]\ndialect = postgres\n", "no section\n", "[sqlfluff]\nexclude_rules = None\n"],
)
def test_a_sqlfluff_configuration_without_lists_is_no_news(text: str) -> None:
    assert list(switched_off.of_sqlfluff("x", text)) == []
