"""Migrations run again on a scratch server: each once, whole or not at all, and nothing beside."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from migrate_hooks.actions.replay import Piece, Setup, Shot, shots
from migrate_hooks.errors import ReplayFailed
from migrate_hooks.layouts.base import script
from migrate_hooks.outside import embedded, files, grounds, scratch
from migrate_hooks.outside import shots as album
from migrate_hooks.outside.grounds import Ground
from migrate_hooks.outside.scratch import Workshop
from migrate_hooks.schema import snapshot
from migrate_hooks.sql.split import statements
from tests.databases import IDLE_SECONDS

STAMP = "CREATE TABLE public.stamp AS SELECT pg_catalog.clock_timestamp()::text AS at"
STANDINS = sorted(one.stem for one in (Path(scratch.__file__).parent / "standins").glob("*.sql"))


@pytest.fixture(autouse=True)
def cache(embedded_folder: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scratch server for each worker, so that databases can be counted."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder / f"replay-{worker_id}"))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)


@pytest.fixture
def ground() -> Ground:
    return grounds.grounds(18)[0]


@pytest.fixture
def setup(ground: Ground, request: pytest.FixtureRequest) -> Setup:
    """A setup of the test's own: what it keeps, no other test finds."""
    return Setup(
        ground, "keeper of files", "owner of it all", (piece(f"SELECT '{request.node.nodeid}'"),)
    )


def piece(sql: str, label: str = "20260101000000_x") -> Piece:
    return Piece(label, script(statements(sql), no_transaction=False))


def last(setup: Setup, *texts: str) -> Shot:
    return shots(setup, [piece(text) for text in texts], {len(texts)})[len(texts)]


def identities(shot: Shot, kind: str) -> set[tuple[str, ...]]:
    return {one.identity for one in snapshot.whole(shot.reading).objects if one.kind == kind}


@contextmanager
def at_work(setup: Setup) -> Iterator[Workshop]:
    with scratch.workshop(setup.ground, setup.worker, setup.owner, setup.search_path) as shop:
        yield shop


def databases(setup: Setup, prefix: str) -> set[str]:
    with at_work(setup) as shop:
        rows = shop.admin.rows("SELECT datname::text FROM pg_catalog.pg_database")
    return {row[0] for row in rows if row[0].startswith(prefix)}


def stamps(setup: Setup, names: set[str]) -> set[str]:
    with at_work(setup) as shop:
        found = set()
        for name in names:
            with scratch.visit(shop, name) as session:
                found.add(str(session.value("SELECT at FROM public.stamp")))
    return found


def test_what_pieces_make_is_seen_and_belongs_to_the_role_asked_for(setup: Setup) -> None:
    shot = last(setup, "CREATE TABLE public.a (id int)", "ALTER TABLE a ADD note text")
    assert identities(shot, "table") == {("public", "a")}
    assert identities(shot, "column") == {("public", "a", "id"), ("public", "a", "note")}
    owned = [one for one in snapshot.whole(shot.reading).objects if one.kind == "owner"]
    assert ("role", "keeper of files") in {pair for one in owned for pair in one.attributes}


def test_a_new_migration_on_top_runs_alone(setup: Setup) -> None:
    before = databases(setup, scratch.KEPT)
    last(setup, STAMP)
    first = databases(setup, scratch.KEPT) - before
    last(setup, STAMP, "CREATE TABLE public.b (id int)")
    second = databases(setup, scratch.KEPT) - before - first
    stamped = {name for name in first if _has_stamp(setup, name)}
    assert len(second) == 1
    assert stamps(setup, second) == stamps(setup, stamped)


def _has_stamp(setup: Setup, name: str) -> bool:
    with at_work(setup) as shop, scratch.visit(shop, name) as session:
        return bool(session.rows("SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'stamp'"))


