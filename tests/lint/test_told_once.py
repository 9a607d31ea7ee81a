"""A hazard that two linters see is told once, by the one that knows more."""

import pytest

from migrate_hooks.lint.base import Rule
from migrate_hooks.lint.hazards import RULES as SQUAWK
from migrate_hooks.lint.run import RULES
from migrate_hooks.model.finding import FilePlace
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.registry import collect
from tests.lint.world import lint

QUIET = LintSettings(style=False, down="optional")


def told(sql: str, settings: LintSettings = QUIET) -> list[tuple[str, int]]:
    return [
        (one.code, one.place.line)
        for one in lint(sql, lint=settings)
        if isinstance(one.place, FilePlace)
    ]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ALTER a TYPE bigint;\n", [("locks/type-change", 1)]),
        ("ALTER TABLE t\n  ALTER a TYPE varchar(9);\n", [("locks/type-change", 2)]),
        ("ALTER TABLE t ALTER a SET NOT NULL;\n", [("locks/set-not-null", 1)]),
        ("ALTER TABLE t ALTER a TYPE bigint,\n  ALTER b TYPE date;\n", [("locks/type-change", 1)]),
        ("CREATE INDEX i ON t (a);\n", [("locks/index-build", 1)]),
        ("ALTER DOMAIN d ADD CHECK (VALUE > 0);\n", [("locks/domain", 1)]),
        (
            "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\n",
            [("locks/in-transaction", 2)],
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\n"
            "ALTER TABLE t VALIDATE CONSTRAINT c;\n",
            [("locks/work-after-lock", 2)],
        ),
        ("ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid();\n", [("locks/rewrite", 1)]),
    ],
)
def test_ours_is_told_in_place_of_squawks(sql: str, expected: list[tuple[str, int]]) -> None:
    assert told(sql) == expected


def test_only_the_same_statement_counts() -> None:
    sql = "ALTER TABLE t ALTER a TYPE bigint;\nALTER TABLE t DROP COLUMN b;\n"
    assert ("locks/type-change", 1) in told(sql)
    assert any(line == 2 and code != "locks/several-alters" for code, line in told(sql))


def test_without_our_rule_squawk_is_heard() -> None:
    words = LintSettings(style=False, down="optional", exclude_rules=("locks/type-change",))
    assert told("ALTER TABLE t ALTER a TYPE bigint;\n", words) == [
        ("squawk/changing-column-type", 1)
    ]


def test_what_is_replaced_exists() -> None:
    ours = collect(RULES, "RULE", Rule).values()
    known = {rule.name for rule in ours} | {f"squawk/{name}" for name in SQUAWK}
    assert {code for rule in ours for code in rule.replaces} <= known


@pytest.mark.parametrize(
    ("sql", "codes"),
    [
        ("ALTER TABLE t ADD COLUMN a serial NOT NULL;", ["locks/rewrite"]),
        ("CREATE TABLE u (id bigint PRIMARY KEY);\nALTER TABLE t ADD a bigint REFERENCES u;", []),
        ("ALTER INDEX a RENAME TO b;", []),
        ("ALTER TABLE t RENAME TO u;\nCREATE VIEW t AS SELECT * FROM u;", []),
        ("ALTER TABLE t RENAME TO u;", ["data/rename"]),
        ("DROP SCHEMA s;", []),
        ("DROP TABLE t;\nCREATE TABLE t (a bigint);", ["data/drop-table"]),
        (
            "ALTER TABLE t RENAME TO u;\nCREATE INDEX i ON u (a);",
            ["data/rename", "locks/index-build"],
        ),
        ("ALTER TABLE t DROP CONSTRAINT t_pkey;", ["data/drop-primary-key"]),
        (
            "ALTER TABLE t ADD CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT t_check;",
            ["locks/work-after-lock"],
        ),
    ],
)
def test_a_hazard_is_named_once_and_only_where_it_is_one(sql: str, codes: list[str]) -> None:
    found = [one for one in lint(f"{sql}\n", lint=QUIET) if one.severity != "info"]
    assert [one.code for one in found] == codes
