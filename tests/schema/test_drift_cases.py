"""Every kind against real servers: two schemas in, the differences out.

A case is a folder `cases/<kind>/<case>` with source.sql, target.sql and expected.txt.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from migrate_hooks.model.schema import Change, Difference, Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.registry import member_names
from migrate_hooks.schema.compare import compare
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.snapshot import take
from tests import databases
from tests.databases import Database

CASES = Path(__file__).parent / "cases"
# Roles are the server's, which other tests share: they stay, and may be there already.
ROLES = ("reader", "guest", "writer")
EMPTY = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT subname FROM pg_subscription
        WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    LOOP
        EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', one.subname);
        EXECUTE format('DROP SUBSCRIPTION %I', one.subname);
    END LOOP;
    FOR one IN SELECT format('DROP PUBLICATION %I', pubname) AS words FROM pg_publication
        UNION ALL SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
        UNION ALL SELECT format('DROP FOREIGN DATA WRAPPER %I CASCADE', fdwname)
            FROM pg_foreign_data_wrapper
        UNION ALL SELECT format('DROP OWNED BY %I', rolname) FROM pg_roles
            WHERE rolname IN ('reader', 'guest', 'writer')
    LOOP
        EXECUTE one.words;
    END LOOP;
END $$;
DROP SCHEMA IF EXISTS public, app, app2 CASCADE;
CREATE SCHEMA public;
DELETE FROM pg_default_acl;
DELETE FROM pg_seclabel;
"""
NAMES = sorted(path.parent.relative_to(CASES).as_posix() for path in CASES.rglob("source.sql"))


def snapshot(database: Database, environment: str = "dev") -> Snapshot:
    with postgres.session(database.target(environment)) as session:
        return take(session, environment)


def shown(differences: tuple[Difference, ...]) -> str:
    return "".join(line for each in differences for line in lines(each))


def lines(difference: Difference) -> list[str]:
    head = f"{difference.severity.upper()} {difference.change} {difference.kind}"
    values = [
        f"  {each.name}: {each.source} -> {each.target}".replace("\n", "\\n")
        for each in difference.attributes
        if difference.change == Change.CHANGED
    ]
    return [f"{line}\n" for line in (f"{head} {dotted(difference.identity)}", *values)]


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[tuple[Database, Database]]:
    """Two databases for all cases: making one takes longer than emptying it."""
    made = databases.make(server), databases.make(server)
    for role in ROLES:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            made[0].run(f"CREATE ROLE {role}")
    yield made
    for each in made:
        each.run(EMPTY)
        databases.drop(server, each)


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_planted_difference_is_found(
    name: str, pair: tuple[Database, Database]
) -> None:
    for database, side in zip(pair, ("source", "target"), strict=True):
        database.run(EMPTY + (CASES / name / f"{side}.sql").read_text())
    source, target = map(snapshot, pair)
    assert (source.unchecked, target.unchecked) == ((), ())
    found = shown(compare(source, target, {"public"}))
    assert found == (CASES / name / "expected.txt").read_text()


def test_every_kind_has_cases() -> None:
    tested = {name.partition("/")[0] for name in NAMES}
    assert tested == set(member_names("migrate_hooks.schema.kinds"))
