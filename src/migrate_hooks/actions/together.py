"""Questions asked at the same time, of which each is waited for until one moment and no longer."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from migrate_hooks.actions import push_time

T = TypeVar("T")


def asked(seconds: float, questions: Sequence[Callable[[], T]]) -> list[T | None]:
    """Return the answers in their order, None for what was not answered within `seconds`.

    What is still under way then is left alone: its thread keeps no process alive. Raises what a
    question raised.
    """
    ends = time.monotonic() + seconds
    begun = [push_time.start(question) for question in questions]
    return [_answer(one, ends) for one in begun]


def _answer(future: "Future[T]", ends: float) -> T | None:
    try:
        return future.result(max(0.0, ends - time.monotonic()))
    except TimeoutError:
        if future.done():  # it was the question that raised this one
            raise
        return None
