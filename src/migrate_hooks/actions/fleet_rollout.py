"""Databases brought forward one after the other: a few first, then waves, until enough failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from migrate_hooks.actions import apply, explain, fleet, outcome
from migrate_hooks.actions.apply import Order
from migrate_hooks.actions.fleet import Fleet, Shard
from migrate_hooks.actions.sources import Source
from migrate_hooks.actions.voice import Voice
from migrate_hooks.errors import Exit, Failure
from migrate_hooks.history import waves
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.words import amount

DONE, FAILED, LEFT = "applied", "failed", "not begun"


@dataclass(frozen=True, slots=True)
class Rollout:
    """How many databases follow each other.

    `canary` are in the first wave, all of which must go well, `wave` in each further one; 0 is no
    such wave. Nothing is begun once `stop_after` have failed. `parallel` are worked on at once.
    """

    shard: Shard = field(default_factory=Shard)
    canary: int = 1
    wave: int = 50
    stop_after: int = 1
    parallel: int = fleet.PARALLEL


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one database: a word, how it ended, and what was found."""

    environment: str
    state: str
    exit_code: Exit = Exit.CLEAN
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Progress:
    """What is known so far of a rollout that is under way."""

    ended: dict[str, Ended] = field(default_factory=dict)
    failures: int = 0
    interrupted: bool = False

    def note(self, one: Ended) -> None:
        """Remember what became of one database; everything but success counts as a failure."""
        self.ended[one.environment] = one
        self.failures += one.exit_code != Exit.CLEAN


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, to which databases out of all, and how."""

    all: Fleet
    waiting: tuple[Environment, ...]
    order: Order
    source: Source
    voice: Voice
    how: Rollout

    @property
    def groups(self) -> tuple[tuple[Environment, ...], ...]:
        """The waves."""
        return tuple(waves.waves(self.waiting, self.how.canary, self.how.wave))


def carry_out(work: Work, progress: Progress) -> None:
    """Bring the databases forward, wave by wave, until `progress` forbids to begin another."""
    groups = work.groups
    with fleet.crew(work.how.parallel) as crew:
        for number, group in enumerate(groups):
            # One bad canary is enough, whatever may fail later.
            is_canary = number == 0 and work.how.canary > 0
            limit = progress.failures + 1 if is_canary else work.how.stop_after
            words = f"wave {number + 1} of {len(groups)}"
            canary = ", the canary" if is_canary and len(groups) > 1 else ""
            work.voice.say(f"{words}: {amount(len(group), 'database')}{canary}")
            _wave(work, crew, group, words, limit, progress)
            if progress.interrupted or progress.failures >= limit:
                break
    work.voice.status("")


def _wave(
    work: Work,
    crew: fleet.Crew,
    group: Sequence[Environment],
    words: str,
    limit: int,
    progress: Progress,
) -> None:
    def interrupted() -> None:
        progress.interrupted = True
        work.voice.say("  Interrupted: nothing new is begun, what is under way is finished …")

    def may_start() -> bool:
        return progress.failures < limit

    endings = crew.each(group, lambda member: _one(work, member), may_start, interrupted)
    for count, (_, ended) in enumerate(endings, start=1):
        progress.note(ended)
        work.voice.status(f"{words}: {count} of {len(group)} done")
        if ended.state == FAILED:
            work.voice.say(f"  {ended.environment} {FAILED}")


def _one(work: Work, member: Environment) -> Ended:
    """Bring one database forward; whatever goes wrong there is told and not raised."""
    # The second word was said for all of them; each one's guard wants its own name.
    agreed = replace(work.order.consent, yes=member.name)
    own = replace(work.order, environment=member.name, consent=agreed)
    try:
        report = apply.one(work.all.settings, own, work.source, Voice())
    except Failure as failure:
        return _broken(member, failure)
    except Exception as bug:  # what became of the others must be told all the same
        return _broken(member, explain.bug(bug))
    state = DONE if report.exit_code == Exit.CLEAN else FAILED
    return Ended(member.name, state, report.exit_code, report.findings)


def _broken(member: Environment, failure: Failure) -> Ended:
    finding = outcome.finding(failure, Severity.CRITICAL, member.name)
    return Ended(member.name, FAILED, failure.exit, (finding,))
