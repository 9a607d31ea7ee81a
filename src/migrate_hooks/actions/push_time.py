"""Work that goes on at the same time, and is waited for no longer than there is time.

What is not done then is left alone: its threads are daemons, so that they keep no process alive.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TypeVar

from migrate_hooks.errors import NotInTime

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock, in seconds, and how long that was when it was set."""

    at: float
    budget: float

    def left(self) -> float:
        """Return the seconds until then, 0 when it is over."""
        return max(0.0, self.at - time.monotonic())

    def sooner(self, seconds: float) -> "Deadline":
        """Return the moment that is so long before this one."""
        return Deadline(self.at - seconds, self.budget)

    @property
    def passed(self) -> NotInTime:
        """What to say of what was not done by then."""
        return NotInTime(
            f"not done within the {self.budget:g} s that a push is looked at.",
            'Push again, or give it more time: push.budget = "20s" in migrate-hooks.toml.',
        )


def within(milliseconds: int) -> Deadline:
    """Return the deadline that is so far away."""
    seconds = milliseconds / 1_000
    return Deadline(time.monotonic() + seconds, seconds)


def start(work: Callable[[], T]) -> "Future[T]":
    """Begin `work` beside us; its result, or whatever it raises, is in the future."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as wrong:
            future.set_exception(wrong)

    Thread(target=run, daemon=True).start()
    return future


def lazily(work: Callable[[], T]) -> "Callable[[], Future[T]]":
    """Return what begins `work` when it is first called, and gives its future ever after."""
    begun: list[Future[T]] = []
    lock = Lock()

    def get() -> "Future[T]":
        with lock:
            if not begun:
                begun.append(start(work))
        return begun[0]

    return get


def wait(future: "Future[T]", deadline: Deadline, late: NotInTime | None = None) -> T:
    """Return a result; raises what the work raised, and `late` when there is no more time."""
    try:
        return future.result(deadline.left())
    except TimeoutError:
        if future.done():  # it was the work that raised this one
            raise
        raise (late or deadline.passed) from None
