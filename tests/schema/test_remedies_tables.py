"""Remedies of tables and of what belongs to them, on a real server: there, again, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.schema import repair
from migrate_hooks.schema.remedy import Piece
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
PAIRS = CASES.with_name("pairs") / "tables"
NEVER = CASES / "table" / "column_order"  # nothing can change it
FOLDERS = sorted(
    case
    for folder in (PAIRS, *(CASES / kind for kind in KINDS))
    for case in folder.iterdir()
    if case != NEVER
)


def in_a_schema_of_its_own(case: Path, sql: str) -> str:
    """Put a case where it meets no other one: all of them then take one database and one run."""
    schema = f"{case.parent.name}_{case.name}"
    moved = sql.replace("public.", f"{schema}.").replace("app.", f"{schema}_app.")
    moved = moved.replace("SCHEMA app", f"SCHEMA {schema}_app")
    moved = moved.replace("PUBLICATION p", f"PUBLICATION {schema}")
    return f"CREATE SCHEMA {schema}; SET search_path = {schema};\n{moved};\nRESET search_path;\n"


def everything(side: str) -> str:
    texts = ((case, (case / f"{side}.sql").read_text()) for case in FOLDERS)
    return "".join(in_a_schema_of_its_own(*each) for each in texts)


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[tuple[Database, Database]]:
    made = databases.make(server), databases.make(server)
    for each, side in zip(made, ("source", "target"), strict=True):
        each.run(everything(side))
    yield made
    for each in made:
        databases.drop(server, each)


def left(database: Database, want: Snapshot) -> list[str]:
    return [str(each) for each in repair.differences(snapshot(database), want)]


def test_every_case_becomes_the_other_and_is_led_back(pair: tuple[Database, Database]) -> None:
    here, there = pair
    first, second = snapshot(here), snapshot(there)
    with postgres.session(here.target("dev")) as session:
        ran = lead(session, first, second)
        lead(session, second, first)
    # What is as it should be already is not changed by the same statements.
    run_again(there, ran)
    assert left(there, second) == []


def run_again(database: Database, pieces: list[Piece]) -> None:
    with postgres.session(database.target("dev")) as session:
        for piece in pieces:
            if not piece.reason:
                session.run(piece.sql)


def test_numbers_go_on_behind_those_that_rows_have(
    database: Database, second_database: Database
) -> None:
    second_database.run("CREATE TABLE public.t (id int GENERATED ALWAYS AS IDENTITY, n int)")
    database.run("CREATE TABLE public.t (id serial, n int)")
    database.run("INSERT INTO public.t (n) SELECT * FROM generate_series(1, 5)")
    first, second = snapshot(database), snapshot(second_database)
    with postgres.session(database.target("dev")) as session:
        lead(session, first, second)
        database.run("INSERT INTO public.t (n) VALUES (6)")
        lead(session, second, first)
    assert database.run("INSERT INTO public.t (n) VALUES (7) RETURNING id") == [(7,)]
    assert database.run("SELECT count(DISTINCT id) FROM public.t") == [(7,)]