def test_what_was_read_before_needs_no_server(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "CREATE TABLE public.a (note text DEFAULT E'tab\\there \\\\ and\\nline');"
    text += "CREATE CONVERSION public.c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1"
    first = last(setup, text)
    assert first.reading.unmodelled

    def must_not_start(*_: object) -> None:
        raise AssertionError("a server was asked")

    monkeypatch.setattr(scratch, "workshop", must_not_start)
    assert last(setup, text) == first


def test_another_role_path_or_text_is_another_database(setup: Setup) -> None:
    before = databases(setup, scratch.KEPT)
    last(setup, "CREATE TABLE public.a (id int)")
    last(setup, "CREATE TABLE public.a (id bigint)")
    last(
        Setup(setup.ground, "another", setup.owner, setup.prelude), "CREATE TABLE public.a (id int)"
    )
    path = Setup(setup.ground, setup.worker, setup.owner, setup.prelude, "public")
    last(path, "CREATE TABLE public.a (id int)")
    # Three preludes and four databases behind them.
    assert len(databases(setup, scratch.KEPT) - before) == 7


def test_a_migration_that_fails_is_named_and_nothing_of_it_is_kept(setup: Setup) -> None:
    last(setup)
    before = databases(setup, scratch.KEPT)
    with pytest.raises(ReplayFailed, match="20260101000000_x cannot be replayed on") as failed:
        last(setup, "CREATE TABLE public.a (id int)", "CREATE TABLE public.b (id nonsense)")
    assert 'type "nonsense" does not exist' in failed.value.message
    assert "scratch.prelude" in failed.value.hint
    assert databases(setup, scratch.KEPT) == before
    assert databases(setup, scratch.BUILDING) == set()


def test_what_a_killed_process_left_is_removed(setup: Setup) -> None:
    with at_work(setup) as shop:
        shop.admin.run(f"CREATE DATABASE {scratch.BUILDING}leftover")
    assert databases(setup, scratch.BUILDING) == set()


def test_a_leftover_that_subscribes_to_something_is_removed_too(setup: Setup) -> None:
    """PostgreSQL drops no such database, not even by force; it would stop every later replay."""
    subscribe = (
        'CREATE SUBSCRIPTION "odd ""one" CONNECTION \'dbname=nowhere\' PUBLICATION p'
        " WITH (connect = false)"
    )
    with at_work(setup) as shop:
        shop.admin.run(f"CREATE DATABASE {scratch.BUILDING}subscriber")
        with scratch.visit(shop, f"{scratch.BUILDING}subscriber") as session:
            session.run(subscribe)
    assert databases(setup, scratch.BUILDING) == set()


def test_the_number_of_databases_is_bounded_and_the_unused_go_first(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    last(setup, STAMP)
    mine = {name for name in databases(setup, scratch.KEPT) if _has_stamp(setup, name)}
    monkeypatch.setattr(scratch, "_MOST_DATABASES", 2)
    last(setup, STAMP, "CREATE TABLE public.b (id int)")
    left = databases(setup, scratch.KEPT)
    assert len(left) == 2
    assert mine & left


def test_two_at_once_wait_for_each_other_and_see_the_same(setup: Setup) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: last(setup, "CREATE TABLE public.a (id int)"), range(2))
    assert one == other
    assert databases(setup, scratch.BUILDING) == set()


def test_a_role_that_is_there_from_an_earlier_replay_stops_nobody(setup: Setup) -> None:
    role = "CREATE ROLE replayed_reader; CREATE TABLE public.a (id int)"
    last(setup, role)
    shot = last(setup, "SELECT 1", role)
    assert identities(shot, "table") == {("public", "a")}


def test_a_migration_that_demotes_the_role_stops_nobody(setup: Setup) -> None:
    demote = 'ALTER ROLE "keeper of files" NOSUPERUSER'
    last(setup, demote)
    assert last(setup, "SELECT 2", demote, "CREATE TABLE public.a (id int)")


def test_statements_that_need_no_transaction_run_outside_of_one(setup: Setup) -> None:
    shot = last(
        setup, "CREATE TABLE public.a (id int)", "CREATE INDEX CONCURRENTLY i ON public.a (id)"
    )
    assert ("public", "a", "i") in identities(shot, "index")


def test_settings_of_one_migration_do_not_reach_the_next(setup: Setup) -> None:
    shot = last(setup, "CREATE SCHEMA s; SET search_path = s", "CREATE TABLE a (id int)")
    assert identities(shot, "table") == {("public", "a")}


@pytest.mark.parametrize(
    "sql",
    [
        "COPY public.a FROM PROGRAM 'id'",
        "DO $$ BEGIN EXECUTE 'COPY a TO PROGRAM ''id'''; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'",
        "CREATE FUNCTION f() RETURNS int AS 'import os' LANGUAGE plpython3u",
        "SELECT pg_read_file('/etc/passwd')",
        "ALTER SYSTEM SET archive_command = 'id'",
    ],
)
def test_what_reaches_out_of_the_database_is_not_run(sql: str, setup: Setup) -> None:
    with pytest.raises(ReplayFailed, match="it is not replayed"):
        last(setup, "CREATE TABLE public.a (id int)", sql)


@pytest.mark.parametrize("name", STANDINS)
def test_every_standin_is_an_extension_and_is_told_from_the_real_one(
    name: str, setup: Setup
) -> None:
    shot = last(setup, f'CREATE EXTENSION IF NOT EXISTS "{name}"')
    assert shot.standins == (name,)
    assert identities(shot, "function") == set()


def test_an_extension_without_a_standin_is_said(setup: Setup) -> None:
    with pytest.raises(ReplayFailed, match="postgis") as failed:
        last(setup, "CREATE EXTENSION postgis")
    assert failed.value.extension
    assert "--pg-bindir" in failed.value.hint


def test_the_prelude_of_supabase_carries_policies_triggers_and_functions(ground: Ground) -> None:
    text = (Path(files.__file__).parent / "preludes" / "supabase.sql").read_text()
    setup = Setup(ground, "postgres", "postgres", (piece(text),), '"$user", public, extensions')
    shot = last(
        setup,
        """
        CREATE TABLE profiles (
            id uuid PRIMARY KEY DEFAULT uuid_generate_v4() REFERENCES auth.users ON DELETE CASCADE,
            secret text DEFAULT encode(gen_random_bytes(8), 'hex')
        );
        ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON profiles TO authenticated USING ((SELECT auth.uid()) = id);
        CREATE POLICY claims ON profiles TO anon USING (auth.jwt() ->> 'role' = auth.role());
        CREATE POLICY files ON storage.objects FOR SELECT
            USING (bucket_id = 'a' AND (storage.foldername(name))[1] = auth.uid()::text);
        CREATE FUNCTION handle_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER on_user AFTER INSERT ON auth.users
            FOR EACH ROW EXECUTE FUNCTION handle_user();
        INSERT INTO storage.buckets (id, name, public) VALUES ('a', 'a', true);
        ALTER PUBLICATION supabase_realtime ADD TABLE profiles;
        CREATE EXTENSION IF NOT EXISTS pg_cron;
        SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT 1');
        """,
    )
    assert identities(shot, "table") == {("public", "profiles")}
    assert ("auth", "users", "on_user") in identities(shot, "trigger")
    assert ("storage", "objects", "files") in identities(shot, "policy")


def test_what_is_kept_of_a_database_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "_MOST_FILES", 2)
    for number in range(4):
        album.keep(f"{number}", b"x")
    assert len(list((files.cache_folder() / album.REPLAYED).iterdir())) == 2
    assert album.find("none of these") is None


def test_a_kept_file_that_cannot_be_read_is_made_anew(setup: Setup) -> None:
    first = last(setup, "CREATE TABLE public.a (id int)")
    for file in (files.cache_folder() / album.REPLAYED).iterdir():
        file.write_bytes(b"not one of ours")
    assert last(setup, "CREATE TABLE public.a (id int)") == first
