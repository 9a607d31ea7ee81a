"""Questions asked at the same time, of which each is waited for until one moment and no longer."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def asked(seconds: float, questions: Sequence[Callable[[], T]]) -> list[T | None]:
    """Return the answers in their order, None for what was not answered within `seconds`.

    What is still under way then is left alone: its thread keeps no process alive. Raises what a
    question raised.
    """
    ends = time.monotonic() + seconds
    begun = [_begun(question) for question in questions]
    return [_answer(one, ends) for one in begun]


def _begun(question: Callable[[], T]) -> "Future[T]":
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(question())
        except BaseException as wrong:
            future.set_exception(wrong)

    Thread(target=run, daemon=True).start()
    return future


def _answer(future: "Future[T]", ends: float) -> T | None:
    try:
        return future.result(max(0.0, ends - time.monotonic()))
    except TimeoutError:
        if future.done():  # it was the question that raised this one
            raise
        return None
