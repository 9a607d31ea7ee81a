"""A snapshot is the same for every role, every search path and every server version."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from migrate_hooks.errors import ConnectionLost
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.schema import snapshot
from migrate_hooks.schema.compare import compare
from tests import databases
from tests.databases import Database

RICH = (Path(__file__).parent / "rich.sql").read_text()
STRANGER = "drift_stranger"


def take(database: Database) -> Snapshot:
    with postgres.session(database.target("dev")) as session:
        return snapshot.take(session, "dev")


def identities(found: Snapshot, kind: str) -> set[tuple[str, ...]]:
    return {each.identity for each in found.objects if each.kind == kind}


@pytest.fixture
def stranger(database: Database) -> Iterator[Database]:
    """The same database for a role that may connect and nothing else."""
    database.run(f'CREATE ROLE "{STRANGER}_{database.name}" LOGIN')
    database.run("REVOKE ALL ON SCHEMA public FROM public")
    yield Database(database.name, {**database.parameters, "user": f"{STRANGER}_{database.name}"})
    database.run(f'DROP ROLE "{STRANGER}_{database.name}"')


def test_every_query_gives_texts_that_identify(database: Database) -> None:
    database.run(RICH)
    found = take(database)
    assert found.unchecked == ()
    # PostgreSQL 14 knows no published schemas; a subscription would keep its database
    elsewhere = {"published schema", "subscription"}
    everything = {kind.name for kind in snapshot.kinds()}
    assert {each.kind for each in found.objects} == everything - elsewhere
    repeated = Counter((each.kind, each.identity) for each in found.objects)
    assert repeated.most_common(1)[0][1] == 1
    for each in found.objects:
        values = [*each.identity, *(value for _, value in each.attributes if value is not None)]
        assert all(isinstance(value, str) for value in values), each


def test_what_no_kind_describes_is_counted(database: Database) -> None:
    database.run(
        "CREATE TRUSTED LANGUAGE one HANDLER pg_catalog.plpgsql_call_handler;"
        "CREATE CONVERSION c1 FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;"
        "CREATE CONVERSION c2 FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;"
        "CREATE TYPE mine"
    )
    assert set(take(database).unmodelled) == {("language", 1), ("conversion", 2)}


def test_two_majors_give_the_same_snapshot(database: Database, database16: Database) -> None:
    database.run(RICH)
    database16.run(RICH)
    new, old = take(database), take(database16)
    assert compare(new, old, {"public"}) == ()
    assert set(new.objects) == set(old.objects)


def test_a_role_without_grants_sees_what_the_owner_sees(
    database: Database, stranger: Database
) -> None:
    database.run(RICH)
    seen = take(stranger)
    assert seen.unchecked == ()
    assert set(seen.objects) == set(take(database).objects)


def test_settings_of_a_database_change_nothing(
    database: Database, second_database: Database
) -> None:
    database.run(RICH)
    second_database.run(RICH)
    for setting in (
        "search_path = app, public",
        "quote_all_identifiers = on",
        "timezone = 'Asia/Kathmandu'",
        "datestyle = 'SQL, DMY'",
        "intervalstyle = 'iso_8601'",
        "extra_float_digits = -5",
        "bytea_output = 'escape'",
    ):
        second_database.run(f"ALTER DATABASE {second_database.name} SET {setting}")
    assert set(take(database).objects) == set(take(second_database).objects)


def test_a_hostile_search_path_runs_nothing(database: Database) -> None:
    database.run(
        """
        CREATE TABLE public.touched (by text);
        CREATE FUNCTION public.fooled(text) RETURNS text LANGUAGE sql AS
            $$ INSERT INTO public.touched VALUES ('fooled'); SELECT $1 $$;
        CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS
            'SELECT public.fooled($1::text)';
        CREATE FUNCTION public.same(name, text) RETURNS boolean LANGUAGE sql AS
            'SELECT public.fooled($2) IS NULL';
        CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.same);
        CREATE VIEW public.pg_class AS SELECT 1 AS x;
        CREATE FUNCTION public.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS
            'SELECT public.fooled($1)';
        """
    )
    database.run(f"ALTER DATABASE {database.name} SET search_path = public, pg_catalog")
    found = take(database)
    assert found.unchecked == ()
    assert ("public", "lower", "(character varying)") in identities(found, "function")
    assert database.run("SELECT count(*) FROM public.touched") == [(0,)]


@pytest.mark.parametrize(
    "name", ['a"b', "a.b", "new\nline", "'; DROP TABLE x; --", "%s %I", "é" * 31, "(x)", " ", "\\"]
)
def test_hostile_names_are_read_as_they_are(name: str, database: Database) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    database.run(
        f"CREATE SCHEMA {quoted};"
        f"CREATE TABLE {quoted}.{quoted} ({quoted} int PRIMARY KEY);"
        f"ALTER TABLE {quoted}.{quoted} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {quoted} ON {quoted}.{quoted} USING ({quoted} > 0);"
        f"CREATE TYPE {quoted}.e AS ENUM ($${name}$$);"
        f"CREATE FUNCTION {quoted}.{quoted}(a {quoted}.e) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    )
    found = take(database)
    assert found.unchecked == ()
    assert identities(found, "column") == {(name, name, name)}
    assert identities(found, "policy") == {(name, name, name)}
    assert {each[:2] for each in identities(found, "function")} == {(name, name)}


def test_the_snapshot_is_of_one_moment_and_changes_nothing(database: Database) -> None:
    with postgres.session(database.target()) as session:
        before = session.value("SHOW search_path")
        snapshot.take(session, "dev")
        assert not session.in_transaction
        assert session.value("SHOW search_path") == before


def test_of_what_is_locked_only_what_waits_for_it_is_unread(database: Database) -> None:
    """A locked view, and a locked table: all kinds are read, those of other tables too."""
    database.run(
        f"""{RICH}
        CREATE TABLE public.busy (id int, note text); CREATE INDEX busy_note ON public.busy (note);
        CREATE TABLE public.calm (id int); CREATE INDEX calm_id ON public.calm (id);
        CREATE POLICY own ON public.busy USING (id > 0);
        CREATE POLICY own ON public.calm USING (id > 0);
        CREATE VIEW public.over_busy AS SELECT id FROM public.busy;
        CREATE VIEW public.over_calm AS SELECT id FROM public.calm;
        CREATE VIEW public.alone AS SELECT 1 AS one
        """
    )
    whole = take(database)
    with closing(database.connect()) as other:
        other.execute("BEGIN; LOCK TABLE public.busy, public.alone IN ACCESS EXCLUSIVE MODE")
        found = take(database)
    unread = {one.kind: one for one in found.unchecked}
    assert unread["view"].tables == (("public", "alone"), ("public", "over_busy"))
    assert unread["index"].tables == (("public", "busy"),)
    assert "lock" in unread["view"].reason
    missing = {one.identity for one in set(whole.objects) - set(found.objects)}
    assert missing - {("public", "busy", "own")} == {
        ("public", "alone"), ("public", "over_busy"), ("public", "busy", "busy_note")
    }  # fmt: skip
    # What could not be read is not compared, so nothing is missing; what was read is.
    assert compare(whole, found, {"public"}) == ()
    calmer = replace(
        found, objects=tuple(one for one in found.objects if "over_calm" not in one.identity)
    )
    changed = compare(whole, calmer, {"public"})
    assert [one.identity for one in changed] == [("public", "over_calm")]


def test_text_that_is_no_utf8_makes_its_kind_unchecked(database: Database, server: Server) -> None:
    name = f"{database.name}_ascii"
    database.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII'")
    latin = Database(name, {**database.parameters, "dbname": name})
    try:
        with closing(latin.connect()) as connection:
            connection.execute(b"SET client_encoding TO SQL_ASCII")
            connection.execute(b"CREATE TYPE \"gr\xf6sse\" AS ENUM ('gro\xdf')")
            connection.execute(b"CREATE TABLE plain (id int)")
        found = take(latin)
    finally:
        databases.drop(server, latin)
    assert [each.kind for each in found.unchecked] == ["enum", "grant", "owner"]
    assert "invalid byte sequence" in found.unchecked[0].reason
    assert identities(found, "table") == {("public", "plain")}


def test_a_lost_connection_is_not_an_empty_snapshot(database: Database) -> None:
    with postgres.session(database.target()) as session:
        pid = session.value("SELECT pg_catalog.pg_backend_pid()")
        database.run(f"SELECT pg_terminate_backend({pid}, 5000)")
        with pytest.raises(ConnectionLost):
            snapshot.take(session, "dev")


def test_names_of_one_database_share_an_address(
    database: Database, second_database: Database, database16: Database
) -> None:
    def address(of: Database, **changes: str) -> tuple[str, ...]:
        target = replace(of.target(), parameters={**of.parameters, **changes})
        with postgres.session(target) as session:
            return snapshot.address(session)

    assert address(database) == address(database, application_name="another")
    assert len({address(each) for each in (database, second_database, database16)}) == 3


def test_a_thousand_tables_are_read_at_once(database: Database) -> None:
    database.run(
        """
        DO $$ BEGIN
            FOR n IN 1..1000 LOOP
                EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text, b text)', n);
            END LOOP;
        END $$
        """
    )
    found = take(database)
    assert len(identities(found, "table")) == 1000
    assert len(identities(found, "column")) == 3000
    assert compare(found, found, {"public"}) == ()


def test_what_there_is_no_time_for_is_not_checked_and_not_missing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table is locked, so everything is asked alone; by then the clock says it is too late."""
    database.run("CREATE TABLE locked (id int); CREATE VIEW seen AS SELECT id FROM locked")
    clock = count(step=1000)
    monkeypatch.setattr("migrate_hooks.schema.snapshot.time.monotonic", lambda: next(clock))
    with database.connect() as other, other.transaction():
        other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
        with postgres.session(database.target()) as session:
            found = snapshot.take(session, "dev", seconds=1)
    assert {one.kind for one in found.unchecked} >= {"column", "table"}
    assert {one.reason for one in found.unchecked} == {"there was no time left for it"}
    assert found.objects == ()
