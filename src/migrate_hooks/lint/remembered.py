"""Findings that were found before: the same text, configuration and versions give the same ones."""

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from migrate_hooks import __version__
from migrate_hooks.lint.facts import Subject
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside import shelf

# Every file from which sqlfluff takes its configuration, in any folder from the root down.
_CONFIGURATION = (".sqlfluff", "pyproject.toml", "setup.cfg", "tox.ini", "pep8.ini")
_CRASHED = Severity.WARNING


def through_shelf(
    subjects: Sequence[Subject], root: Path, read: Callable[[Subject], list[Finding]]
) -> Iterator[Finding]:
    """Yield the findings of all subjects; `read` is asked only for those that are not known."""
    version = _version()
    keys = {one.path: _key(one, root, version) for one in subjects}
    known = shelf.find(list(keys.values()))
    fresh: dict[str, str] = {}
    for one in subjects:
        found = _loaded(known.get(keys[one.path]), one.path)
        if found is None:
            found = read(one)
            if not any(_may_change(finding) for finding in found):
                fresh[keys[one.path]] = _dumped(found)
        yield from found
    if fresh:
        shelf.keep(fresh)


def _may_change(finding: Finding) -> bool:
    """Return whether another run might end better: sqlfluff crashed, or met its limits."""
    return finding.code.endswith("/not-checked") and finding.severity is _CRASHED


def _key(one: Subject, root: Path, version: str) -> str:
    folders = [PurePosixPath(one.path).parent, *PurePosixPath(one.path).parent.parents]
    configuration = (
        _content(root / folder / name) for folder in folders for name in _CONFIGURATION
    )
    return shelf.key("style", __version__, version, one.path, one.text, *configuration)


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


def _dumped(findings: Sequence[Finding]) -> str:
    rows = []
    for one in findings:
        assert isinstance(one.place, FilePlace)  # noqa: S101 - style is about files
        place = (one.place.line, one.place.column)
        rows.append([one.code, one.severity.value, one.message, one.hint, *place])
    return json.dumps(rows)


def _loaded(answer: str | None, path: str) -> list[Finding] | None:
    """Return the findings of an answer; None when there is none, or none that can be read."""
    try:
        return [
            Finding(code, Severity(severity), message, FilePlace(path, line, column), hint)
            for code, severity, message, hint, line, column in json.loads(answer or "null")
        ]
    except (TypeError, ValueError):
        return None
