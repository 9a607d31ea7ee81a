"""The open connections of this process, for who has to end what they do before they are done."""

import time
from contextlib import suppress
from threading import Thread
from typing import Any
from weakref import WeakSet

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

OPEN: "WeakSet[Connection]" = WeakSet()
"""Who opens one adds it, and discards it once it is closed."""


def cancel_all(seconds: float) -> None:
    """Cancel what runs in every open connection; wait no longer than `seconds`.

    For a process that ends and does not wait for answers: servers would work on for nobody.
    """
    threads = [Thread(target=_cancel, args=(one, seconds), daemon=True) for one in tuple(OPEN)]
    ends = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))


def _cancel(connection: Connection, seconds: float) -> None:
    with suppress(psycopg.Error):
        connection.cancel_safe(timeout=seconds)
