"""The program as a user meets it: a process with words, an exit code and two streams."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Finished(NamedTuple):
    """What a process left behind; unpacks as (code, stdout, stderr)."""

    code: int
    stdout: str
    stderr: str


class Program:
    """Runs `python -P -m migrate_hooks` in `folder` unless told otherwise."""

    start: tuple[str, ...] = (sys.executable, "-P", "-m", "migrate_hooks")

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        *words: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        timeout: float = 120,
    ) -> Finished:
        """Run to the end; `env` is added to this process's environment."""
        done = subprocess.run(
            [*self.start, *map(str, words)],
            cwd=cwd or self.folder,
            env={**os.environ, **(env or {})},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)
