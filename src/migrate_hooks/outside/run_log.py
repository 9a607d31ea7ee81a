"""A run's log: JSON lines in the user's state folder, for whoever asks later what happened."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from migrate_hooks.outside import clock

KEPT = 50
"""Logs that stay; older ones go when a new one is begun."""


def folder() -> Path:
    """Return where the logs are: below XDG_STATE_HOME, or ~/.local/state."""
    state = os.environ.get("XDG_STATE_HOME")
    base = Path(state) if state and Path(state).is_absolute() else Path.home() / ".local/state"
    return base / "migrate-hooks" / "runs"


@dataclass(frozen=True, slots=True)
class RunLog:
    """An open log; `path` is None where none could be begun."""

    path: Path | None
    _descriptor: int
    _redact: Callable[[str], str]

    def write(self, event: str, **fields: object) -> None:
        """Add one line; a full disk stops the log and nothing else."""
        if self.path is None:
            return
        safe = {name: self._safe(value) for name, value in fields.items()}
        line = json.dumps({"at": _now(), "event": event, **safe})
        with suppress(OSError):
            os.write(self._descriptor, f"{line}\n".encode())

    def _safe(self, value: object) -> object:
        plain = value is None or isinstance(value, bool | int | float)
        return value if plain else self._redact(str(value))

    def close(self) -> None:
        """Close the file."""
        if self.path is not None:
            os.close(self._descriptor)


def new_id() -> str:
    """Return what names a run: its moment, by which runs are sorted, and a part like no other."""
    return f"{clock.utc_now():%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"


def begin(run_id: str, redact: Callable[[str], str]) -> RunLog:
    """Begin the log of a run, which only its user may read; no folder for it is no reason to stop.

    `redact` takes secrets out of each text.
    """
    try:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _prune(place)
        path = place / f"{run_id}.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        return RunLog(path, os.open(path, flags, 0o600), redact)
    except (OSError, RuntimeError):  # of the latter kind is a user without a home
        return RunLog(None, -1, redact)


def _prune(place: Path) -> None:
    logs = sorted(place.glob("*.jsonl"))
    for old in logs[: max(len(logs) - KEPT + 1, 0)]:
        with suppress(OSError):
            old.unlink()


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
