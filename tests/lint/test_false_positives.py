"""What squawk calls a hazard and is none: each case is found by squawk, and not told by us."""

from pathlib import Path

import pytest

from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.layouts import detect
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import files, squawk
from tests.lint.world import PATH, lint, settings

QUIET = LintSettings(style=False, down="optional")
NO_TRANSACTION = "-- migrate-hooks: no-transaction\n"


def told(sql: str) -> list[str]:
    return [one.code for one in lint(sql, lint=QUIET) if one.severity != Severity.INFO]


def by_squawk(sql: str) -> set[str]:
    found = squawk.begin({PATH: sql}, in_transaction=not sql.startswith(NO_TRANSACTION))()
    return {one.rule for one in found}


NEW_TABLES = [
    ("CREATE TABLE t (id bigint);", "CREATE INDEX i ON public.t (id);"),
    ("CREATE TABLE public.t (id bigint);", "CREATE INDEX i ON t (id);"),
    ('CREATE TABLE "public"."t" (id bigint);', "ALTER TABLE t ALTER id SET NOT NULL;"),
    ("CREATE TABLE T (id bigint);", 'ALTER TABLE public."t" ADD CONSTRAINT c CHECK (id > 0);'),
    ("CREATE TABLE public.t (id bigint);", "ALTER TABLE t ADD CONSTRAINT c UNIQUE (id);"),
    ("CREATE TABLE public.t (id bigint);", "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u;"),
]


@pytest.mark.parametrize(("maker", "change"), NEW_TABLES)
def test_a_table_of_the_same_file_is_new_however_it_is_spelled(maker: str, change: str) -> None:
    assert by_squawk(f"{maker}\n{change}\n")
    assert told(f"{maker}\n{change}\n") == []


@pytest.mark.parametrize(("maker", "change"), NEW_TABLES)
def test_a_table_of_another_unreleased_migration_is_new(maker: str, change: str) -> None:
    texts = {"migrations/20260101000000_t.sql": maker, PATH: change}
    read = {path: files.decode(path, f"{text}\n".encode()) for path, text in texts.items()}
    found = lint_texts(settings(lint=QUIET), detect.by_name("sections"), read)
    assert [one.code for one in found if one.severity != Severity.INFO] == []
    assert by_squawk(change)


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        (
            "ALTER TABLE t ALTER a SET NOT NULL;\nALTER TABLE t DROP CONSTRAINT t_a_not_null;\n",
            "ban-drop-constraint",
        ),
        (
            "ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT a_check;\n",
            "adding-not-nullable-field",
        ),
        (
            "ALTER TABLE t ADD COLUMN a bigint GENERATED ALWAYS AS (b * 2) VIRTUAL;\n",
            "adding-field-with-default",
        ),
        ("ALTER TABLE t ALTER a TYPE text;\n", "changing-column-type"),
        ("ALTER TYPE t ALTER ATTRIBUTE a TYPE bigint;\n", "changing-column-type"),
        ("CREATE INDEX i ON ONLY t (a);\n", "require-concurrent-index-creation"),
        ("ALTER TABLE t ALTER a TYPE text USING a::text;\n", "changing-column-type"),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED;\n",
            "constraint-missing-not-valid",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u NOT ENFORCED;\n",
            "adding-foreign-key-constraint",
        ),
        ("ALTER TABLE t ADD COLUMN a text;\n", "require-lock-timeout"),
        ("ALTER TABLE t ADD COLUMN a text;\n", "require-statement-timeout"),
        (
            NO_TRANSACTION + "CREATE INDEX CONCURRENTLY i ON t (a);\n",
            "prefer-robust-stmts",
        ),
    ],
)
def test_what_squawk_says_is_proved_wrong(sql: str, rule: str, tmp_path: Path) -> None:
    assert rule in by_squawk(sql)
    assert told(sql) == []


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t DROP CONSTRAINT c;\n",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);\n",
        "ALTER TABLE t ADD CONSTRAINT a CHECK (a > 0) NOT ENFORCED, ADD CHECK (b > 0);\n",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u;\n",
        "ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL, DROP CONSTRAINT t_a_check;\n",
        "ALTER TABLE t ALTER a TYPE text, ALTER b TYPE bigint;\n",
    ],
)
def test_what_is_only_half_wrong_or_right_stays(sql: str) -> None:
    assert told(sql)
