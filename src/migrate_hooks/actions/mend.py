"""Carrying out repairs: all of them in one transaction under our lock, or none."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate_hooks.actions import locking, witness
from migrate_hooks.errors import ConnectionLost, Exit, Failure, LockBusy, QueryFailed, Refused
from migrate_hooks.history.session import AS_BEFORE, BEGIN
from migrate_hooks.ledgers import bookkeeping, own_tables, store
from migrate_hooks.ledgers.base import Ledger, quoted
from migrate_hooks.model.books import Deed, Standing
from migrate_hooks.model.environment import Target
from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.repair import Kind, Repair, Situation
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside.postgres import Query, Session

_XID = "SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text"
_STATUS = "SELECT pg_catalog.pg_xact_status(%s::pg_catalog.xid8)"
_WRITTEN = "SELECT 1 FROM migrate_hooks.history WHERE run_id OPERATOR(pg_catalog.=) %s LIMIT 1"
_SECONDS_TO_ASK = 10
_DIRECTIONS = ("up", "down")
_LOCK_TIMEOUT = "55P03"
_DENIED = "42501"


@dataclass(frozen=True, slots=True)
class Job:
    """What repairs are carried out with, and on whose behalf.

    `rows` are what the ledger had when the repairs were planned; `because` is the stated reason.
    """

    session: Session
    ledger: Ledger
    settings: ApplySettings
    situation: Situation
    rows: tuple[Applied, ...]
    standing: Standing
    run_id: str
    who: str
    because: str
    git_commit: str | None = None


class Unclear(Failure):
    """The connection was lost at COMMIT, and nobody can be asked what became of it."""

    code = "repair/unclear"
    exit = Exit.PARTIAL


def carry_out(job: Job, repairs: Sequence[Repair]) -> None:
    """Do all of them. Raises LockBusy, Refused when the state is not what the plan saw, Unclear.

    Whatever is raised but Unclear: nothing was changed.
    """
    session = job.session
    transaction = ""
    try:
        _open(job)
        transaction = str(session.value(_XID))
        _refuse_other_state(job)
        deeds = [bookkeeping.write_down(_deed(job, one, transaction)) for one in repairs]
        work = [query for one in repairs for query in _queries(job, one)]
        session.batch(*work, *deeds)
    except QueryFailed as refused:
        session.roll_back_quietly()
        raise _explained(job, refused) from None
    except BaseException:
        session.roll_back_quietly()
        raise
    _commit(session, transaction, job.run_id)


def _explained(job: Job, refused: QueryFailed) -> Failure:
    """Return what the server's refusal means; nothing was changed."""
    name, place = job.situation.environment, job.ledger.place
    if refused.sqlstate == _LOCK_TIMEOUT:
        return LockBusy(
            f"Another session has {place} of {name} in use, so nothing was changed.",
            f"Wait until it is done, then look again: migrate-hooks repair --env={name}",
        )
    if refused.sqlstate == _DENIED:
        role = quoted(job.session.target.user or "…")
        return Refused(
            f"The server refused: {refused.message}. Nothing was changed in {name}.",
            f"Grant it: GRANT SELECT, INSERT, UPDATE, DELETE ON {place} TO {role};",
        )
    return refused


def _open(job: Job) -> None:
    session, patience = job.session, job.settings.lock_timeout
    session.batch(
        *((sql, ()) for sql in (*AS_BEFORE, BEGIN)),
        ("SET LOCAL search_path = ''", ()),
        ("SET LOCAL timezone = 'UTC'", ()),
        ("SET LOCAL row_security = off", ()),
        (f"SET LOCAL lock_timeout = '{patience}ms'", ()),
    )
    locking.for_transaction(session, job.ledger, job.settings.lock_wait)
    store.ensure(session, job.ledger)
    if job.standing is Standing.MISSING:
        bookkeeping.create(session)


