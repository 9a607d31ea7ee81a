"""squawk's findings after our judgement: what stays, what is proved wrong, what it weighs."""

from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.errors import ConfigProblem, Failure
from migrate_hooks.layouts import detect
from migrate_hooks.lint.base import Rule
from migrate_hooks.lint.hazards import HAZARDS
from migrate_hooks.lint.run import RULES
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import files, squawk
from migrate_hooks.registry import collect
from tests.lint.world import PATH, lint, places, settings

# Our own rules that tell a hazard in squawk's place are tested with the rules.
OURS = tuple(
    rule.name
    for rule in collect(RULES, "RULE", Rule).values()
    if any(code.startswith("squawk/") for code in rule.replaces)
)
QUIET = LintSettings(style=False, down="optional", exclude_rules=OURS)


def safety(sql: str, **words: Any) -> list[tuple[str, str]]:
    """Return (rule, severity) of squawk's findings for one file of UP only."""
    found = lint(sql, lint=QUIET, **words)
    return [
        (one.code.removeprefix("squawk/"), str(one.severity))
        for one in found
        if one.code.startswith("squawk/")
    ]


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("CREATE INDEX i ON t (a);", "require-concurrent-index-creation"),
        ("DROP INDEX i;", "require-concurrent-index-deletion"),
        ("REINDEX TABLE t;", "require-concurrent-reindex"),
        ("ALTER TABLE t DETACH PARTITION p;", "require-concurrent-partition-detach"),
        (
            "SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a);",
            "ban-concurrent-index-creation-in-transaction",
        ),
        ("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u;", "adding-foreign-key-constraint"),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1);", "constraint-missing-not-valid"),
        ("ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);", "disallowed-unique-constraint"),
        ("ALTER TABLE t ADD PRIMARY KEY (a);", "adding-serial-primary-key-field"),
        ("ALTER TABLE t ALTER a SET NOT NULL;", "adding-not-nullable-field"),
        ("ALTER TABLE t ADD COLUMN a text NOT NULL;", "adding-required-field"),
        ("ALTER TABLE t ADD COLUMN a float DEFAULT random();", "adding-field-with-default"),
        ("ALTER TABLE t ALTER a TYPE bigint;", "changing-column-type"),
        ("ALTER TABLE t DROP COLUMN a;", "ban-drop-column"),
        ("DROP TABLE t;", "ban-drop-table"),
        ("DROP SCHEMA s CASCADE;", "ban-drop-schema"),
        ("DROP DATABASE d;", "ban-drop-database"),
        ("TRUNCATE t CASCADE;", "ban-truncate-cascade"),
        ("ALTER TABLE t RENAME a TO b;", "renaming-column"),
        ("ALTER TABLE t RENAME TO u;", "renaming-table"),
        ("ALTER TABLE t SET SCHEMA s;", "ban-set-schema"),
    ],
)
def test_a_hazard_for_an_old_table_is_critical_once_and_names_what_it_is_about(
    sql: str, rule: str
) -> None:
    assert safety(sql) == [(rule, "critical")]
    (found,) = (one for one in lint(sql, lint=QUIET) if one.code == f"squawk/{rule}")
    assert "{" not in found.message + found.hint
    assert f" {sql.split()[2].rstrip(';')}" in f" {found.message}" or " t" in found.message


def test_every_hazard_of_the_table_is_provoked_above() -> None:
    provoked = test_a_hazard_for_an_old_table_is_critical_once_and_names_what_it_is_about
    (mark,) = provoked.pytestmark  # type: ignore[attr-defined]
    assert {rule for _, rule in mark.args[1]} == set(HAZARDS)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE INDEX i ON public.t (a);",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u;",
        "ALTER TABLE public.t ADD CONSTRAINT c UNIQUE (a);",
        "ALTER TABLE t ALTER a SET NOT NULL;",
        "ALTER TABLE t DROP COLUMN a;",
        "DROP TABLE t;",
    ],
)
@pytest.mark.parametrize("is_judged", [True, False])
def test_a_table_that_an_unreleased_migration_creates_has_no_readers(
    change: str, is_judged: bool
) -> None:
    maker, changer = "migrations/20260101000000_t.sql", "migrations/20260102000000_change.sql"
    texts = {maker: "CREATE TABLE t (a bigint);\n", changer: f"{change}\n"}
    read = {path: files.decode(path, text.encode()) for path, text in texts.items()}
    judged, siblings = (read, {}) if is_judged else ({changer: read.pop(changer)}, read)
    found = lint_texts(settings(lint=QUIET), detect.by_name("sections"), judged, siblings=siblings)
    assert [one.code for one in found] == []


