"""What is compared is the user's: not a provider's, an extension's or a ledger's."""

import pytest

from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.schema.snapshot import take
from tests.databases import Database

PROVIDER = """
CREATE SCHEMA auth;
CREATE SCHEMA storage;
CREATE SCHEMA extensions;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, {column} jsonb);
CREATE TABLE storage.objects (id uuid PRIMARY KEY, name text);
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
CREATE FUNCTION storage.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER provided BEFORE INSERT ON storage.objects
    FOR EACH ROW EXECUTE FUNCTION storage.stamp();
CREATE FUNCTION public.welcome() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_signup AFTER INSERT ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.welcome();
CREATE POLICY mine ON storage.objects USING (true);
"""


def snapshot(database: Database) -> Snapshot:
    with postgres.session(database.target("dev")) as session:
        return take(session, "dev")


def names(found: Snapshot) -> set[str]:
    """Return "kind schema.name…" of everything but what every database has."""
    standard = {"schema public", "extension plpgsql", "comment public", "owner public"}
    standard |= {"grant public.PUBLIC"}
    return {f"{each.kind} {'.'.join(each.identity)}" for each in found.objects} - standard


def test_of_a_providers_schemas_only_what_the_user_put_there(database: Database) -> None:
    database.run(PROVIDER.format(column="raw_app_meta_data"))
    assert names(snapshot(database)) == {
        "function public.welcome.()",
        "owner public.welcome.()",
        "grant public.welcome.().PUBLIC",
        "trigger auth.users.on_signup",
        "policy storage.objects.mine",
    }


def test_a_projects_own_schema_auth_does_not_vanish(database: Database) -> None:
    database.run(PROVIDER.format(column="settings"))
    assert {
        "table auth.users",
        "table storage.objects",
        "trigger storage.objects.provided",
        "schema extensions",
    } <= names(snapshot(database))


def test_an_extensions_objects_are_the_extensions(database: Database) -> None:
    database.run("CREATE EXTENSION vector")
    assert names(snapshot(database)) == {"extension vector"}


LEDGERS = (
    "CREATE SCHEMA supabase_migrations; CREATE TABLE supabase_migrations.schema_migrations "
    "(version text PRIMARY KEY, statements text[], name text)",
    "CREATE SCHEMA migrate_hooks; CREATE TABLE migrate_hooks.anything (id serial PRIMARY KEY)",
    "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
    "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
    "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, "
    "is_applied boolean NOT NULL, tstamp timestamp DEFAULT now())",
    "CREATE TABLE pgmigrations (id serial PRIMARY KEY, name text NOT NULL, run_on timestamp)",
    "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, "
    "finished_at timestamptz, migration_name text NOT NULL, logs text, rolled_back_at timestamptz,"
    " started_at timestamptz NOT NULL, applied_steps_count integer NOT NULL)",
)


@pytest.mark.parametrize("ledger", LEDGERS)
def test_a_ledger_is_left_out_with_all_that_belongs_to_it(ledger: str, database: Database) -> None:
    database.run(ledger)
    assert names(snapshot(database)) == set()


def test_a_table_that_only_has_a_ledgers_name_is_compared(database: Database) -> None:
    database.run("CREATE TABLE schema_migrations (version text, mine text)")
    assert "table public.schema_migrations" in names(snapshot(database))


def test_system_schemas_and_temporary_tables_are_left_out(database: Database) -> None:
    database.run("CREATE TEMP TABLE passing (x int)")
    assert names(snapshot(database)) == set()
