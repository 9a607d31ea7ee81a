"""sqlfluff in processes of its own: its import takes longer than everything else together.

`python -m migrate_hooks.lint.style_worker` reads a job, one line, from its standard input and
writes the findings to its standard output. Whatever goes wrong there is done again here, where it
can be said. Nothing is imported before it is needed: a worker that starts sooner is done sooner.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

from migrate_hooks.lint import remembered
from migrate_hooks.lint.remembered import Found
from migrate_hooks.outside import process

_ENOUGH = 5  # files for each process; with fewer its import costs more than it gains
_MOST = 4  # processes; each takes 70 MB
_BETWEEN = 50  # files from one garbage collection to the next


def here(root: Path, texts: Mapping[str, str]) -> Callable[[], Found]:
    """Return what reads {path: text} in this process."""

    def finish() -> Found:
        from migrate_hooks.lint import style
        from migrate_hooks.outside.sqlfluff import Style

        ready = Style(root)
        return {path: style.check(ready.lint, path, text) for path, text in texts.items()}

    return finish


def beside(root: Path, texts: Mapping[str, str]) -> Callable[[], Found]:
    """Start a process, or several for many files, and return what waits for the findings."""
    count = max(1, min(len(texts) // _ENOUGH, _MOST, _processors()))
    shares = [dict(list(texts.items())[first::count]) for first in range(count)]
    waiting = [_begin(root, share) for share in shares]
    return lambda: {path: found for finish in waiting for path, found in finish().items()}


def _processors() -> int:
    """Return how many processors this process may use, which a container may limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(root: Path, texts: dict[str, str]) -> Callable[[], Found]:
    job = json.dumps({"root": str(root), "texts": texts}).encode() + b"\n"
    waiting = process.begin([sys.executable, "-P", "-m", __name__], stdin=job)

    def finish() -> Found:
        done = waiting()
        try:
            answer = {
                path: remembered.loaded(rows) for path, rows in json.loads(done.stdout).items()
            }
        except ValueError:
            answer = {}
        found = {path: rows for path, rows in answer.items() if rows is not None}
        return found if found.keys() == texts.keys() else here(root, texts)()

    return finish


def main() -> None:
    """Do one job; nothing is tidied up, because the process ends with it."""
    gc.disable()
    job = json.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_parent, daemon=True).start()
    # Where pytest is installed, sqlfluff loads it for helpers of its own tests.
    sys.modules["pytest"] = None  # type: ignore[assignment]
    from migrate_hooks.lint import style
    from migrate_hooks.outside.sqlfluff import Style

    ready = Style(Path(job["root"]))
    answer = {}
    for number, (path, text) in enumerate(job["texts"].items(), 1):
        answer[path] = remembered.dumped(style.check(ready.lint, path, text))
        if number % _BETWEEN == 0:
            gc.collect()
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)


def _end_with_parent() -> None:
    """End this process as soon as nobody waits for its answer: a killed parent leaves none."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