def test_a_table_of_a_released_migration_has_readers() -> None:
    maker, changer = "migrations/20260101000000_t.sql", "migrations/20260102000000_change.sql"
    texts = {maker: "CREATE TABLE t (a bigint);\n", changer: "CREATE INDEX i ON t (a);\n"}
    read = {path: files.decode(path, text.encode()) for path, text in texts.items()}
    found = lint_texts(
        settings(lint=QUIET), detect.by_name("sections"), read, known=[maker], released=[maker]
    )
    assert [one.code for one in found] == ["squawk/require-concurrent-index-creation"]


def test_an_index_of_an_unreleased_migration_is_dropped_freely() -> None:
    assert safety("CREATE TABLE t (a bigint);\nCREATE INDEX i ON t (a);\nDROP INDEX i;") == []


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t ADD COLUMN a text;",  # would be told to guard itself and to set timeouts
        "BEGIN;\nALTER TABLE t ADD COLUMN a text;\nCOMMIT;",
        "CREATE INDEX CONCURRENTLY i ON t (a);",
        "-- migrate-hooks: no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);",
    ],
)
def test_what_our_runner_does_itself_is_not_asked_for(sql: str) -> None:
    assert safety(sql) == []


def test_a_run_without_transaction_must_be_repeatable() -> None:
    sql = "-- migrate-hooks: no-transaction\nALTER TABLE t ADD COLUMN a text;\nSELECT 1;"
    assert safety(sql) == [("prefer-robust-stmts", "warning")]


def test_taste_is_only_told_who_asks() -> None:
    assert safety("CREATE TABLE t (a int);") == [("prefer-bigint-over-int", "info")]


def test_down_is_not_judged_and_up_keeps_its_lines() -> None:
    sql = "-- Up\nSELECT 1;\n\n  CREATE INDEX i ON t (a);\n-- Down\nDROP INDEX i;\nDROP TABLE t;\n"
    assert places(lint(sql, lint=QUIET)) == [("squawk/require-concurrent-index-creation", 4, 3)]


def test_down_above_up_is_not_judged_either() -> None:
    sql = "-- Down\nDROP TABLE t;\n-- Up\nCREATE INDEX i ON t (a);\n"
    found = [place for place in places(lint(sql, lint=QUIET)) if place[0].startswith("squawk")]
    assert found == [("squawk/require-concurrent-index-creation", 4, 1)]


def test_an_ignore_of_squawk_is_honoured() -> None:
    assert safety("-- squawk-ignore ban-drop-table\nDROP TABLE t;") == []


def test_the_repositorys_configuration_is_honoured(tmp_path: Path) -> None:
    (tmp_path / ".squawk.toml").write_text('excluded_rules = ["ban-drop-table"]\n')
    assert safety("DROP TABLE t;", root=tmp_path) == []
    (tmp_path / ".squawk.toml").write_text("excluded_rules = [")
    with pytest.raises(ConfigProblem):
        safety("DROP TABLE t;", root=tmp_path)


def test_an_excluded_rule_of_ours_is_not_reported() -> None:
    words = LintSettings(
        style=False, down="optional", exclude_rules=("data/drop-table", "squawk/*")
    )
    assert lint("DROP TABLE t;\n", lint=words) == ()


def test_a_crash_is_never_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> None:
        raise Failure("squawk ended with code -11 and gave no answer: no output")

    monkeypatch.setattr(squawk, "begin", lambda *_, **__: crash)
    (found,) = lint("SELECT 1;\n", lint=QUIET)
    assert (found.code, found.severity) == ("squawk/not-checked", Severity.CRITICAL)


def test_a_broken_file_is_reported_by_postgresql_alone() -> None:
    found = lint("CREATE TABEL t (a int);\n", lint=QUIET)
    assert [one.code for one in found] == ["structure/syntax"]


def test_a_line_break_in_a_name_forges_no_line() -> None:
    (found,) = lint('DROP TABLE "a\nclean";\n', lint=QUIET)
    assert "\n" not in found.message
    assert "a\\nclean" in found.message


def test_a_hostile_file_name_is_judged_like_any_other() -> None:
    path = "migrations/--help.sql"
    texts = {path: files.decode(path, b"DROP TABLE t;\n"), PATH: files.decode(PATH, b"SELECT 1;\n")}
    found = lint_texts(settings(lint=QUIET), detect.by_name("sections"), texts)
    assert {one.code for one in found} == {"naming/file-name", "squawk/ban-drop-table"}


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("DROP TABLE t;\nCREATE TABLE t (a bigint);", ["ban-drop-table"]),
        ("CREATE TABLE t (a bigint);\nDROP TABLE t;\nCREATE TABLE t (b bigint);", []),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;\nCREATE INDEX i ON v (a);", []),
    ],
)
def test_what_is_new_is_known_by_the_order_of_the_file(sql: str, rules: list[str]) -> None:
    assert [rule for rule, severity in safety(sql) if severity == "critical"] == rules
