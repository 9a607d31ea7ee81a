"""sqlfluff in processes of its own: its import takes longer than everything else together.

`python -m migrate_hooks.lint.style_worker` reads a job from its standard input and writes the
findings to its standard output. Whatever goes wrong there is done again here, where it can be said.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from migrate_hooks.lint import remembered, style
from migrate_hooks.model.finding import Finding
from migrate_hooks.outside import process

Found = dict[str, list[Finding]]
_ENOUGH_FOR_TWO = 10  # files; below that a second import costs more than it gains
_BETWEEN = 50  # files from one garbage collection to the next


def here(root: Path, texts: Mapping[str, str]) -> Callable[[], Found]:
    """Return what reads {path: text} in this process."""

    def finish() -> Found:
        from migrate_hooks.outside.sqlfluff import Style

        ready = Style(root)
        return {path: style.check(ready, path, text) for path, text in texts.items()}

    return finish


def beside(root: Path, texts: Mapping[str, str]) -> Callable[[], Found]:
    """Start one process, or two for many files, and return what waits for the findings."""
    many = len(texts) >= _ENOUGH_FOR_TWO and (os.cpu_count() or 1) > 1
    shares = [dict(list(texts.items())[first :: 1 + many]) for first in range(1 + many)]
    waiting = [_begin(root, share) for share in shares]
    return lambda: {path: found for finish in waiting for path, found in finish().items()}


def _begin(root: Path, texts: dict[str, str]) -> Callable[[], Found]:
    job = json.dumps({"root": str(root), "texts": texts}).encode()
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
    from migrate_hooks.outside.sqlfluff import Style

    job = json.load(sys.stdin)
    ready = Style(Path(job["root"]))
    answer = {}
    for number, (path, text) in enumerate(job["texts"].items(), 1):
        answer[path] = remembered.dumped(style.check(ready, path, text))
        if number % _BETWEEN == 0:
            gc.collect()
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
