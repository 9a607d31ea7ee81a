"""The labelled corpus: small migrations, and the hazards that a person sees in each.

A file's first line is `-- corpus: safe` or `-- corpus: hazards=LABEL[, LABEL]`, with `severity=`
and `layout=` where they differ from the usual. `corpus/{hazard,safe}/TOPIC/CASE.sql` stands alone;
the files of a folder `CASE/` are unreleased together. `CASE.released.sql` beside a case is a
migration that production has already.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath

from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.layouts import detect
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import files
from tests.lint.world import settings

CORPUS = Path(__file__).parent / "corpus"
_HEADER = re.compile(
    r"-- corpus: (?:safe|hazards=(?P<labels>[a-z-]+(?:, [a-z-]+)*))"
    r"(?: severity=(?P<severity>critical|warning))?(?: layout=(?P<layout>supabase))?\r?\n"
)
_RELEASED = ".released.sql"
_LINT = LintSettings(style=False, down="optional")


@dataclass(frozen=True, slots=True)
class Label:
    """A hazard's name, its weight, and the codes of ours and of squawk that name it."""

    name: str
    severity: Severity
    ours: tuple[str, ...]
    squawk: tuple[str, ...]

    def is_named_by(self, code: str) -> bool:
        """Return whether one of our codes says what the label means."""
        return any(fnmatchcase(code, pattern) for pattern in self.ours)


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the corpus; `labels` are (name, severity), none for a safe one."""

    place: Path
    text: str
    layout: str
    labels: tuple[tuple[str, Severity], ...]

    @property
    def name(self) -> str:
        """Return its path below the corpus."""
        return self.place.relative_to(CORPUS).as_posix()

    @property
    def path(self) -> str:
        """Return where it stands in a repository."""
        folder = "supabase/migrations" if self.layout == "supabase" else "migrations"
        stamped = self.place.name if self.is_of_set else f"20260601120000_{self.place.name}"
        return str(PurePosixPath(folder, stamped))

    @property
    def is_of_set(self) -> bool:
        """Return whether the other files of its folder are unreleased with it."""
        return len(self.place.relative_to(CORPUS).parts) > 3


@cache
def labels() -> Mapping[str, Label]:
    """Return the table of labels."""
    rows = tomllib.loads((CORPUS / "LABELS.toml").read_text())
    return {name: _label(name, row) for name, row in rows.items()}


def _label(name: str, row: dict[str, object]) -> Label:
    weight = Severity(str(row.get("severity", "critical")))
    return Label(name, weight, _words(row["ours"]), _words(row["squawk"]))


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


@cache
def samples() -> tuple[Sample, ...]:
    """Return every labelled file; raises ValueError for a header that cannot be read."""
    places = sorted(CORPUS.rglob("*.sql"))
    return tuple(_sample(place) for place in places if not place.name.endswith(_RELEASED))


def _sample(place: Path) -> Sample:
    text = files.read_text(place.parent, place.name).text
    header = _HEADER.match(text)
    if header is None:
        raise ValueError(f"{place}: the first line is no corpus header")
    named = header["labels"].split(", ") if header["labels"] else []
    forced = header["severity"]
    weights = (Severity(forced) if forced else labels()[name].severity for name in named)
    return Sample(
        place, text, header["layout"] or "sections", tuple(zip(named, weights, strict=True))
    )


def judged(sample: Sample) -> tuple[Finding, ...]:
    """Return our findings for one file, with its set unreleased beside it."""
    others = {one.path: one.text for one in _siblings(sample)}
    released = sample.place.with_name(f"{sample.place.stem}{_RELEASED}")
    known = f"{PurePosixPath(sample.path).parent}/20250101000000_released.sql"
    if released.is_file():
        others[known] = released.read_text()
    return lint_texts(
        settings(lint=_LINT),
        detect.by_name(sample.layout),
        {sample.path: files.decode(sample.path, sample.text.encode())},
        siblings={path: files.decode(path, text.encode()) for path, text in others.items()},
        released=[known] if released.is_file() else (),
        target="origin/main",
    )


def _siblings(sample: Sample) -> Iterator[Sample]:
    if sample.is_of_set:
        folder = sample.place.parent
        yield from (one for one in samples() if one.place.parent == folder and one != sample)
