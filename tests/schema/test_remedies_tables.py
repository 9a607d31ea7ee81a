"""Remedies of tables and of what belongs to them, on a real server: there, and the way back."""

from collections.abc import Iterator

import pytest

from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from tests import databases
from tests.databases import Database
from tests.schema.remedying import lead
from tests.schema.test_drift_cases import CASES, snapshot

KINDS = (
    "check_constraint",
    "column",
    "exclusion_constraint",
    "foreign_key",
    "index",
    "materialized_view",
    "policy",
    "primary_key",
    "published_table",
    "row_security",
    "rule",
    "sequence",
    "statistics",
    "table",
    "trigger",
    "unique_constraint",
    "view",
)
NAMES = sorted(f"{kind}/{case.name}" for kind in KINDS for case in (CASES / kind).iterdir())
# What only a person can decide, or nothing can bring about.
LEFT = ("table/column_order",)


def in_schema_of_its_own(name: str, sql: str) -> str:
    """Put a case where it meets no other one: all of them then take one database and one run."""
    schema = name.replace("/", "_")
    moved = sql.replace("public.", f"{schema}.").replace("app.", f"{schema}_app.")
    moved = moved.replace("SCHEMA app", f"SCHEMA {schema}_app")
    moved = moved.replace("PUBLICATION p", f"PUBLICATION {schema}")
    return f"CREATE SCHEMA {schema}; SET search_path = {schema};\n{moved};\nRESET search_path;\n"


def everything(side: str) -> str:
    names = (name for name in NAMES if name not in LEFT)
    texts = ((name, (CASES / name / f"{side}.sql").read_text()) for name in names)
    return "".join(in_schema_of_its_own(*each) for each in texts)


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[tuple[Database, Database]]:
    made = databases.make(server), databases.make(server)
    yield made
    for each in made:
        databases.drop(server, each)


def test_every_case_becomes_the_other_and_is_led_back(pair: tuple[Database, Database]) -> None:
    here, there = pair
    here.run(everything("source"))
    there.run(everything("target"))
    first, second = snapshot(here), snapshot(there)
    with postgres.session(here.target("dev")) as session:
        lead(session, first, second)
        lead(session, second, first)
