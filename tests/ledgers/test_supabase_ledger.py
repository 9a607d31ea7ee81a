"""The Supabase ledger on a real server: what the CLI wrote reads back, and what we write."""

import pytest

from migrate_hooks.errors import LedgerUnreadable
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.ledgers import store
from migrate_hooks.model.history import Record
from migrate_hooks.outside import postgres
from tests.databases import Database

LEDGER = store.by_name("supabase")
MIGRATION = LAYOUT.read(
    "migrations/20250101000000_add_users.sql",
    "-- UP Migration\nBEGIN;\nCREATE TABLE u (id int);\nSELECT ';';\nCOMMIT;\n"
    "-- DOWN Migration\nDROP TABLE u;\n",
)


def test_no_table_is_no_history(database: Database) -> None:
    with postgres.session(database.target()) as session:
        assert not store.exists(session, LEDGER)
        assert store.read(session, LEDGER) == ()


def test_what_is_recorded_reads_back_as_the_same_migration(database: Database) -> None:
    with postgres.session(database.target()) as session:
        assert store.ensure(session, LEDGER)
        assert not store.ensure(session, LEDGER), "the second time nothing is missing"
        assert not store.has(session, LEDGER, MIGRATION)
        store.record(session, LEDGER, Record(MIGRATION))
        store.record(session, LEDGER, Record(MIGRATION))
        assert store.has(session, LEDGER, MIGRATION)
        (row,) = store.read(session, LEDGER)
        assert (row.version.text, row.name) == ("20250101000000", "add_users")
        assert row.text == MIGRATION.up.text
        store.forget(session, LEDGER, MIGRATION)
        assert store.read(session, LEDGER) == ()


def test_rows_are_as_the_supabase_cli_writes_them(database: Database) -> None:
    """Statements one by one without terminators, in the columns that the CLI has."""
    with postgres.session(database.target()) as session:
        store.ensure(session, LEDGER)
        store.record(session, LEDGER, Record(MIGRATION))
    rows = database.run(
        "SELECT version, name, statements FROM supabase_migrations.schema_migrations"
    )
    assert rows == [("20250101000000", "add_users", ["CREATE TABLE u (id int)", "SELECT ';'"])]


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ("version text PRIMARY KEY", "'20250101000000'"),
        ("version text PRIMARY KEY, statements text[], name text", "'20250101000000', NULL, NULL"),
        (
            "version text PRIMARY KEY, statements text[], name text, by text, rollback text[]",
            "'20250101000000', '{}', 'add_users', 'dashboard', NULL",
        ),
    ],
)
def test_older_and_newer_forms_of_the_table_both_read(
    database: Database, columns: str, values: str
) -> None:
    database.run("CREATE SCHEMA supabase_migrations")
    database.run(f"CREATE TABLE supabase_migrations.schema_migrations ({columns})")
    database.run(f"INSERT INTO supabase_migrations.schema_migrations VALUES ({values})")
    with postgres.session(database.target()) as session:
        (row,) = store.read(session, LEDGER)
        assert (row.version.text, row.text) == ("20250101000000", None)
        store.ensure(session, LEDGER)
        store.record(session, LEDGER, Record(MIGRATION))
        assert store.read(session, LEDGER)[0].name == "add_users"


def test_a_ledger_that_may_not_be_read_is_not_an_empty_one(database: Database) -> None:
    with postgres.session(database.target()) as session:
        store.ensure(session, LEDGER)
    role = f"reader_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        target = Database(database.name, {**database.parameters, "user": role}).target()
        with (
            postgres.session(target) as session,
            pytest.raises(LedgerUnreadable, match=role) as caught,
        ):
            store.read(session, LEDGER)
        assert "GRANT SELECT ON supabase_migrations.schema_migrations" in caught.value.hint
    finally:
        database.run(f"DROP ROLE {role}")


def test_row_security_does_not_make_a_ledger_look_empty(database: Database) -> None:
    with postgres.session(database.target()) as session:
        store.ensure(session, LEDGER)
        store.record(session, LEDGER, Record(MIGRATION))
    table, role = "supabase_migrations.schema_migrations", f"reader_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        database.run(f"GRANT USAGE ON SCHEMA supabase_migrations TO {role}")
        database.run(f"GRANT SELECT ON {table} TO {role}")
        database.run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        target = Database(database.name, {**database.parameters, "user": role}).target()
        with postgres.session(target) as session, pytest.raises(LedgerUnreadable):
            store.read(session, LEDGER)
    finally:
        database.run(f"DROP OWNED BY {role}")
        database.run(f"DROP ROLE {role}")


def test_a_locked_ledger_is_not_waited_for_without_end(database: Database) -> None:
    with postgres.session(database.target()) as session:
        store.ensure(session, LEDGER)
        with database.connect() as other, other.transaction():
            other.execute("LOCK TABLE supabase_migrations.schema_migrations")
            with pytest.raises(LedgerUnreadable, match="locked"):
                store.read(session, LEDGER)
        assert store.read(session, LEDGER) == (), "the session is usable again"
