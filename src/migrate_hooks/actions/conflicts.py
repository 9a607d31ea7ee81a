"""`conflicts`: whether the migrations of two branches come to the same whichever runs first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from shlex import quote

from migrate_hooks.actions import outcome, replay, replay_ground, sources
from migrate_hooks.actions.replay import Piece, Setup
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import GitProblem, ReplayFailed
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Migration, called
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount
from migrate_hooks.outside import git
from migrate_hooks.schema import advice, compare, snapshot
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.snapshot import Reading

_ABOUT_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "TRUNCATE"})
_SHOWN = 3
HERE = "the working tree"

Tried = Reading | ReplayFailed


@dataclass(frozen=True, slots=True)
class Side:
    """One of two branches: what it is called, and the migrations that the other has not."""

    name: str
    new: tuple[Migration, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two branches, and the migrations that both have; `source` is the one that is judged."""

    common: tuple[Migration, ...]
    base: Side
    head: Side
    source: Source


@dataclass(frozen=True, slots=True)
class Clash:
    """Two migrations that do not commute: what comes of base first, and of head first."""

    base: Migration
    head: Migration
    base_first: Tried
    head_first: Tried


def run(settings: Settings, base: str, head: str | None) -> Report:
    """Replay what is new on both sides in both orders, and compare.

    `head` is a revision, None for the working tree. Raises GitProblem for a revision that there is
    not or two without a common ancestor, NoMigrationsFolder; ReplayFailed, ToolMissing or LockBusy
    where nothing could be tried.
    """
    sides = _sides(settings, base, head)
    if not sides.base.new or not sides.head.new:
        return _report(sides, (), (_nothing(sides),))
    work = partial(_clash, sides)
    nobody = replay_ground.nobody(settings)
    clash = replay_ground.on_first_that_fits(settings, sides.source, nobody, work)
    if clash is None:
        return _report(sides, (), (_same(sides), *_about_rows(sides)))
    found = _finding(settings, sides, clash)
    return _report(sides, (found,) if found else (), tuple(_about_rows(sides)))


def _sides(settings: Settings, base: str, head: str | None) -> Sides:
    root = git.require_root(settings.root)
    theirs = _commit(settings, base)
    ours = _commit(settings, head or "HEAD")
    fork = git.merge_base(root, theirs, ours)
    if fork is None:
        raise GitProblem(
            f"{base} and {head or 'HEAD'} have no common ancestor here.",
            f"Fetch more of the history: git fetch --unshallow, or git fetch origin {quote(base)}.",
        )
    source = sources.from_commit(settings, ours) if head else sources.from_worktree(settings)
    known = {one.path for one in sources.from_commit(settings, fork).migrations}
    there = sources.from_commit(settings, theirs).migrations
    paths = {one.path for one in there}
    mine = tuple(one for one in source.migrations if one.path not in known | paths)
    added = tuple(one for one in there if one.path not in known)
    # What both have got since counts as common: it is in either order.
    both = {one.path for one in source.migrations} & {one.path for one in added}
    common = tuple(one for one in source.migrations if one.path in known | both)
    return Sides(
        common,
        Side(base, tuple(one for one in added if one.path not in both)),
        Side(head or HERE, mine),
        source,
    )


def _commit(settings: Settings, revision: str) -> str:
    found = git.resolve(settings.root, revision)
    if found is None:
        raise GitProblem(
            f"There is no {revision} in this repository.",
            f"Fetch it first: git fetch origin, or name another branch than {revision}.",
        )
    return found


def _clash(sides: Sides, setup: Setup) -> Clash | None:
    """Return the first two migrations that do not commute; each side alone has to run."""
    base, head = sides.base.new, sides.head.new
    for alone in (base, head):
        _run(setup, (*sides.common, *alone))
    try_ = partial(_both, setup, sides.common)
    if _agree(*try_(base, head)):
        return None
    first = _fewest(len(base), lambda count: not _agree(*try_(base[:count], head)))
    second = _fewest(len(head), lambda count: not _agree(*try_(base[:first], head[:count])))
    return Clash(base[first - 1], head[second - 1], *try_(base[:first], head[:second]))


def _fewest(most: int, differ: Callable[[int], bool]) -> int:
    """Return the smallest count from 1 for which they differ; `most` is known to."""
    return next((count for count in range(1, most) if differ(count)), most)


