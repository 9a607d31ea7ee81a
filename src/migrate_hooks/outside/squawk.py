"""squawk, the safety engine: texts in, raw findings out.

Its exit code says nothing (1 for findings, for broken SQL and for a file that is not there), so
only its JSON is believed. It gets copies of the texts in a folder of its own, under the same
relative paths, because `excluded_paths` of a repository's own configuration is about paths.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate_hooks.errors import ConfigProblem, Failure, ToolMissing
from migrate_hooks.outside import copies, process

CONFIG = ".squawk.toml"
TIME_LIMIT = 120.0  # seconds; 427,000 lines took it 8.5


@dataclass(frozen=True, slots=True)
class RawFinding:
    """One finding as squawk words it; lines and columns count characters from 1."""

    path: str
    rule: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    help: str


def begin(
    texts: Mapping[str, str],
    *,
    in_transaction: bool,
    server_version: int | None = None,
    config: Path | None = None,
) -> Callable[[], tuple[RawFinding, ...]]:
    """Start one squawk process on {path: text}; return what waits for what it says.

    `in_transaction` tells it whether a transaction will wrap each file; `server_version` is a major
    version. Raises ToolMissing; what waits raises ConfigProblem for a configuration it refuses, and
    Failure when it gives no answer.
    """
    from tempfile import TemporaryDirectory

    program = find_program()
    temporary = TemporaryDirectory(prefix="migrate-hooks-")
    folder = Path(temporary.name)
    names = copies.write(folder, texts)
    words = _words(in_transaction, server_version, config, folder)

    def work() -> process.Finished:
        with temporary:
            return process.run([program, *words, "--", *names], cwd=folder, timeout=TIME_LIMIT)

    waiting = process.beside(work)

    def finish() -> tuple[RawFinding, ...]:
        answer = _decode(waiting(), config)
        return tuple(_finding(row, names[row["file"]], texts) for row in answer)

    return finish


def find_program() -> str:
    """Return squawk's path: the one installed beside this Python first, then PATH."""
    found = process.find("squawk")
    if found is None:
        raise ToolMissing(
            "squawk was not found, so nothing can say whether these migrations are safe.",
            "Install it with `pip install squawk-cli`, or set `safety = false` under [lint].",
        )
    return found


def _words(
    in_transaction: bool, server_version: int | None, config: Path | None, folder: Path
) -> list[str]:
    if config is None:  # or squawk would take one from a folder above the copies
        config = folder / "_empty.toml"
        config.touch()
    mode = "--assume-in-transaction" if in_transaction else "--no-assume-in-transaction"
    words = ["--reporter", "json", "--no-error-on-unmatched-pattern", mode]
    words += ["--config", str(config.absolute())]
    return words if server_version is None else [*words, "--pg-version", f"{server_version}.0"]


def _decode(done: process.Finished, config: Path | None) -> list[dict[str, Any]]:
    """Return squawk's rows; what it says instead of JSON becomes a failure."""
    said = done.stderr.decode("utf-8", "replace").strip()
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if isinstance(answer, list):
        return answer
    if "Configuration error" in said and config is not None:
        reason = said.partition("Configuration error:")[2].strip()
        raise ConfigProblem(
            f"squawk refuses {config.name}: {reason}.", f"Correct that line of {config.name}."
        )
    first = (said.splitlines() or ["no output"])[0]
    raise Failure(f"squawk ended with code {done.code} and gave no answer: {first}")


def _finding(row: Mapping[str, Any], path: str, texts: Mapping[str, str]) -> RawFinding:
    lines = texts[path].removeprefix("\ufeff").split("\n")
    return RawFinding(
        path,
        str(row["rule_name"]),
        row["line"] + 1,
        _column(lines, row["line"], row["column"]),
        row["line_end"] + 1,
        _column(lines, row["line_end"], row["column_end"]),
        str(row["message"]),
        str(row["help"] or ""),
    )


def _column(lines: list[str], line: int, offset: int) -> int:
    """Turn squawk's offset, in bytes from 0, into a column in characters from 1."""
    if line >= len(lines):
        return 1
    return len(lines[line].encode()[:offset].decode("utf-8", "ignore")) + 1
