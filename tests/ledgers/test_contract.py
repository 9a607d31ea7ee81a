"""One contract for every ledger, on a real server: what is recorded reads back, in any world."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from migrate_hooks.errors import LedgerUnreadable
from migrate_hooks.layouts import detect
from migrate_hooks.ledgers import store
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.history import Record
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside import postgres
from migrate_hooks.outside.postgres import Session
from migrate_hooks.registry import member_names
from tests.databases import Database

NAMES = member_names("migrate_hooks.ledgers.adapters")
every_ledger = pytest.mark.parametrize("ledger", [store.by_name(name) for name in NAMES], ids=NAMES)
keeping = pytest.mark.parametrize(
    "ledger",
    [one for name in NAMES if (one := store.by_name(name)).keeps_failures],
    ids=lambda ledger: ledger.name,
)


def migration(ledger: Ledger, version: int = 20250101000000, name: str = "add_users") -> Migration:
    layout = detect.by_name("prisma" if ledger.name == "prisma" else "sections")
    text = layout.scaffold("CREATE TABLE u (id int);\nSELECT ';';", "DROP TABLE u;")
    return layout.read(f"migrations/{layout.place(f'{version}_{name}')}", text)


@contextmanager
def opened(database: Database, **words: str) -> Iterator[Session]:
    target = Database(database.name, {**database.parameters, **words}).target()
    with postgres.session(target) as session:
        yield session


@contextmanager
def reader(database: Database) -> Iterator[str]:
    """A role that may do nothing yet."""
    role = f"reader_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        yield role
    finally:
        database.run(f"DROP OWNED BY {role}")
        database.run(f"DROP ROLE {role}")


@every_ledger
def test_no_table_is_no_history(database: Database, ledger: Ledger) -> None:
    with opened(database) as session:
        assert not store.exists(session, ledger)
        assert store.read(session, ledger) == ()


@every_ledger
def test_a_row_is_written_found_read_and_forgotten(database: Database, ledger: Ledger) -> None:
    one = migration(ledger)
    with opened(database) as session:
        assert store.ensure(session, ledger)
        assert not store.ensure(session, ledger), "the second time nothing is missing"
        assert set(ledger.columns) <= store.columns(session, ledger)
        assert not store.has(session, ledger, one)
        store.record(session, ledger, Record(one))
        store.record(session, ledger, Record(one))
        store.record(session, ledger, Record(migration(ledger, 20240101000000, "older")))
        assert store.has(session, ledger, one)
        assert [row.version.key for row in store.read(session, ledger)] == [
            (20240101000000,),
            (20250101000000,),
        ]
        store.forget(session, ledger, one)
        assert not store.has(session, ledger, one)
        assert [row.name for row in store.read(session, ledger)] == ["older"]


@every_ledger
def test_what_was_run_can_be_compared_with_the_file(database: Database, ledger: Ledger) -> None:
    one = migration(ledger)
    with opened(database) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(one))
        (row,) = store.read(session, ledger)
    assert (row.failed, row.name) == (False, "add_users")
    assert row.text == one.up.text or row.sha256 == one.sha256


@keeping
def test_a_failed_row_is_no_applied_one(database: Database, ledger: Ledger) -> None:
    one = migration(ledger)
    with opened(database) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(one, failed=True, statements_done=1))
        assert not store.has(session, ledger, one)
        assert [row.failed for row in store.read(session, ledger)] == [True]
        store.record(session, ledger, Record(one))
        assert store.has(session, ledger, one)
        assert [row.failed for row in store.read(session, ledger)] == [False]


@every_ledger
def test_a_ledger_without_failures_gets_no_row_of_one(database: Database, ledger: Ledger) -> None:
    one = migration(ledger)
    with opened(database) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(one, failed=True))
        assert len(store.read(session, ledger)) == int(ledger.keeps_failures)


@every_ledger
def test_columns_that_we_do_not_know_are_left_alone(database: Database, ledger: Ledger) -> None:
    one = migration(ledger)
    with opened(database) as session:
        store.ensure(session, ledger)
        session.run(f"ALTER TABLE {ledger.place} ADD COLUMN newer text DEFAULT 'kept'")
        assert not store.ensure(session, ledger)
        store.record(session, ledger, Record(one))
        assert len(store.read(session, ledger)) == 1
        assert session.value(f"SELECT newer FROM {ledger.place}") == "kept"


@every_ledger
def test_no_grant_is_not_an_empty_ledger(database: Database, ledger: Ledger) -> None:
    with opened(database) as session:
        store.ensure(session, ledger)
    with (
        reader(database) as role,
        opened(database, user=role) as session,
        pytest.raises(LedgerUnreadable, match=role) as caught,
    ):
        store.read(session, ledger)
    assert f"GRANT SELECT ON {ledger.place}" in caught.value.hint


@every_ledger
def test_row_security_hides_nothing_silently(database: Database, ledger: Ledger) -> None:
    one = migration(ledger)
    with opened(database) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(one))
    with reader(database) as role:
        database.run(f"GRANT USAGE ON SCHEMA {ledger.schema} TO {role}")
        database.run(f"GRANT SELECT ON {ledger.place} TO {role}")
        database.run(f"ALTER TABLE {ledger.place} ENABLE ROW LEVEL SECURITY")
        with opened(database, user=role) as session, pytest.raises(LedgerUnreadable):
            store.read(session, ledger)


@every_ledger
def test_a_lock_is_not_waited_for_without_end(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_CAREFULLY", store._CAREFULLY.replace("'3s'", "'100ms'"))
    with opened(database) as session:
        store.ensure(session, ledger)
        with database.connect() as other, other.transaction():
            other.execute(f"LOCK TABLE {ledger.place}".encode())
            with pytest.raises(LedgerUnreadable, match="locked"):
                store.read(session, ledger)
        assert store.read(session, ledger) == (), "the session is usable again"


@every_ledger
def test_somebody_elses_table_of_that_name_is_no_history(
    database: Database, ledger: Ledger
) -> None:
    with opened(database) as session:
        session.run(f"CREATE SCHEMA IF NOT EXISTS {ledger.schema}")
        session.run(f"CREATE TABLE {ledger.place} (id int, version int[])")
        session.run(f"INSERT INTO {ledger.place} VALUES (1, '{{2}}')")
        with pytest.raises(LedgerUnreadable, match="is not the table"):
            store.read(session, ledger)


@every_ledger
def test_hostile_names_are_names(database: Database, ledger: Ledger) -> None:
    """Quotes, placeholders and braces in a version, a name or a schema are characters like any."""
    one = migration(ledger)
    evil = '\'; DROP TABLE u; -- %s {table} "x"'
    hostile = replace(one, version=replace(one.version, text=f"1_{evil}"), name=evil)
    odd = store.by_name(ledger.name, 'pct%s "q" {table}')
    with opened(database) as session:
        store.ensure(session, odd)
        store.record(session, odd, Record(hostile, applied_by=evil, run_id=evil))
        assert store.has(session, odd, hostile)
        (row,) = store.read(session, odd)
        assert (row.version.text, row.name) == (f"1_{evil}", evil)
        store.forget(session, odd, hostile)
        assert store.read(session, odd) == ()


@every_ledger
def test_a_strangers_functions_and_operators_are_not_called(
    database: Database, ledger: Ledger
) -> None:
    """A search path with public in front must not make our statements run what stands there."""
    one = migration(ledger)
    database.run(
        "CREATE FUNCTION public.evil(text, text) RETURNS bool LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'called'; END $$"
    )
    database.run(
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.evil)"
    )
    database.run("CREATE DOMAIN public.text AS pg_catalog.text CHECK (false)")
    for name in ("to_jsonb(anyelement)", "clock_timestamp()", "now()", "gen_random_uuid()"):
        database.run(
            f"CREATE FUNCTION public.{name} RETURNS int LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'called'; END $$"
        )
    with opened(database, options="-c search_path=public,pg_catalog") as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(one))
        assert store.has(session, ledger, one)
        assert len(store.read(session, ledger)) == 1
        store.forget(session, ledger, one)
        assert not store.has(session, ledger, one)


@every_ledger
def test_a_schema_that_is_there_needs_no_right_on_the_database(
    database: Database, ledger: Ledger
) -> None:
    one = migration(ledger)
    with reader(database) as role:
        database.run(f"CREATE SCHEMA IF NOT EXISTS {ledger.schema}")
        database.run(f"GRANT USAGE, CREATE ON SCHEMA {ledger.schema} TO {role}")
        with opened(database, user=role) as session:
            assert store.ensure(session, ledger)
            store.record(session, ledger, Record(one))
            assert len(store.read(session, ledger)) == 1


def test_an_older_table_of_ours_reads_and_gets_its_columns(database: Database) -> None:
    ledger = store.by_name("own")
    database.run("CREATE SCHEMA migrate_hooks")
    database.run(
        "CREATE TABLE migrate_hooks.ledger (version text PRIMARY KEY, name text NOT NULL, checksum"
        " text NOT NULL, fingerprint text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),"
        " outcome text NOT NULL)"
    )
    database.run("INSERT INTO migrate_hooks.ledger VALUES ('1', 'a', 'x', 'y', now(), 'applied')")
    with opened(database) as session:
        (row,) = store.read(session, ledger)
        assert (row.version.text, row.duration_ms, row.git_commit) == ("1", None, None)
        assert store.ensure(session, ledger)
        store.record(session, ledger, Record(migration(ledger), duration_ms=7, git_commit="0a1b"))
        found = {one.version.text: one for one in store.read(session, ledger)}
    assert (found["20250101000000"].duration_ms, found["20250101000000"].git_commit) == (7, "0a1b")


def test_our_ledger_keeps_who_when_and_from_where(database: Database) -> None:
    ledger = store.by_name("own")
    done = Record(migration(ledger), "run-1", "0a1b", "Ada", 12, "777")
    with opened(database) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, done)
        (row,) = store.read(session, ledger)
        progress = session.rows(
            "SELECT statements_done, statements_total FROM migrate_hooks.ledger"
        )
        clock = session.value(
            "SELECT clock_timestamp() - applied_at < '1 min' FROM migrate_hooks.ledger"
        )
    assert (row.run_id, row.git_commit, row.applied_by) == ("run-1", "0a1b", "Ada")
    assert (row.duration_ms, row.transaction_id, progress, clock) == (12, "777", [(2, 2)], True)
    assert row.applied_at is not None
    assert row.applied_at.endswith("+00")
