"""Whether migrations come to an environment the way they should: through the one before; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Migration, called
from migrate_hooks.model.words import some

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """The environment that migrations reach first.

    `files` are those of its branch by version, None where that branch is not known here; `applied`
    are the rows of its ledger by version, None where it was not asked.
    """

    environment: Environment
    files: Mapping[str, Migration] | None
    applied: Mapping[str, Applied] | None


def judge(
    target: Environment, earlier: Earlier, arriving: Sequence[Migration], severity: Severity
) -> tuple[Finding, ...]:
    """Return what is to be said of migrations that a push brings to `target`.

    One finding for each of: not on the branch before, there with other SQL, begun there and not
    finished, not applied there.
    """
    groups: dict[Callable[..., Finding], list[Migration]] = {}
    for migration in arriving:
        reason = _reason(earlier, migration)
        if reason:
            groups.setdefault(reason, []).append(migration)
    return tuple(
        finding(target, earlier.environment, _names(found), len(found), severity)
        for finding, found in groups.items()
    )


def _reason(earlier: Earlier, migration: Migration) -> Callable[..., Finding] | None:
    version = migration.version.text
    if earlier.files is not None:
        there = earlier.files.get(version)
        if there is None:
            return _not_there
        if there.sha256 != migration.sha256 and there.checksum != migration.checksum:
            return _other_sql
    if earlier.applied is None:
        return None
    row = earlier.applied.get(version)
    if row is None:
        return _not_applied
    return _failed if row.failed else None


def _not_there(
    target: Environment, earlier: Environment, names: str, count: int, severity: Severity
) -> Finding:
    return _finding(
        "not-on-branch",
        target,
        severity,
        f"{names} would reach {target.name} and {_are(count)} not on {earlier.branch}, the branch "
        f"of {earlier.name}: nobody has run {_it(count)} before.",
        f"Merge into {earlier.branch}, push that, and apply it there first: "
        f"migrate-hooks apply --env={earlier.name}",
    )


def _other_sql(
    target: Environment, earlier: Environment, names: str, count: int, severity: Severity
) -> Finding:
    return _finding(
        "other-sql",
        target,
        severity,
        f"{names} would reach {target.name} with other SQL than {earlier.branch} has, the branch "
        f"of {earlier.name}: what was tried there is not what would run.",
        f"Bring both to the same text: git diff {earlier.branch} -- the file; what was applied "
        "already stays, and what should change is a new migration.",
    )


def _not_applied(
    target: Environment, earlier: Environment, names: str, count: int, severity: Severity
) -> Finding:
    return _finding(
        "not-applied",
        target,
        severity,
        f"{names} would reach {target.name} and {_are(count)} not applied on {earlier.name} yet: "
        f"nobody has run {_it(count)} before.",
        f"Apply it there first: migrate-hooks apply --env={earlier.name}",
    )


def _failed(
    target: Environment, earlier: Environment, names: str, count: int, severity: Severity
) -> Finding:
    return _finding(
        "failed",
        target,
        severity,
        f"{names} would reach {target.name}, and {earlier.name} began {_it(count)} and did not "
        "finish.",
        f"Settle that first: migrate-hooks repair --env={earlier.name}",
    )


def _finding(
    code: str, target: Environment, severity: Severity, message: str, hint: str
) -> Finding:
    place = ObjectPlace.whole(target.name)
    return Finding(f"promotion/{code}", severity, message, place, hint)


def _names(migrations: Sequence[Migration]) -> str:
    return some([called(one.path) for one in migrations], _SHOWN)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _it(count: int) -> str:
    return "it" if count == 1 else "them"
