"""The line is cut at COMMIT, before and after it reached the server: what stands is asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.actions import carry_out, transactional
from migrate_hooks.actions.carry_out import Done
from migrate_hooks.actions.job import Job
from migrate_hooks.actions.lookout import Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.history import plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.ledgers import store
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside import postgres
from tests.databases import Database
from tests.proxy import Proxy

MARK = b'INSERT INTO "supabase_migrations"'


def run(database: Database, folder: Path, when: str, said: list[str], *, refuse: bool) -> Done:
    """Apply one migration through a line that is cut when its ledger row and COMMIT are sent."""
    read = LAYOUT.read("m/1_users.sql", "-- UP Migration\nCREATE TABLE users (id int);\n")
    planned = plan.pending("staging", reconcile("staging", [read], []), ApplySettings())
    ledger = store.by_name("supabase")
    with postgres.session(database.target()) as direct:
        store.ensure(direct, ledger)

    def cut(data: bytes) -> str:
        return when if MARK in data and b"COMMIT" in data else ""

    target = database.target()
    parameters = {**target.parameters, "host": str(folder)}
    through = replace(target, parameters=parameters, host=str(folder))
    server = Path(target.host)
    with Proxy(folder, server, cut, refuse=refuse) as proxy, postgres.session(through) as session:
        lookout = Lookout(through, session.backend(), 1, lambda _seen: None)
        job = Job(session, ledger, ApplySettings(), Voice(said.append), lookout, "run", "tester")
        done = carry_out.run(job, planned)
    assert proxy.was_cut
    return done


def users(database: Database) -> bool:
    return bool(database.run("SELECT to_regclass('users') IS NOT NULL")[0][0])


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("p")  # a socket's path is short


def test_a_commit_that_reached_the_server_counts(database: Database, folder: Path) -> None:
    said: list[str] = []
    done = run(database, folder, "after", said, refuse=False)
    assert [step.state for step in done.steps] == ["applied"]
    assert done.exit_code == 0
    assert any("cut off at COMMIT; asked again, it is committed" in line for line in said)
    assert users(database)


def test_a_commit_that_did_not_left_nothing(database: Database, folder: Path) -> None:
    said: list[str] = []
    done = run(database, folder, "before", said, refuse=False)
    assert [step.state for step in done.steps] == ["failed"]
    assert done.exit_code == 4
    assert "Nothing of this file was applied" in done.findings[0].hint
    assert not users(database)


def test_what_nobody_can_tell_is_unknown_and_never_tried_again(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactional, "_SECONDS_TO_ASK", 0.5)
    done = run(database, folder, "after", [], refuse=True)
    assert [step.state for step in done.steps] == ["unknown"]
    assert done.exit_code == 5
    assert "verify --env=staging" in done.findings[0].hint
    assert users(database), "it had been committed"