def _refuse_other_state(job: Job) -> None:
    """Refuse when anybody changed ledger, marks or identity since the repairs were planned."""
    rows = store.lock(job.session, job.ledger)
    begun, recorded = job.session.batch(own_tables.UNFINISHED, own_tables.RECORDED)
    books = job.situation.books
    was = books.recorded
    then = [(was.system_identifier, was.database, was.environment)] if was else []
    marks = [(one.version, one.direction, one.progress) for one in books.unfinished]
    now = [(one.version, one.direction, one.progress) for one in own_tables.unfinished(begun)]
    if rows == job.rows and marks == now and recorded == then:
        return
    name = job.situation.environment
    raise Refused(
        f"{name} changed between the plan and its repair: somebody applied or repaired something "
        "meanwhile. Nothing was changed.",
        f"Look again, then decide anew: migrate-hooks repair --env={name}",
    )


def _queries(job: Job, repair: Repair) -> Iterator[Query]:
    migration, version = repair.migration, repair.version
    if repair.kind is Kind.ADOPT_IDENTITY:
        here, name = job.situation.books.here, job.situation.environment
        yield from bookkeeping.identify(here, name, job.who)
    if migration is None:
        return
    if repair.progress:
        yield bookkeeping.keep(version, repair.direction, repair.progress, job.run_id)
    if repair.kind is Kind.REALIGN:
        yield store.realigning(job.ledger, migration, repair.held)
    if repair.kind in (Kind.MARK_APPLIED, Kind.BASELINE):
        done = Record(
            migration, job.run_id, job.git_commit, job.who, duration_ms=0, statements_done=0
        )
        yield from store.recording(job.ledger, done)
    if repair.kind is Kind.MARK_REVERTED or (repair.kind is Kind.CLEAR_FAILED and repair.held):
        yield store.forgetting(job.ledger, migration)
    if repair.kind in _SETTLES:
        yield from (bookkeeping.drop(version, direction) for direction in _DIRECTIONS)


_SETTLES = (Kind.MARK_APPLIED, Kind.BASELINE, Kind.MARK_REVERTED, Kind.CLEAR_FAILED)


def _deed(job: Job, repair: Repair, transaction: str) -> Deed:
    migration = repair.migration
    has_file = migration is not None and bool(migration.path)
    return Deed(
        f"repair {repair.kind}",
        "done",
        version=repair.version or None,
        name=migration.name if migration else None,
        checksum=migration.checksum if migration and has_file else None,
        run_id=job.run_id,
        transaction_id=transaction,
        git_commit=job.git_commit,
        who=job.who,
        note=job.because,
    )


def _commit(session: Session, transaction: str, run_id: str) -> None:
    name = session.target.environment
    try:
        session.run("COMMIT")
    except (ConnectionLost, KeyboardInterrupt):
        session.connection.close()  # so that the server decides, if it has not done so
        status = _ask(session.target, transaction, run_id)
        if status == "committed":
            return
        if status == "aborted":
            raise Refused(
                f"The line to {name} was cut at COMMIT, and the server rolled the repair back: "
                "nothing was changed.",
                "Run it again.",
            ) from None
        raise Unclear(
            f"The line to {name} was cut at COMMIT, and whether the repair took effect is "
            "not known.",
            f"See what stands before anything else: migrate-hooks repair --env={name}",
        ) from None


def _ask(target: Target, transaction: str, run_id: str) -> str:
    """Ask over new connections what became of a transaction; "" when nobody answers in time."""
    deadline = time.monotonic() + _SECONDS_TO_ASK
    status = ""
    while status in ("", "in progress") and time.monotonic() < deadline:
        try:
            with witness.session(target) as fresh:
                status = str(fresh.value(_STATUS, [transaction]))
                if status == "committed" and not fresh.rows(_WRITTEN, [run_id]):
                    status = "aborted"  # a crash has lost ours and given its number to another
        except Failure:
            status = ""
        time.sleep(0.2)
    return status
