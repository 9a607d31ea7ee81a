"""The door to PostgreSQL, against real servers and one that only pretends to be old."""

from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.errors import ConnectionLost, QueryFailed, Unreachable, UnsupportedServer
from migrate_hooks.model.environment import Secret
from migrate_hooks.outside import postgres
from tests.databases import Database
from tests.pretender import OldServer


def test_rows_and_version_come_from_the_real_server(database: Database) -> None:
    with postgres.session(database.target()) as session:
        assert session.rows("SELECT 1, 'two'") == [(1, "two")]
        assert session.version >= 180_000
        assert not postgres.is_behind_transaction_pooler(session)
        assert not session.encrypted


def test_a_refused_statement_carries_sqlstate_and_position(database: Database) -> None:
    with postgres.session(database.target()) as session:
        with pytest.raises(QueryFailed) as caught:
            session.rows("SELECT 1 FROM nowhere")
        assert caught.value.sqlstate == "42P01"
        assert caught.value.position == 15
        assert "nowhere" in caught.value.message


def test_a_cut_connection_is_not_reported_as_a_refusal(database: Database) -> None:
    with postgres.session(database.target()) as session:
        pid = session.value("SELECT pg_catalog.pg_backend_pid()")
        database.run(f"SELECT pg_terminate_backend({pid}, 5000)")
        with pytest.raises(ConnectionLost):
            session.rows("SELECT 1")


@pytest.mark.parametrize(
    ("changes", "meaning"),
    [
        ({"dbname": "not_there"}, "not there"),
        ({"host": "/nowhere"}, "no server has its socket there"),
        ({"host": "127.0.0.1", "port": "1"}, "nothing listens there"),
        ({"host": "no-such-host.invalid"}, "host name is not known"),
        ({"user": "nobody_of_that_name"}, "not there"),
    ],
)
def test_unreachable_says_why_and_never_clean(
    database: Database, changes: dict[str, str], meaning: str
) -> None:
    target = replace(database.target(), parameters={**database.parameters, **changes})
    with pytest.raises(Unreachable) as caught, postgres.session(target, connect_timeout=3):
        pass
    assert meaning in caught.value.message
    assert "was not checked" in caught.value.message
    assert caught.value.hint


def test_a_stray_pghostaddr_does_not_redirect(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as shell:
        shell.setenv("PGHOSTADDR", "127.0.0.1")
        with postgres.session(database.target()) as session:
            assert session.value("SELECT pg_catalog.current_database()") == database.name


def test_the_password_is_redacted_in_every_form() -> None:
    database = Database("x", {"host": "h", "port": "1", "user": "u"})
    target = replace(database.target(), password=Secret("p@ss/w%rd"))
    said = postgres.redact("a p@ss/w%rd b p%40ss%2Fw%25rd c p%40ss/w%25rd d", target)
    assert said == "a *** b *** c *** d"
    assert "p@ss" not in repr(target)


def test_an_old_server_is_refused_by_its_version() -> None:
    with OldServer("9.6.24") as port:
        parameters = {"host": "127.0.0.1", "port": str(port), "user": "u", "dbname": "d"}
        target = replace(
            Database("d", parameters).target(), parameters={**parameters, "sslmode": "disable"}
        )
        with pytest.raises(UnsupportedServer) as caught, postgres.session(target):
            pass
    assert "9.6.24" in caught.value.message


@pytest.mark.parametrize("variable", ["PGHOST", "PGPORT", "PGSERVICE"])
def test_the_shell_does_not_decide_where_a_dsn_without_a_host_leads(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """Whatever is at this machine's default socket, it is not what the variables name."""
    (tmp_path / "services").write_text(f"[elsewhere]\nhost={database.parameters['host']}\n")
    parameters = {"user": "postgres", "dbname": database.name}
    target = replace(database.target(), parameters=parameters, host="local socket")
    shell = {"PGHOST": database.parameters["host"], "PGPORT": "1", "PGSERVICE": "elsewhere"}
    with monkeypatch.context() as patch:
        patch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
        patch.setenv(variable, shell[variable])
        with pytest.raises(Unreachable) as caught, postgres.session(target):
            pass
    assert "5432" not in caught.value.message


def test_a_missing_root_certificate_is_no_missing_database(tmp_path: Path) -> None:
    with OldServer("18.0", tls=True) as port:
        parameters = {"host": "127.0.0.1", "port": str(port), "user": "u", "dbname": "d"}
        parameters |= {"sslmode": "verify-full", "sslrootcert": str(tmp_path / "none.crt")}
        target = replace(Database("d", parameters).target(), parameters=parameters)
        with pytest.raises(Unreachable, match="root certificate"), postgres.session(target):
            pass


@pytest.mark.parametrize(("own", "used"), [("60", "3"), ("2", "2"), ("0", "3"), ("", "3")])
def test_a_dsn_is_never_more_patient_than_its_caller(own: str, used: str) -> None:
    database = Database("x", {"host": "h", "port": "1", "user": "u"})
    target = replace(database.target(), parameters={"connect_timeout": own})
    assert postgres._patience(target, 3) == used
