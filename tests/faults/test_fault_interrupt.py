"""Ctrl-C where nothing waits for it, and a witness who cannot know: no step is called undone."""

import signal
from dataclasses import replace

import pytest

from migrate_hooks.actions import apply, carry_out, mend, protocol, transactional, witness
from migrate_hooks.actions.carry_out import Done
from migrate_hooks.actions.job import Ending, Job, Result
from migrate_hooks.actions.lookout import Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config.load import load
from migrate_hooks.history import plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.ledgers import store
from migrate_hooks.model.history import Plan, Step
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside import postgres
from tests.databases import Database
from tests.faults.ownserver import OwnServer
from tests.faults.scene import Scene

STATES = ["applied", "applied", "not-run"]


def planned() -> Plan:
    texts = (f"-- UP Migration\nCREATE TABLE t{n} (id int);\n" for n in (1, 2, 3))
    files = [LAYOUT.read(f"m/{n}_x.sql", text) for n, text in enumerate(texts, 1)]
    return plan.pending("staging", reconcile("staging", files, ()), ApplySettings())


def job_of(session: postgres.Session) -> Job:
    lookout = Lookout(session.target, session.backend(), 1, lambda _seen: None)
    ledger = store.by_name("supabase")
    return Job(session, ledger, ApplySettings(), Voice(), lookout, "run", "tester")


def run(job: Job) -> tuple[Done, list[str]]:
    done = carry_out.run(job, planned())
    return done, [step.state for step in done.steps]


def test_ctrl_c_between_the_commit_and_the_log_of_it(database: Database) -> None:
    def log(event: str, **fields: object) -> None:
        if event == "end" and str(fields["path"]).startswith("m/2"):
            raise KeyboardInterrupt

    with postgres.session(database.target()) as session:
        done, states = run(replace(job_of(session), log=log))
    assert (done.exit_code, states) == (130, STATES)


def test_a_second_ctrl_c_while_the_server_is_asked_leaves_it_unknown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = protocol.run

    def again(*_: object) -> None:
        raise KeyboardInterrupt

    def first(job: Job, step: Step) -> Result:
        if step.migration.version.text != "2":
            return real(job, step)
        monkeypatch.setattr(witness, "session", again)
        raise KeyboardInterrupt

    monkeypatch.setattr(protocol, "run", first)
    with postgres.session(database.target()) as session:
        done, states = run(job_of(session))
    assert (done.exit_code, states) == (5, ["applied", "unknown", "not-run"])


def test_a_standby_is_not_asked_what_was_committed(own: OwnServer) -> None:
    """It may not have heard of it yet, and would say that the ledger has no such row."""
    own.start()
    with postgres.session(own.database.target()) as session:
        assert run(job_of(session))[1] == ["applied"] * 3
    own.stop(signal.SIGINT)
    (own.folder / "data/standby.signal").touch()
    own.start()
    with postgres.session(own.database.target()) as session:
        job, later = job_of(session), planned().steps[2]
        never = replace(later.migration, version=replace(later.migration.version, text="9"))
        step = replace(later, migration=never)
        assert transactional._by_ledger(job, step) is Ending.UNKNOWN
        assert carry_out._ending_now(job, step) is Ending.UNKNOWN


def test_ctrl_c_that_comes_when_all_is_done_does_not_cost_the_report(scene: Scene) -> None:
    def status(words: str) -> None:
        if not words:
            raise KeyboardInterrupt

    settings = load(scene.folder, None, {})
    report = apply.run(settings, apply.Order("staging"), Voice(status=status))
    assert (report.exit_code, [step.state for step in report.steps]) == (0, ["applied"])
    assert scene.applied() == [1]


def test_a_repair_is_done_if_its_own_line_of_the_history_is_there(scene: Scene) -> None:
    """After a crash the number of its transaction may be that of somebody else's."""
    assert scene.run().code == 0
    with scene.database.connect() as other:
        rows = other.execute("SELECT pg_current_xact_id()::text").fetchall()
        number = str(rows[0][0])
    ((known,),) = scene.database.run("SELECT DISTINCT run_id FROM migrate_hooks.history")
    target = scene.database.target("staging")
    assert mend._ask(target, number, "never written") == "aborted"
    assert mend._ask(target, number, known) == "committed"


def test_what_is_sent_into_the_void_is_not_waited_for(database: Database) -> None:
    with postgres.session(database.target()) as session:
        assert session.connection.info.get_parameters()["tcp_user_timeout"] == "30000"
