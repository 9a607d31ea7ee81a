"""sqruff, sqlfluff's rules in Rust: texts in, raw findings out; one process for many texts.

It gets copies of the texts and one configuration made of the repository's own files, because it
would search in the folder that the copies are in. Only its JSON is believed.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as ParserError
from io import StringIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from migrate_hooks.errors import ConfigProblem, Failure, ToolMissing
from migrate_hooks.outside import copies, process
from migrate_hooks.outside.raw_style import FIXED, NOT_STYLE, RULES, RawStyle, folders

TIME_LIMIT = 120.0  # seconds; 100 files took it 0.2
FILES = (".sqlfluff", ".sqruff")
_SECTION = "sqlfluff"

Found = dict[str, tuple[RawStyle, ...]]
"""What it says about each path."""


def begin(root: Path, texts: Mapping[str, str]) -> Callable[[], Found]:
    """Start a process for each configuration among {path: text}; return what waits for all.

    Raises ToolMissing, and ConfigProblem for a configuration that cannot be read; what waits raises
    ConfigProblem for one that sqruff refuses, and Failure when it gives no answer.
    """
    program = _find_program()
    groups: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        groups.setdefault(_configuration(root, PurePosixPath(path).parent), {})[path] = text
    waiting = [_begin(program, config, group) for config, group in groups.items()]
    return lambda: {path: found for finish in waiting for path, found in finish().items()}


def _find_program() -> str:
    found = process.find("sqruff")
    if found is None:
        raise ToolMissing(
            "sqruff was not found, and style_engine under [lint] asks for it.",
            'Install it with `pip install sqruff`, or set `style_engine = "sqlfluff"`.',
        )
    return found


def _begin(program: str, config: str, texts: Mapping[str, str]) -> Callable[[], Found]:
    temporary = TemporaryDirectory(prefix="migrate-hooks-")
    folder = Path(temporary.name)
    names = copies.write(folder, texts)
    (folder / "_config").write_text(config, "utf-8")
    options = ("--config", "_config", "--ignore-local-config", "--parsing-errors", "--nocolor")
    words = ("lint", "--format", "json", "--disregard-sqruffignores", "--", *names)

    def work() -> process.Finished:
        with temporary:
            return process.run([program, *options, *words], cwd=folder, timeout=TIME_LIMIT)

    waiting = process.beside(work)

    def finish() -> Found:
        answer = _decode(waiting())
        unread = [path for name, path in names.items() if name not in answer]
        if unread:
            raise Failure(f"sqruff gave no answer for {unread[0]}")
        return {path: tuple(_findings(answer[name])) for name, path in names.items()}

    return finish


def _decode(done: process.Finished) -> dict[str, list[Any]]:
    """Return sqruff's rows for each file; what it says instead of JSON becomes a failure."""
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    said = done.stderr.decode("utf-8", "replace").strip()
    first = (said.splitlines() or ["no output"])[0]
    if "config" in first.lower():
        raise _refused(first)
    raise Failure(f"sqruff ended with code {done.code} and gave no answer: {first}")


def _findings(rows: Iterable[Mapping[str, Any]]) -> Iterator[RawStyle]:
    for row in rows:
        start = row["range"]["start"]
        code = row["code"] or "PRS"
        message = str(row["message"]).partition("\n")[0]
        yield RawStyle(start["line"], start["character"], code, message, code in NOT_STYLE)


def _configuration(root: Path, folder: PurePosixPath) -> str:
    """Return our few rules, what the folders say, and what they may not change; nearest wins."""
    parser = ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser[_SECTION] = {"rules": RULES}
    for place in folders(root, folder):
        for name in FILES:
            _add(parser, place / name)
    parser[_SECTION].update({key: str(value) for key, value in FIXED.items()})
    written = StringIO()
    parser.write(written)
    return written.getvalue()


def _add(parser: ConfigParser, file: Path) -> None:
    """Add what one file says; both names of a section mean the same, and the nearer file wins."""
    own = ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    own.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        own.read(file, "utf-8-sig")
    except (ParserError, UnicodeDecodeError, OSError) as wrong:
        raise _refused(str(wrong).partition("\n")[0]) from None
    for name in own.sections():
        head, colon, rest = name.partition(":")
        section = f"{_SECTION}{colon}{rest}" if head in ("sqlfluff", "sqruff") else name
        if not parser.has_section(section):
            parser.add_section(section)
        parser[section].update(own[name])


def _refused(reason: str) -> ConfigProblem:
    return ConfigProblem(
        f"sqruff refuses its configuration: {reason}",
        'Correct .sqlfluff or .sqruff, or set `style_engine = "sqlfluff"` under [lint].',
    )
