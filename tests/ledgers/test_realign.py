"""Every ledger: a row is made to say what its file says, under another version if need be."""

from dataclasses import replace

import pytest

from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts import detect
from migrate_hooks.ledgers import store
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.history import Record, State
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside import postgres
from migrate_hooks.registry import member_names
from tests.databases import Database

NAMES = member_names("migrate_hooks.ledgers.adapters")
OLD, NEW = "20250101000000_add_users", "20250102000000_add_people"


def migration(ledger: Ledger, name: str, up: str) -> Migration:
    layout = detect.by_name("prisma" if ledger.name == "prisma" else "sections")
    return layout.read(f"migrations/{layout.place(name)}", layout.scaffold(up, "DROP TABLE u;"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("later", [OLD, NEW])
def test_a_realigned_row_agrees_with_its_file(database: Database, name: str, later: str) -> None:
    ledger = store.by_name(name)
    before = migration(ledger, OLD, "CREATE TABLE u (id int);")
    after = migration(ledger, later, "CREATE TABLE u (id bigint);")
    with postgres.session(database.target()) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(before, duration_ms=5))
        (was,) = store.read(session, ledger)
        session.batch(store.realigning(ledger, after, before.version.text))
        (row,) = store.read(session, ledger)
        assert [one.state for one in reconcile("dev", [after], [row])] == [State.APPLIED]
        assert replace(was, version=row.version, name=row.name, sha256=row.sha256) == replace(
            row, fingerprint=was.fingerprint, text=was.text
        ), "when it was applied, and by whom, stays"


@pytest.mark.parametrize("name", NAMES)
def test_a_locked_ledger_is_read_and_nobody_else_changes_it(database: Database, name: str) -> None:
    ledger = store.by_name(name)
    one = migration(ledger, OLD, "SELECT 1;")
    with postgres.session(database.target()) as session:
        store.ensure(session, ledger)
        store.record(session, ledger, Record(one))
        session.run("BEGIN; SET LOCAL timezone = 'UTC'")
        held = store.lock(session, ledger)
        for other in ("DELETE FROM", "LOCK TABLE"):
            with pytest.raises(Exception, match="lock timeout"):
                database.run(f"BEGIN; SET LOCAL lock_timeout = 50; {other} {ledger.place}")
        session.run("COMMIT")
        assert held == store.read(session, ledger)
