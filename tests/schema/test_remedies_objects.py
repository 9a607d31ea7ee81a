"""Remedies of everything that is no table, on a real server: there, and the way back."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema import repair
from migrate_hooks.schema.snapshot import take
from migrate_hooks.sql.forms import quoted
from tests import databases
from tests.schema.remedying import lead
from tests.schema.test_drift_cases import CASES, EMPTY, ROLES

PAIRS = CASES.with_name("pairs")
BARE = f'DROP SCHEMA IF EXISTS app, "App. 2" CASCADE; {EMPTY}'
ODD = 'Odd "role" 🐘.'
# Cases of these are only about what is in schemas, so that each can have one of its own.
IN_SCHEMAS = (
    "aggregate",
    "cast",
    "collation",
    "comment",
    "composite_type",
    "domain",
    "enum",
    "function",
    "grant",
    "operator",
    "operator_class",
    "operator_family",
    "owner",
    "range_type",
    "text_search_configuration",
    "text_search_dictionary",
)
IN_DATABASES = (
    "default_privilege",
    "event_trigger",
    "extension",
    "foreign_data_wrapper",
    "foreign_server",
    "publication",
    "published_schema",
    "subscription",
    "user_mapping",
)
# The same two schemas the other way round, what a password is needed for, and an extension whose
# versions have no way from one to the other.
LEFT_OUT = {"unexpected", "renamed", "extension/version", "subscription/missing"}


@contextmanager
def pair(server: Server) -> Iterator[tuple[Session, Session]]:
    made = databases.make(server), databases.make(server)
    for role in (*ROLES, ODD):
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            made[0].run(f"CREATE ROLE {quoted(role)}")
    with ExitStack() as stack:
        here, there = (stack.enter_context(postgres.session(one.target())) for one in made)
        yield here, there
        here.run(BARE)
        there.run(BARE)
    for each in made:
        databases.drop(server, each)


@pytest.fixture(scope="module")
def sessions(server: Server) -> Iterator[tuple[Session, Session]]:
    with pair(server) as made:
        yield made


def cases(kinds: Iterable[str]) -> list[Path]:
    found = sorted(case for kind in kinds for case in (CASES / kind).iterdir())
    return [each for each in found if not is_left_out(each)]


def pairs(room: str) -> list[Path]:
    """Return what remedies need beyond the cases, which show one difference each."""
    return sorted((PAIRS / room).iterdir())


def is_left_out(case: Path) -> bool:
    return not LEFT_OUT.isdisjoint({case.name, f"{case.parent.name}/{case.name}"})


def in_own_schema(folder: Path, side: str) -> str:
    """Return the SQL of one side in a schema that is called as its folder."""
    own, text = f'"{folder.parent.name}/{folder.name}"', (folder / f"{side}.sql").read_text()
    moved = text.replace("public.", f"{own}.")
    return f"CREATE SCHEMA {own}; SET search_path = {own}, public;\n{moved}"


def is_led_there_and_back(here: Session, there: Session, sides: tuple[str, str]) -> None:
    here.run(BARE + sides[0])
    there.run(BARE + sides[1])
    first, second = take(here, "dev"), take(there, "dev")
    for start, end in ((first, second), (second, first)):
        for each in lead(here, start, end):
            if not each.reason:
                here.run(each.sql)
        assert repair.differences(take(here, "dev"), end) == ()


def test_everything_in_schemas_becomes_the_other_and_is_led_back(server: Server) -> None:
    folders = (*cases(IN_SCHEMAS), *pairs("in_schemas"))
    with pair(server) as (here, there):
        source, target = (
            "".join(in_own_schema(folder, side) for folder in folders)
            for side in ("source", "target")
        )
        is_led_there_and_back(here, there, (source, target))


@pytest.mark.parametrize(
    "folder",
    [
        *cases(IN_DATABASES),
        *pairs("in_databases"),
    ],
    ids=lambda folder: f"{folder.parent.name}/{folder.name}",
)
def test_what_is_in_no_schema_becomes_the_other_and_is_led_back(
    folder: Path, sessions: tuple[Session, Session]
) -> None:
    source, target = ((folder / f"{side}.sql").read_text() for side in ("source", "target"))
    is_led_there_and_back(*sessions, (source, target))
