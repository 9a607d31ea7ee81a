"""Databases that do not answer, refuse, or hold a ledger that is none: never taken for checked."""

import socket
import threading
from collections.abc import Iterator

import pytest

from migrate_hooks.outside import embedded
from tests.databases import Database, drop, make
from tests.e2e.trouble import NOBODY_LISTENS, ask, prepare, push_line
from tests.pretender import OldServer
from tests.program import Program
from tests.repo import Repo

EVERY_DATABASE_COMMAND = (
    "status --env=staging",
    "apply --env=staging",
    "drift --source=dev --target=staging",
    "env check staging",
)


def assert_unchecked(repo: Repo, url: str, *says: str, deeds: int = 3) -> None:
    """Assert that no command takes staging for checked when its DSN is `url`.

    `deeds` is the code of the commands that need staging and not only look at it.
    """
    repo.write(".env.staging", f"DATABASE_URL='{url}'\n")
    program = Program(repo.path)
    for line in EVERY_DATABASE_COMMAND:
        code = deeds if line.startswith(("apply", "drift")) else 3
        found = ask(program, line, code, *says)
        assert all(one["hint"] for one in found["findings"]), found
        assert found["outcome"] in ("unchecked", "refused")
        assert found["steps"] == []
    line = push_line(repo, "staging")
    found = ask(
        program, "hook pre-push origin url", 0, "NOT CHECKED: status, promotion", stdin=line
    )


@pytest.fixture
def pushable(repo: Repo, untouched: Database) -> Repo:
    """A repository with a commit, whose dev is there and empty."""
    prepare(repo, untouched.url)
    repo.commit()
    return repo


def test_a_server_that_is_not_there(pushable: Repo) -> None:
    assert_unchecked(pushable, NOBODY_LISTENS, "nothing listens there", "is the server running?")
    for url, says in (
        ("host=/nowhere dbname=x", "no server has its socket there"),
        ("postgresql://u@no-such-host.invalid/x", "the host name is not known"),
    ):
        pushable.write(".env.staging", f"DATABASE_URL='{url}'\n")
        ask(Program(pushable.path), "status --env=staging", 3, says)


def test_a_database_or_role_that_is_not_there(pushable: Repo, untouched: Database) -> None:
    missing = untouched.url.replace(untouched.name, "no_such_database")
    assert_unchecked(pushable, missing, "the database or role is not there", ".env.staging")
    stranger = untouched.url.replace("postgres@", "no_such_role@")
    pushable.write(".env.staging", f"DATABASE_URL={stranger}\n")
    ask(Program(pushable.path), "apply --env=staging", 3, "the database or role is not there")


def test_a_server_that_speaks_something_else(pushable: Repo) -> None:
    """A web server answers at that port; or one that takes the connection and hangs up."""
    for answer in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b""):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=_answer_all, args=(listener, answer), daemon=True).start()
            url = f"postgresql://u@127.0.0.1:{listener.getsockname()[1]}/x"
            pushable.write(".env.staging", f"DATABASE_URL={url}\n")
            ask(Program(pushable.path), "status --env=staging", 3, "was not checked")


def _answer_all(listener: socket.socket, answer: bytes) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            client.recv(4096)
            client.sendall(answer)


def test_a_server_older_than_supported(pushable: Repo) -> None:
    with OldServer("9.6.24") as port:
        url = f"postgresql://u@127.0.0.1:{port}/x?sslmode=disable"
        assert_unchecked(pushable, url, "9.6.24", "the oldest supported version is 14")


@pytest.fixture(scope="module")
def locked_in(server: embedded.Server) -> Iterator[Database]:
    """A database of a role that must say a password."""
    made = make(server)
    made.run(f"CREATE ROLE {made.name} LOGIN PASSWORD 'the-real-one'")
    with embedded._locked(server.base):
        rules = server.base / "data" / "pg_hba.conf"
        rules.write_text(f"local all {made.name} scram-sha-256\n{rules.read_text()}")
    made.run("SELECT pg_reload_conf()")
    yield made
    drop(server, made)


def test_a_wrong_or_missing_password(pushable: Repo, locked_in: Database) -> None:
    url = locked_in.url.replace("postgres@", f"{locked_in.name}:the-real-one@")
    pushable.write(".env.staging", f"DATABASE_URL={url}\n")
    ask(Program(pushable.path), "status --env=staging", 0)
    wrong = url.replace("the-real-one", "canary-%40-word")
    assert_unchecked(pushable, wrong, "the server refused the password", ".env.staging")
    assert_unchecked(
        pushable, url.replace(":the-real-one", ""), "asks for a password and there is none"
    )
    done = Program(pushable.path)("status", "--env=staging", "-v")
    assert "canary" not in done.stdout + done.stderr


def test_a_ledger_that_may_not_be_read(pushable: Repo, database: Database) -> None:
    """A role without grants sees the table in the catalog, and that is no empty history."""
    role = f"{database.name}_reader"
    database.run(f"CREATE ROLE {role} LOGIN")
    database.run(LEDGER)
    url = database.url.replace("postgres@", f"{role}@")
    pushable.write(".env.staging", f"DATABASE_URL={url}\n")
    program = Program(pushable.path)
    for line in ("status --env=staging", "apply --env=staging", "env check staging"):
        ask(program, line, 3, "ledger/unreadable", f"by role {role}", "GRANT SELECT")
    line = push_line(pushable, "staging")
    ask(program, "hook pre-push origin url", 0, "NOT CHECKED", "ledger", stdin=line)
    database.run(f"DROP OWNED BY {role}; DROP ROLE {role}")


LEDGER = """
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, name text);
INSERT INTO supabase_migrations.schema_migrations VALUES ('20250101000000', 'create_orders')
"""
# A table of that name which nobody's tool wrote, as the columns and rows it has.
STRANGE_LEDGERS = {
    "numbers": ("version bigint", "(20250101000000)"),
    "no-version": ("id int", "(1)"),
    "null": ("version text", "(NULL)"),
    "nested": ("version text, name text, statements text[][]", "('1', 'a', ARRAY[['b']])"),
    "null-inside": ("version text, name text, statements text[]", "('1', 'a', ARRAY[NULL])"),
    "endless": ("version text", "(pg_catalog.repeat('9', 6000))"),
    "objects": ("version text, name jsonb", """('1', '{"a": 1}')"""),
}


@pytest.mark.parametrize("kind", STRANGE_LEDGERS)
def test_a_ledger_that_is_somebody_elses_table(repo: Repo, database: Database, kind: str) -> None:
    program = prepare(repo, database.url)
    columns, row = STRANGE_LEDGERS[kind]
    table = "supabase_migrations.schema_migrations"
    database.run(f"CREATE SCHEMA supabase_migrations; CREATE TABLE {table} ({columns})")
    database.run(f"INSERT INTO {table} VALUES {row}")
    lines = ("status --env=dev", "apply --env=dev", "env check dev")
    for line in lines if kind == "numbers" else lines[:1]:
        ask(program, line, 3, "ledger/unreadable", table, "is not the table that")
    assert database.run(f"SELECT count(*) FROM {table}") == [(1,)]
    assert database.run("SELECT to_regclass('public.orders')") == [(None,)]
