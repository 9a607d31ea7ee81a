"""`status`: where every migration stands in one environment, or in all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.actions import familiar, outcome, sources, whereabouts
from migrate_hooks.config import targets
from migrate_hooks.errors import Failure, UsageProblem
from migrate_hooks.history import guard, judge
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.model.books import Unfinished
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import Applied, Entry
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Report
from migrate_hooks.model.settings import Settings

if TYPE_CHECKING:
    from migrate_hooks.actions.fleet import Shard


@dataclass(frozen=True, slots=True)
class Standing:
    """One environment's entries, or the failure that kept them from being read.

    `begun` are migrations that ran statement by statement and stopped halfway.
    """

    environment: str
    entries: tuple[Entry, ...] = ()
    begun: tuple[Unfinished, ...] = ()
    place: str = ""
    failure: Failure | None = None


def run(
    settings: Settings, environment: str | None, everything: bool, shard: "Shard | None" = None
) -> Report:
    """Return the report of one environment, or of every configured one.

    `shard` is the part that is looked at of one that stands for many databases.
    Raises UsageProblem when neither was asked for, UnknownEnvironment, NoMigrationsFolder.
    """
    names = _names(settings, environment, everything)
    if environment and not everything and targets.environment(settings, environment).is_many:
        from migrate_hooks.actions import fleet, fleet_status

        return fleet_status.run(settings, environment, shard or fleet.Shard())
    source = sources.from_worktree(settings)
    standings = _stand_all(settings, names, source)
    for one in standings:
        familiar.remember(source.layout.name, one.entries)
    doubtful = (*source.problems, *guard.duplicates(source.migrations))
    return _report(settings.root, environment or "", doubtful, standings)


def _stand_all(settings: Settings, names: Sequence[str], source: sources.Source) -> list[Standing]:
    def one(name: str) -> Standing:
        return stand(settings, name, source.migrations, source.ledger)

    if len(names) == 1:
        return [one(names[0])]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(one, names))


def _names(settings: Settings, environment: str | None, everything: bool) -> list[str]:
    known = [one.name for one in settings.environments]
    if everything:
        return known
    if environment is None:
        raise UsageProblem(
            "Which environment?",
            f"Add --env=NAME (known: {', '.join(known)}), or --all for every one.",
        )
    return [targets.environment(settings, environment).name]


def stand(
    settings: Settings,
    environment: str,
    migrations: Sequence[Migration],
    ledger: Wanted,
    connect_timeout: int = 10,
) -> Standing:
    """Compare `migrations` with one environment's ledger; a Failure becomes part of the value.

    `connect_timeout` in seconds.
    """
    try:
        target = targets.target(settings, environment)
        place = f"{target.address}/{target.database}, from {target.source}"
        rows, begun = _read(target, ledger, connect_timeout)
    except Failure as failure:
        return Standing(environment, failure=failure)
    return Standing(environment, reconcile(environment, migrations, rows), begun, place)


def _read(
    target: Target, wanted: Wanted, connect_timeout: int
) -> tuple[tuple[Applied, ...], tuple[Unfinished, ...]]:
    """Return the rows of a database's ledger, and what stopped halfway."""
    from migrate_hooks.ledgers import choose, own_tables, store
    from migrate_hooks.outside import postgres

    with postgres.session(target, connect_timeout=connect_timeout) as session:
        rows = store.read(session, choose.ledger(session, wanted))
        return rows, own_tables.begun(session)


def halfway(standing: Standing) -> tuple[Finding, ...]:
    """Return a finding for every migration that stopped between two of its statements."""
    if not standing.begun:
        return ()
    from migrate_hooks.history import soundness

    return soundness.of_progress(standing.environment, standing.begun, "status")


def _report(
    root: Path, environment: str, problems: tuple[Finding, ...], standings: Sequence[Standing]
) -> Report:
    stood = (entry for standing in standings for entry in standing.entries)
    entries = whereabouts.locate(root, tuple(stood))
    unchecked = [one for one in standings if one.failure]
    findings = (
        *problems,
        *judge.findings(entries, Severity.WARNING),
        *(finding for one in standings for finding in halfway(one)),
        *(outcome.not_checked(one.environment, one.failure) for one in unchecked if one.failure),
    )
    ending, code = outcome.of(findings, unchecked=bool(unchecked))
    return Report(
        action="status",
        environment=environment,
        outcome=ending,
        exit_code=code,
        findings=findings,
        entries=entries,
        notes=tuple(_sentence(standing) for standing in standings if not standing.failure),
    )


def _sentence(standing: Standing) -> str:
    empty = "" if standing.entries else ": no migrations, neither as files nor in the ledger"
    return f"{standing.environment} is {standing.place}{empty}"
