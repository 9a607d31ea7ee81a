"""Findings that were found before: the same text, configuration and versions give the same ones.

Nothing that judges is imported here, so that a known answer costs no more than to look it up.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from migrate_hooks import __version__
from migrate_hooks.errors import ToolMissing
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside import shelf, squawk

if TYPE_CHECKING:
    from migrate_hooks.lint.facts import Subject

# Every file from which sqlfluff takes its configuration, in any folder from the root down.
_CONFIGURATION = (".sqlfluff", "pyproject.toml", "setup.cfg", "tox.ini", "pep8.ini")


def whole(
    world: Sequence[str], paths: Iterable[str], root: Path, judge: Callable[[], tuple[Finding, ...]]
) -> tuple[Finding, ...]:
    """Return what `judge` finds in `paths`, or found when everything was as it is now.

    `world` is everything that the caller hands to `judge`: texts, settings, what is released. The
    engines, their configuration and our own code are looked after here.
    """
    folders = {folder for path in paths for folder in _folders(path)}
    configuration = (_configuration(root, folder) for folder in sorted(folders))
    tools = (__version__, _version(), _program(), _content(root / squawk.CONFIG))
    key = shelf.key("whole", *tools, _code(), *world, *map(repr, configuration))
    found = _loaded(shelf.find([key]).get(key))
    if found is not None:
        return tuple(found)
    judged = judge()
    if not any(_may_change(finding) for finding in judged):
        shelf.keep({key: _dumped(judged)})
    return judged


def through_shelf(
    subjects: Sequence["Subject"], root: Path, read: Callable[["Subject"], list[Finding]]
) -> Iterator[Finding]:
    """Yield the findings of all subjects; `read` is asked only for those that are not known."""
    version = _version()
    keys = {one.path: _key(one, root, version) for one in subjects}
    known = shelf.find(list(keys.values()))
    fresh: dict[str, str] = {}
    for one in subjects:
        found = _loaded(known.get(keys[one.path]))
        if found is None:
            found = read(one)
            if not any(_may_change(finding) for finding in found):
                fresh[keys[one.path]] = _dumped(found)
        yield from found
    if fresh:
        shelf.keep(fresh)


def _may_change(finding: Finding) -> bool:
    """Return whether another run might end better: an engine crashed, or met its limits."""
    return finding.code.endswith("/not-checked") and finding.severity is not Severity.INFO


def _key(one: "Subject", root: Path, version: str) -> str:
    configuration = (repr(_configuration(root, folder)) for folder in _folders(one.path))
    return shelf.key("style", __version__, version, one.path, one.text, *configuration)


def _folders(path: str) -> list[PurePosixPath]:
    return [PurePosixPath(path).parent, *PurePosixPath(path).parent.parents]


def _configuration(root: Path, folder: PurePosixPath) -> list[str]:
    return [_content(root / folder / name) for name in _CONFIGURATION]


def _content(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def _version() -> str:
    """Return sqlfluff's version from the name of its metadata folder, which costs no import."""
    spec = find_spec("sqlfluff")
    place = Path(spec.origin).parents[1] if spec and spec.origin else Path()
    return ",".join(sorted(found.name for found in place.glob("sqlfluff*.dist-info")))


def _program() -> str:
    """Return what tells one squawk from another; "" where there is none."""
    try:
        program = Path(squawk.find_program())
        return f"{program} {_stamp(program)}"
    except (ToolMissing, OSError):
        return ""


def _code() -> str:
    """Return what tells one state of our own code from another: somebody may be changing it."""
    rooms = (Path(__file__).parents[1] / room for room in ("lint", "sql", "layouts", "outside"))
    files = sorted(file for room in rooms for file in room.rglob("*.py"))
    return repr([(file.name, _stamp(file)) for file in files])


def _stamp(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns


def _dumped(findings: Sequence[Finding]) -> str:
    rows = []
    for one in findings:
        assert isinstance(one.place, FilePlace)  # noqa: S101 - lint is about files
        place = (one.place.path, one.place.line, one.place.column)
        rows.append([one.code, one.severity.value, one.message, one.hint, *place])
    return json.dumps(rows)


def _loaded(answer: str | None) -> list[Finding] | None:
    """Return the findings of an answer; None when there is none, or none that can be read."""
    try:
        return [
            Finding(code, Severity(severity), message, FilePlace(path, line, column), hint)
            for code, severity, message, hint, path, line, column in json.loads(answer or "null")
        ]
    except (TypeError, ValueError):
        return None
