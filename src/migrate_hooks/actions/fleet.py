"""Many databases of one environment: which of them, and one thing done to each at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from migrate_hooks.config import fleet, targets
from migrate_hooks.history import waves
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount, some

T = TypeVar("T")

SHOWN = 10
"""How many databases are named for people; a report for programs has them all."""
PARALLEL = 4


@dataclass(frozen=True, slots=True)
class Shard:
    """The part of many databases that one machine looks after: `number` (from 1) of `of`."""

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class Fleet:
    """Databases to work on, out of `total`; `settings` know each of them as an environment."""

    many: Environment
    members: tuple[Environment, ...]
    settings: Settings
    total: int
    shard: Shard

    @property
    def called(self) -> str:
        """What it is called in a sentence."""
        part = f", shard {self.shard} of {self.total}" if self.shard.of > 1 else ""
        return f"{self.many.name} ({amount(len(self.members), 'database')}{part})"


def gather(settings: Settings, name: str, shard: Shard) -> Fleet:
    """Return the databases of environment `name`; a shard of few may have none of them."""
    many = targets.environment(settings, name)
    every = [one.environment for one in fleet.members(settings, many)]
    mine = tuple(one for one in every if waves.is_in_shard(one.name, shard.number, shard.of))
    known = replace(settings, environments=(*settings.environments, *mine))
    return Fleet(many, mine, known, len(every), shard)


@dataclass(frozen=True, slots=True)
class Crew:
    """Threads that work on databases, never more than some at once."""

    pool: ThreadPoolExecutor
    size: int

    def each(
        self,
        members: Sequence[Environment],
        work: Callable[[Environment], T],
        may_start: Callable[[], bool],
        interrupted: Callable[[], None],
    ) -> Iterator[tuple[Environment, T]]:
        """Yield what `work` makes of each, as it comes; nothing is begun once `may_start` says no.

        At the first ctrl-C `interrupted` is called, nothing new is begun, and what is under way is
        waited for; the second one goes through.
        """
        waiting = list(reversed(members))
        under_way: dict[Future[T], Environment] = {}
        stopped = False
        while under_way or (waiting and may_start() and not stopped):
            while waiting and len(under_way) < self.size and may_start() and not stopped:
                one = waiting.pop()
                under_way[self.pool.submit(work, one)] = one
            try:
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:
                if stopped:
                    raise
                stopped = True
                interrupted()
                continue
            for future in done:
                yield under_way.pop(future), future.result()


@contextmanager
def crew(size: int) -> Iterator[Crew]:
    """Yield threads for at most `size` databases at once."""
    with ThreadPoolExecutor(size) as pool:
        yield Crew(pool, size)


def named(members: Sequence[str]) -> str:
    """Return a few of many names, and how many more there are."""
    return some(members, SHOWN)
