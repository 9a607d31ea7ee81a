"""`lint --baseline`: write down what is found today, and from then on show only what is new."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from shlex import quote

from migrate_hooks.actions.lint_scope import Scope
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint import baseline, codes
from migrate_hooks.lint.baseline import Entry
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, git

NAME = ".migrate-hooks-baseline.jsonl"
"""Where a baseline is unless the configuration says otherwise, beside the configuration."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings of a run, what was judged, and whether sqlfluff had its say."""

    findings: tuple[Finding, ...]
    scope: Scope
    style: bool


Told = tuple[tuple[Finding, ...], tuple[str, ...]]
"""(findings, of which the known ones are INFO; sentences about them)"""


def read(settings: Settings, judged: Judged) -> Told:
    """Hide what the baseline knows; it is read from the tree that was judged.

    Raises ConfigProblem for one that is not there or cannot be read. Where a commit or the index
    lacks it nothing is hidden, which is a finding.
    """
    name = file_of(settings)
    text = _text(settings, name, judged.scope.tree)
    if text is None:
        return (*judged.findings, _missing(name, judged.scope.tree)), ()
    entries = baseline.parse(text, name)
    found = baseline.match(judged.findings, judged.scope.judged, entries)
    idle = tuple(one for one in found.idle if _is_settled(one, judged, settings))
    obsolete = tuple(_obsolete(one, name, text) for one in idle)
    sentences = (_hidden(found.hidden), _idle(len(idle), name))
    return (*found.findings, *obsolete), tuple(filter(None, sentences))


def write(settings: Settings, judged: Judged) -> Told:
    """Write down what was found, and keep what this run did not look at.

    Raises ConfigProblem where something else stands in the baseline's place, CannotWrite.
    """
    name = file_of(settings)
    place = settings.root / name
    had = baseline.parse(_on_disk(settings, name), name) if os.path.lexists(place) else ()
    kept = tuple(one for one in had if not _is_settled(one, judged, settings))
    fresh = baseline.recorded(judged.findings, judged.scope.judged)
    if not place.resolve().is_relative_to(settings.root.resolve()) or not place.parent.is_dir():
        raise ConfigProblem(
            f"{name} cannot be written: its folder is not there, or leads out of the repository.",
            f"Make the folder {PurePosixPath(name).parent}, or name another file in lint.baseline.",
        )
    files.write_atomically(place, baseline.dump((*kept, *fresh)))
    found = baseline.match(judged.findings, judged.scope.judged, fresh)
    return found.findings, tuple(_written(settings, name, fresh, kept, judged.findings))


def file_of(settings: Settings) -> str:
    """Return where the baseline is, relative to the repository's root."""
    below = settings.base.relative_to(settings.root)
    return settings.lint.baseline or (PurePosixPath(below.as_posix()) / NAME).as_posix()


def _text(settings: Settings, name: str, tree: str | None) -> str | None:
    """Return the baseline as a tree has it (None for the disk), None where a tree lacks it."""
    if tree is None:
        return _on_disk(settings, name)
    blob = git.read_blobs(settings.root, [f"{tree}:{name}"])[f"{tree}:{name}"]
    if blob is None:
        return None
    return _plain(files.decode(name, blob), name)


def _on_disk(settings: Settings, name: str) -> str:
    if not os.path.lexists(settings.root / name):
        raise ConfigProblem(
            f"There is no baseline {name}, so it is not known what to hide.",
            "Write one: migrate-hooks lint --all --baseline write",
        )
    return _plain(files.read_text(settings.root, name), name)


def _plain(found: files.FileText, name: str) -> str:
    if found.problem:
        raise ConfigProblem(
            f"The baseline {name} {found.problem}.",
            "Delete it and write it again: migrate-hooks lint --all --baseline write",
        )
    return found.text.removeprefix("\ufeff")


def _is_settled(entry: Entry, judged: Judged, settings: Settings) -> bool:
    """Return whether this run would have found again what an entry is about."""
    scope = judged.scope
    if entry.path in scope.judged:
        if any(_is_unread(one, entry.path) for one in judged.findings):
            return False
    elif entry.path in scope.known or os.path.lexists(settings.root / entry.path):
        return False
    return not codes.is_known(entry.code) or codes.is_looked_for(
        entry.code,
        excluded=settings.lint.exclude_rules,
        enabled=settings.lint.enable_rules,
        safety=settings.lint.safety,
        style=judged.style and settings.lint.style,
    )


def _is_unread(finding: Finding, path: str) -> bool:
    """Return whether a finding says that a file was not judged as a whole."""
    place = finding.place
    partly = finding.code in ("structure/syntax", "structure/not-text")
    partly = partly or finding.code.endswith("/not-checked")
    return partly and isinstance(place, FilePlace) and place.path == path


def _obsolete(entry: Entry, name: str, text: str) -> Finding:
    row = baseline.dump((entry,)).splitlines()[1]
    line = next((number for number, one in enumerate(text.splitlines(), 1) if one == row), 1)
    return Finding(
        baseline.OBSOLETE,
        Severity.INFO,
        f"{entry.code} in {entry.path} is not found any more: it was corrected, or its statement "
        "has changed.",
        FilePlace(name, line),
        "Write the baseline again: migrate-hooks lint --all --baseline write",
    )


def _missing(name: str, tree: str | None) -> Finding:
    where = "the commit that is pushed" if tree else "the index"
    return Finding(
        baseline.MISSING,
        Severity.WARNING,
        f"The baseline {name} is not in {where}, so nothing is hidden.",
        FilePlace(name),
        f"Commit it with the configuration that names it: git add {quote(name)}",
    )


def _hidden(count: int) -> str:
    if not count:
        return ""
    verb = "finding of the baseline is" if count == 1 else "findings of the baseline are"
    return f"{count} {verb} not shown; --verbose lists {'it' if count == 1 else 'them'}."


def _idle(count: int, name: str) -> str:
    if not count:
        return ""
    which = f"1 entry of {name} is" if count == 1 else f"{count} entries of {name} are"
    return f"{which} obsolete: migrate-hooks lint --all --baseline write"


def _written(
    settings: Settings,
    name: str,
    fresh: Sequence[Entry],
    kept: Sequence[Entry],
    findings: Sequence[Finding],
) -> Sequence[str]:
    others = f"; {len(kept)} of what was not judged stay in it" if kept else ""
    said = [f"Wrote {len(fresh)} finding{'' if len(fresh) == 1 else 's'} to {name}{others}."]
    stay = sorted({one.code for one in findings if codes.is_never(one.code)})
    if stay:
        said.append(f"No baseline can hold {', '.join(stay)}.")
    if settings.lint.baseline is None:
        key = PurePosixPath(name).name
        said.append(f'Set baseline = "{key}" under [lint] and commit both: then all obey it.')
    return said
