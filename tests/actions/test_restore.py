"""A restore never loses data: it fills a database beside, compares, and swaps names."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from migrate_hooks.actions import backup, restore, restore_beside, restore_plan
from migrate_hooks.actions.restore_beside import Swap
from migrate_hooks.actions.restore_plan import Order, Standing
from migrate_hooks.errors import BackupFailed, Exit, Refused, UsageProblem
from migrate_hooks.ledgers.base import quoted
from migrate_hooks.model.backup import Backup, Contents, TableRows
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.report import Report
from migrate_hooks.outside import embedded, postgres
from tests.actions import backups
from tests.actions.backups import Project
from tests.databases import Database, drop
from tests.program import Program

LATEST = Order("staging", latest=True)
REPLACE = replace(LATEST, allow=("replace",))
DISCONNECT = replace(LATEST, allow=("replace", "disconnect"))
COUNT = "SELECT count(*) FROM notes"


def run(project: Project, order: Order) -> Report:
    return restore.run(project.settings, order, lambda _: None)


def codes(report: Report) -> list[str]:
    return [one.code for one in report.findings]


def databases(database: Database) -> list[str]:
    """Every database whose name begins like that of the test."""
    rows = database.run(
        f"SELECT datname FROM pg_database WHERE starts_with(datname, '{database.name}') ORDER BY 1"
    )
    return [str(row[0]) for row in rows]


def kept(database: Database) -> Database:
    """The database that was there before."""
    (name,) = [name for name in databases(database) if "_before_" in name]
    return Database(name, {**database.parameters, "dbname": name})


@pytest.fixture
def shop(project: Project, server: embedded.Server) -> Iterator[Project]:
    """A project whose databases, the kept ones too, are gone afterwards."""
    yield project
    for name in databases(project.database):
        drop(server, Database(name, project.database.parameters))


def test_the_moment_comes_back_and_what_was_there_is_kept(shop: Project) -> None:
    shop.back_up()
    shop.database.run("INSERT INTO notes VALUES (0, 'later'); DROP TABLE customers")
    report = run(shop, REPLACE)
    assert (report.exit_code, codes(report)) == (Exit.CLEAN, [])
    assert shop.database.run(COUNT) == [(300,)]
    assert shop.database.run("SELECT count(*) FROM customers") == [(100,)]
    before = kept(shop.database)
    assert before.run(COUNT) == [(301,)]
    told = {row[0]: row[1] for row in report.listings[0].rows}
    assert f'DROP DATABASE "{before.name}"' in told["drop it by"]
    assert len(databases(shop.database)) == 2, "nothing half filled is left"


def test_what_belongs_to_the_database_itself_is_carried_over(shop: Project) -> None:
    shop.back_up()
    name = shop.database.name
    shop.database.run(
        f"ALTER DATABASE {name} SET search_path TO \"$user\", public, 'we ird';"
        f"ALTER DATABASE {name} SET app.secret TO 'it''s=so';"
        f"ALTER DATABASE {name} SET default_transaction_read_only TO off;"
        f"ALTER ROLE postgres IN DATABASE {name} SET work_mem TO '9MB';"
        f"ALTER DATABASE {name} CONNECTION LIMIT 77;"
        f"COMMENT ON DATABASE {name} IS 'the ''shop''';"
        f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC;"
        f"GRANT CONNECT ON DATABASE {name} TO pg_monitor WITH GRANT OPTION"
    )
    said = (
        "SELECT datacl::text[] @> ARRAY['pg_monitor=c*/postgres'], datacl::text LIKE '%=T/%',"
        " datconnlimit, shobj_description(oid, 'pg_database'),"
        " (SELECT json_agg(setconfig ORDER BY setrole) FROM pg_db_role_setting"
        "  WHERE setdatabase = oid) FROM pg_database WHERE datname = current_database()"
    )
    (before,) = shop.database.run(said)
    run(shop, REPLACE)
    assert shop.database.run(said) == [before]
    assert before[:4] == (True, True, 77, "the 'shop'")


def test_what_earlier_restores_kept_is_mentioned(shop: Project) -> None:
    shop.back_up()
    run(shop, REPLACE)
    shown = {row[0]: row[1] for row in run(shop, LATEST).listings[0].rows}
    assert kept(shop.database).name in shown["still there"]


def test_a_dry_run_shows_everything_and_touches_nothing(shop: Project) -> None:
    made = shop.back_up()
    report = run(shop, replace(REPLACE, dry_run=True))
    assert report.exit_code == Exit.CLEAN
    shown = {row[0]: row[1] for row in report.listings[0].rows}
    assert made.archive.name in shown["archive"]
    assert shop.database.name in shown["replaces"]
    assert databases(shop.database) == [shop.database.name]


def test_a_database_with_something_in_it_is_not_replaced_unasked(shop: Project) -> None:
    shop.back_up()
    report = run(shop, LATEST)
    assert (report.exit_code, codes(report)) == (Exit.FINDINGS, ["restore/replace"])
    shop.database.run("DROP SCHEMA public, supabase_migrations CASCADE")
    assert run(shop, LATEST).exit_code == Exit.CLEAN


def test_connections_are_named_and_ended_only_on_request(shop: Project) -> None:
    shop.back_up()
    with shop.database.connect() as other:
        other.execute("SET application_name = 'the-shop-itself'")
        report = run(shop, REPLACE)
        assert codes(report) == ["restore/connections"]
        assert "the-shop-itself" in report.findings[0].message
        assert databases(shop.database) == [shop.database.name]
        assert run(shop, DISCONNECT).exit_code == Exit.CLEAN
        other.close()
    assert shop.database.run(COUNT) == [(300,)]


def test_rows_that_do_not_come_back_stop_it_before_the_swap(shop: Project) -> None:
    made = shop.back_up()
    wrong = replace(made.contents, tables=(TableRows("public.notes", 4711, exact=True),))
    backup.write_manifest(replace(made, contents=wrong))
    with pytest.raises(BackupFailed, match=r"staging is as it was.*4711"):
        run(shop, REPLACE)
    assert databases(shop.database) == [shop.database.name]


def test_a_statement_that_fails_stops_it_before_the_swap(shop: Project) -> None:
    """The role that owned a table is gone, and the manifest was made to forget it."""
    role = f"owner_{shop.database.name}"
    shop.database.run(f"CREATE ROLE {role}; ALTER TABLE notes OWNER TO {role}")
    made = shop.back_up()
    shop.database.run(f"ALTER TABLE notes OWNER TO postgres; DROP ROLE {role}")
    assert codes(run(shop, REPLACE)) == ["restore/roles"]
    backup.write_manifest(replace(made, contents=replace(made.contents, roles=())))
    with pytest.raises(BackupFailed, match=f'role "{role}" does not exist'):
        run(shop, REPLACE)
    assert databases(shop.database) == [shop.database.name]


def test_a_damaged_backup_is_refused(shop: Project) -> None:
    made = shop.back_up()
    backups.flip(made)
    with pytest.raises(Refused, match="SHA-256"):
        run(shop, Order("staging", str(made.archive), allow=("replace",)))
    with pytest.raises(UsageProblem, match="no good backup"):
        run(shop, REPLACE)


def test_a_backup_of_production_in_staging_is_said_aloud(shop: Project) -> None:
    made = shop.back_up()
    backup.write_manifest(replace(made, environment="production"))
    order = Order("staging", made.archive.name, allow=("replace",))
    assert codes(run(shop, order)) == ["restore/other-environment"] * 2
    report = run(shop, replace(order, allow=("replace", "other-environment")))
    assert (report.exit_code, codes(report)) == (Exit.CLEAN, ["restore/other-environment"])
    assert "gets the data of production" in report.findings[0].message


def test_a_connection_that_breaks_before_the_swap_changes_nothing(shop: Project) -> None:
    """A client that stays makes the server wait for it; in that time our own session is ended."""
    made = shop.back_up()
    target = shop.database.target()
    with postgres.session(target) as session:
        standing = restore_plan.look(session, made)
    restore_beside.fill(target, standing, made, lambda _: None)
    assert standing.beside in databases(shop.database)
    with shop.database.connect(), ThreadPoolExecutor(1) as pool:
        killed = pool.submit(end_whoever_renames, shop.database)
        ended = restore_beside.swap(target, standing, disconnect=False)
        assert killed.result()
    assert ended is Swap.NOT_DONE
    assert databases(shop.database) == [shop.database.name]


def end_whoever_renames(database: Database) -> bool:
    """End the session that renames `database`, seen from another one: this one lets nobody in."""
    outside = Database("postgres", {**database.parameters, "dbname": "postgres"})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if outside.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE state = 'active' AND query LIKE '%{database.name} RENAME TO%' "
            "AND pid <> pg_backend_pid()"
        ):
            return True
        time.sleep(0.05)
    return False


def test_a_hostile_name_is_only_a_name(shop: Project, server: embedded.Server) -> None:
    hostile = Database(
        f"{shop.database.name}\"; DROP DATABASE x; -- '%s",
        {**shop.database.parameters, "dbname": f"{shop.database.name}\"; DROP DATABASE x; -- '%s"},
    )
    shop.database.run(f"CREATE DATABASE {quoted(hostile.name)} TEMPLATE template0")
    hostile.run('CREATE TABLE "a ""b %s" (id int); INSERT INTO "a ""b %s" VALUES (1)')
    address = shop.database.url.rpartition("/")[0]
    shop.repo.write(".env.staging", f"DATABASE_URL={address}/{quote(hostile.name, safe='')}\n")
    shop.back_up()
    hostile.run('TRUNCATE "a ""b %s"')
    report = run(shop, REPLACE)
    assert hostile.run('SELECT id FROM "a ""b %s"') == [(1,)]
    told = {row[0]: row[1] for row in report.listings[0].rows}
    assert 'DROP DATABASE "' in told["drop it by"]
    for name in databases(shop.database):
        if name != shop.database.name:
            shop.database.run(f"DROP DATABASE {quoted(name)} WITH (FORCE)")


def test_names_stay_within_the_servers_limit() -> None:
    long = replace(STANDING, database="ü" * 31)
    assert len(long.kept.encode()) <= 63
    assert long.kept.endswith("_before_20250101000000")
    assert long.kept != long.beside


def test_the_command_refuses_production_unless_told_twice(shop: Project) -> None:
    shop.repo.write(".env.production", f"DATABASE_URL={shop.database.url}\n")
    program = Program(shop.repo.path)
    assert program("backup", "--env=production").code == 0
    words = ("restore", "--env=production", "--latest", "--allow=replace")
    for more in ((), ("--force",), ("--yes=production",), ("--force", "--yes=staging")):
        done = program(*words, *more)
        assert done.code == 1, done
        assert "Say it twice: --force --yes=production" in done.stdout
    done = program(*words, "--force", "--yes=production")
    assert done.code == 0, done
    assert "replaces: production: host" in done.stderr


STANDING = Standing(
    database="shop",
    size=1,
    now=datetime(2025, 1, 1, tzinfo=UTC),
    read_only=False,
    may_create=True,
    may_rename=True,
    role="me",
    tables=0,
    others=(),
    missing_roles=(),
    server_major=18,
)
STAGING = Environment("staging", "staging")


EXAMPLE = Backup(
    archive=Path("20250101T000000Z-000001.dump"),
    environment="staging",
    contents=Contents(
        database="shop",
        host="db.example.com:5432",
        system_identifier="7",
        server_version="18.1",
        taken_at=datetime(2025, 1, 1, tzinfo=UTC),
        ledgers=(),
        extensions=(),
        roles=(),
        tables=(),
    ),
    client_version="18.1",
    finished_at=datetime(2025, 1, 1, tzinfo=UTC),
    size=1,
    sha256="",
    schema_sha256="",
    read_at=datetime(2025, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tables": 3}, "restore/replace"),
        ({"others": ("1 (app, web)",)}, "restore/connections"),
        ({"missing_roles": ("web",)}, "restore/roles"),
        ({"server_major": 17}, "restore/older-server"),
        ({"read_only": True}, "restore/read-only"),
        ({"may_create": False}, "restore/privileges"),
        ({"may_rename": False}, "restore/privileges"),
    ],
)
def test_every_objection_has_its_reason(change: dict[str, object], code: str) -> None:
    assert list(restore_plan.objections(STAGING, EXAMPLE, STANDING, LATEST)) == []
    standing = replace(STANDING, **change)  # type: ignore[arg-type]
    (found,) = restore_plan.objections(STAGING, EXAMPLE, standing, LATEST)
    assert found.code == code
    assert found.hint


def test_a_role_that_may_not_create_databases_reads_two_ways_out() -> None:
    standing = replace(STANDING, may_create=False)
    (found,) = restore_plan.objections(STAGING, EXAMPLE, standing, LATEST)
    assert 'ALTER ROLE "me" CREATEDB;' in found.hint
    assert "pg_restore --clean --if-exists --single-transaction" in found.hint


def test_another_server_is_mentioned() -> None:
    assert restore_plan.warnings(STAGING, EXAMPLE, "7") == ()
    assert restore_plan.warnings(STAGING, EXAMPLE, "8")[0].code == "restore/other-server"