def _both(
    setup: Setup,
    common: Sequence[Migration],
    base: Sequence[Migration],
    head: Sequence[Migration],
) -> tuple[Tried, Tried]:
    return _tried(setup, (*common, *base, *head)), _tried(setup, (*common, *head, *base))


def _tried(setup: Setup, migrations: Sequence[Migration]) -> Tried:
    try:
        return _run(setup, migrations)
    except ReplayFailed as failed:
        if failed.extension:
            raise
        return failed


def _run(setup: Setup, migrations: Sequence[Migration]) -> Reading:
    pieces = [Piece(called(one.path), one) for one in migrations]
    return replay.shots(setup, pieces, {len(pieces)})[len(pieces)].reading


def _agree(one: Tried, other: Tried) -> bool:
    if not isinstance(one, Reading) or not isinstance(other, Reading):
        return False
    return one.lines == other.lines or not _differences(one, other, ())


def _differences(one: Reading, other: Reading, exposed: Sequence[str]) -> list[Difference]:
    """Return what differs in earnest: in which order columns stand is nobody's quarrel."""
    found = compare.compare(*snapshot.apart(one, other), exposed)
    return [each for each in found if each.severity is not Severity.INFO]


def _finding(settings: Settings, sides: Sides, clash: Clash) -> Finding:
    one, other = called(clash.base.path), called(clash.head.path)
    code, what = _what(settings, clash)
    return Finding(
        f"conflicts/{code}",
        Severity.CRITICAL,
        f"{one} of {sides.base.name} and {other} of {sides.head.name} do not get along: {what}",
        FilePlace(clash.head.path),
        f"Merge {sides.base.name}, see to it that {other} is right behind {one}, and give it a "
        f"later number: migrate-hooks restamp {quote(clash.head.path)}",
    )


def _what(settings: Settings, clash: Clash) -> tuple[str, str]:
    first, second = clash.base_first, clash.head_first
    if isinstance(first, Reading) and isinstance(second, Reading):
        return "order", _by_order(settings, clash, first, second)
    # PostgreSQL's own words end without a full stop.
    failed = (one for one in (first, second) if isinstance(one, ReplayFailed))
    said = [f"{one.message.rstrip('.')}." for one in failed]
    if len(said) == 1:
        broken = (clash.base, clash.head) if isinstance(first, ReplayFailed) else None
        one, other = broken or (clash.head, clash.base)
        return "fails", f"with {called(one.path)} first, {called(other.path)} fails. {said[0]}"
    return "fails", f"whichever comes first, the other one fails. {said[0]} {said[1]}"


def _by_order(settings: Settings, clash: Clash, first: Reading, second: Reading) -> str:
    found = _differences(first, second, settings.exposed_schemas)
    base, head = f"{called(clash.base.path)} first", f"{called(clash.head.path)} first"
    told = [advice.message(one, base, head) for one in found[:_SHOWN]]
    more = [f"{one.kind} {dotted(one.identity)}" for one in found[_SHOWN:]]
    rest = f" Other differences: {', '.join(more[:10])}." if more else ""
    return f"which one runs first decides what comes of it. {' '.join(told)}{rest}"


def _about_rows(sides: Sides) -> Iterator[str]:
    named = [
        called(one.path)
        for one in (*sides.base.new, *sides.head.new)
        if any(each.verb.partition(" ")[0] in _ABOUT_ROWS for each in one.up.statements)
    ]
    if named:
        yield (
            f"What {', '.join(named)} do{'es' if len(named) == 1 else ''} to rows was NOT CHECKED: "
            "a scratch database has none."
        )


def _nothing(sides: Sides) -> str:
    one = next(side for side in (sides.base, sides.head) if not side.new)
    other = sides.head if one is sides.base else sides.base
    return f"{one.name} has no migration that {other.name} has not, so there is nothing to compare."


def _same(sides: Sides) -> str:
    return (
        f"{_count(sides.base)} and {_count(sides.head)} make the same schema, whichever run first."
    )


def _count(side: Side) -> str:
    return f"{amount(len(side.new), 'migration')} of {side.name}"


def _report(sides: Sides, findings: tuple[Finding, ...], notes: tuple[str, ...]) -> Report:
    ending, code = outcome.of(findings)
    return Report("conflicts", ending, code, findings=findings, notes=notes)
