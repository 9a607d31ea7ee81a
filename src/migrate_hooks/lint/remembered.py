"""Findings that were found before: the same text, configuration and versions give the same ones.

Nothing that judges is imported here, so that a known answer costs no more than to look it up.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from os import scandir
from pathlib import Path, PurePosixPath

from migrate_hooks import __version__
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside import process, shelf, squawk

Found = dict[str, list[Finding]]
"""The findings for each path."""

# Every file from which sqlfluff takes its configuration, in any folder from the root down.
_CONFIGURATION = (".sqlfluff", ".sqruff", "pyproject.toml", "setup.cfg", "tox.ini", "pep8.ini")


def whole(
    world: Sequence[str], paths: Iterable[str], root: Path, judge: Callable[[], tuple[Finding, ...]]
) -> tuple[Finding, ...]:
    """Return what `judge` finds in `paths`, or found when everything was as it is now.

    `world` is everything that the caller hands to `judge`: texts, settings, what is released. The
    engines, their configuration and our own code are looked after here.
    """
    folders = {folder for path in paths for folder in _folders(path)}
    configuration = (_configuration(root, folder) for folder in sorted(folders))
    programs = (_program("squawk"), _program("sqruff"))
    tools = (__version__, _version(), *programs, _content(root / squawk.CONFIG))
    key = shelf.key("whole", *tools, _code(), *world, *map(repr, configuration))
    found = loaded(shelf.find([key]).get(key))
    if found is not None:
        return tuple(found)
    judged = judge()
    if not any(_may_change(finding) for finding in judged):
        shelf.keep({key: dumped(judged)})
    return judged


def through_shelf(
    texts: Mapping[str, str],
    root: Path,
    begin: Callable[[dict[str, str]], Callable[[], Found]],
) -> Callable[[], Found]:
    """Return what gives the findings of all {path: text}.

    `begin` is asked only for those that are not known; what it returns waits for theirs.
    """
    version = _version()
    keys = {path: _key(path, text, root, version) for path, text in texts.items()}
    answers = shelf.find(list(keys.values()))
    read = {path: loaded(answers.get(key)) for path, key in keys.items()}
    known = {path: rows for path, rows in read.items() if rows is not None}
    missing = {path: text for path, text in texts.items() if path not in known}
    finish = begin(missing) if missing else dict

    def found() -> Found:
        fresh = finish()
        sure = {path for path, rows in fresh.items() if not any(map(_may_change, rows))}
        if sure:
            shelf.keep({keys[path]: dumped(fresh[path]) for path in sure})
        return {**known, **fresh}

    return found


def _may_change(finding: Finding) -> bool:
    """Return whether another run might end better: an engine crashed, or met its limits."""
    return finding.code.endswith("/not-checked") and finding.severity is not Severity.INFO


def _key(path: str, text: str, root: Path, version: str) -> str:
    configuration = (repr(_configuration(root, folder)) for folder in _folders(path))
    return shelf.key("style", __version__, version, path, text, *configuration)


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


def _program(name: str) -> str:
    """Return what tells one version of a program from another; "" where there is none."""
    try:
        found = process.find(name)
        return f"{found} {_stamp(Path(found))}" if found else ""
    except OSError:
        return ""


def _code() -> str:
    """Return what tells one state of our own code from another: somebody may be changing it."""
    home = Path(__file__).parents[1]
    rooms = [str(home / room) for room in ("lint", "sql", "layouts", "outside")]
    return repr(sorted(stamp for room in rooms for stamp in _stamps(room)))


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    """Yield (path, size, time) of the modules of a folder and the ones below it."""
    with scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _stamps(entry.path)
            elif entry.name.endswith(".py"):
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns


def _stamp(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns


def dumped(findings: Sequence[Finding]) -> str:
    """Return findings as text."""
    rows = []
    for one in findings:
        assert isinstance(one.place, FilePlace)  # noqa: S101 - lint is about files
        place = (one.place.path, one.place.line, one.place.column)
        rows.append([one.code, one.severity.value, one.message, one.hint, *place])
    return json.dumps(rows)


def loaded(answer: str | None) -> list[Finding] | None:
    """Return the findings of an answer; None when there is none, or none that can be read."""
    try:
        return [
            Finding(code, Severity(severity), message, FilePlace(path, line, column), hint)
            for code, severity, message, hint, path, line, column in json.loads(answer or "null")
        ]
    except (TypeError, ValueError):
        return None
