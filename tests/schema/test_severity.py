"""The table of severities, and the page that shows it."""

import re
from pathlib import Path

import pytest

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import AttributeChange, Change
from migrate_hooks.outside import postgres
from migrate_hooks.schema import severity, snapshot
from migrate_hooks.schema.scope import SCOPE
from tests.databases import Database

PAGE = Path(__file__).parents[2] / "docs" / "DRIFT.md"

TYPE = AttributeChange("type", "text", "integer")
NULL = AttributeChange("not_null", "true", "false")
OFF = AttributeChange("enabled", "true", "false")
ON = AttributeChange("enabled", "false", "true")
VERSION = AttributeChange("version", "1", "2")


@pytest.mark.parametrize(
    ("change", "kind", "schema", "attributes", "expected"),
    [
        (Change.MISSING, "table", "public", (), "critical"),
        (Change.MISSING, "column", "public", (TYPE,), "critical"),
        (Change.MISSING, "policy", "public", (), "critical"),
        (Change.MISSING, "table", "private", (), "warning"),
        (Change.MISSING, "index", "public", (), "warning"),
        (Change.MISSING, "comment", "public", (), "info"),
        (Change.UNEXPECTED, "table", "public", (), "warning"),
        (Change.UNEXPECTED, "column", "public", (TYPE,), "warning"),
        (Change.CHANGED, "column", "public", (TYPE,), "critical"),
        (Change.CHANGED, "column", "public", (NULL, TYPE), "critical"),
        (Change.CHANGED, "column", "private", (TYPE,), "warning"),
        (Change.CHANGED, "column", "public", (NULL,), "warning"),
        (Change.CHANGED, "row security", "public", (OFF,), "critical"),
        (Change.CHANGED, "row security", "public", (ON,), "warning"),
        (Change.CHANGED, "row security", "private", (OFF,), "warning"),
        (Change.CHANGED, "extension", "vector", (VERSION,), "info"),
        (Change.MISSING, "extension", "vector", (VERSION,), "warning"),
    ],
)
def test_the_first_rule_that_fits_decides(
    change: Change,
    kind: str,
    schema: str,
    attributes: tuple[AttributeChange, ...],
    expected: str,
) -> None:
    found = severity.judge(change, kind, (schema, "x"), attributes, {"public"})
    assert found == Severity(expected)


def test_every_rule_speaks_of_a_kind_and_an_attribute_that_exist() -> None:
    known = {kind.name: kind.attributes for kind in snapshot.kinds()}
    for rule in severity.RULES:
        assert not rule.kind or rule.kind in known
        assert not rule.attribute or rule.attribute in known[rule.kind]


def test_the_page_shows_the_rules() -> None:
    assert severity.markdown() in PAGE.read_text(), "put severity.markdown() into docs/DRIFT.md"


def test_the_page_lists_every_kind_with_its_attributes() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| ([`a-z_, ]*) \|$", PAGE.read_text(), re.MULTILINE)
    listed = {kind: tuple(re.findall(r"`(\w+)`", cells)) for kind, cells in rows}
    assert listed == {kind.name: kind.attributes for kind in snapshot.kinds()}


def test_a_kind_compares_every_column_of_its_query(database: Database) -> None:
    with postgres.session(database.target()) as session:
        for kind in snapshot.kinds():
            for query in (kind.query, *(each for _, each in kind.newer)):
                (columns, _), *_ = session.tables(f"{SCOPE} SELECT * FROM ({query}) AS k")
                assert set(columns) == set(kind.columns), kind.name
