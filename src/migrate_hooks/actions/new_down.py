"""`new --down-from-up`: the DOWN of a migration, from what its UP does on a scratch server."""

import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from shlex import quote

from migrate_hooks.actions import (
    drift_files,
    drift_plan,
    fix_files,
    lint_target,
    new_down_text,
    new_down_way,
    outcome,
    replay_ground,
    sources,
    templating,
)
from migrate_hooks.actions.drift_batches import Mode
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.new_down_text import Text
from migrate_hooks.actions.new_down_way import Found
from migrate_hooks.actions.replay import ENVIRONMENT, Setup
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import Refused, UnknownMigration, UsageProblem
from migrate_hooks.history import inverse, plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Migration, Statement
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files
from migrate_hooks.schema.snapshot import Reading
from migrate_hooks.schema.spelling import headline
from migrate_hooks.sql import sections

_NEWEST = 99
"""A major version of PostgreSQL that no installation reaches: the newest one fits it best."""

_HARMLESS = ("LOCK", "SET", "RESET")


@dataclass(frozen=True, slots=True)
class _Job:
    settings: Settings
    source: Source
    file: Migration
    text: Text


@dataclass(frozen=True, slots=True)
class _Made:
    """A DOWN that is proved: the texts to write, the way that it is, the statements it is not."""

    text: Text
    found: Found
    rows: tuple[Statement, ...]


def run(settings: Settings, wanted: str) -> Report:
    """Write the DOWN of the migration that `wanted` means, into its file or the one beside it.

    Raises UnknownMigration and AmbiguousName; Refused where it has a DOWN already, or none could be
    proved: then nothing was written. ReplayFailed, ToolMissing or LockBusy where UP cannot be run.
    """
    source = sources.from_worktree(settings)
    file = _find(source, wanted)
    job = _Job(settings, source, file, _text(settings, source, file))
    _refuse(job)
    made = replay_ground.on_first_that_fits(
        settings, source, _nobody(settings), partial(_made, job)
    )
    _write(job, made.text)
    return _report(job, made)


def _find(source: Source, wanted: str) -> Migration:
    if not wanted.strip():
        raise UsageProblem(
            "A DOWN is written for a migration that is there, and none was named.",
            "Name its file, version or words: migrate-hooks new NAME --down-from-up",
        )
    try:
        found = plan.find(reconcile("", source.migrations, ()), wanted).migration
    except UnknownMigration as unknown:
        raise UnknownMigration(
            f"{unknown.message} A DOWN is made from the UP of a file that is there.",
            f"Write its UP first: migrate-hooks new {quote(wanted)}. {unknown.hint}",
        ) from None
    assert found is not None  # noqa: S101 - every entry was made of a file
    return found


def _text(settings: Settings, source: Source, file: Migration) -> Text:
    beside = source.layout.beside(file.path)
    read = files.read_texts(settings.root, [file.path, *([beside] if beside else [])])
    return Text(*(one.text for one in read))


def _refuse(job: _Job) -> None:
    path, where = job.file.path, job.source.layout.beside(job.file.path) or job.file.path
    if job.file.irreversible or sections.read(job.text.main).waiver_line:
        because = f": because {job.file.irreversible}" if job.file.irreversible else ""
        raise Refused(
            f"{path} says of itself that it cannot be taken back{because}. Nothing was written.",
            'Take the line "DOWN: irreversible" out first, if it can be after all.',
        )
    if job.file.down and job.file.down.statements:
        raise Refused(
            f"{where} has a DOWN already. Nothing was written.",
            "Take its statements out first, if they are to be made from UP again.",
        )
    if _commented(job):
        raise Refused(
            f"{path} has a DOWN that stands in comments, where nothing runs it. Nothing was "
            "written.",
            f"Let it run: migrate-hooks lint --fix {quote(path)}, or take it out first.",
        )
    if not job.file.up.statements:
        raise Refused(
            f"{path} has no statement in its UP, so there is nothing to take back.",
            f"Write UP first, in {path}",
        )
    existing = [one for one in {path, where} if (job.settings.root / one).exists()]
    for one, reason in fix_files.locked(job.settings.root, existing, (), "").items():
        raise Refused(f"{one} {reason}. Nothing was written.", f"See to that first: {quote(one)}")


def _commented(job: _Job) -> bool:
    """Return whether SQL stands in comments behind a DOWN marker."""
    marks = sections.read(job.text.main).markers
    return any(one.commented and one.kind == "down" for one in marks)


def _nobody(settings: Settings) -> Seen:
    """Return what stands for an environment where there is none: migrations run as postgres."""
    target = Target(ENVIRONMENT, "", {}, None, "", "", "", "")
    major = settings.server_version or _NEWEST
    return Seen(target, (), major, "postgres", "postgres", Reading(ENVIRONMENT, frozenset()))


def _made(job: _Job, setup: Setup) -> _Made:
    """Return the first DOWN that is proved, run one by one if UP is, or in a transaction."""
    flaws: tuple[str, ...] = ()
    for mode in (Mode.WHOLE,) if job.file.up.in_transaction else (Mode.ALONE, Mode.WHOLE):
        with ExitStack() as stack:
            found = new_down_way.find(stack, setup, _before(job), job.file, mode)
            _refuse_empty(job, found)
            rows = tuple(one for one in job.file.up.statements if _is_about_rows(one))
            text = _with_down(job, found, rows, mode)
            flaws = _flaws(job, found, text)
            if not flaws:
                return _Made(text, found, rows)
    raise Refused(
        f"The DOWN that was made for {job.file.path} could not be proved on a scratch copy: "
        f"{flaws[0]} Nothing was written.",
        f"Write it by hand, in {job.source.layout.beside(job.file.path) or job.file.path}",
    )


def _before(job: _Job) -> Sequence[Migration]:
    return job.source.migrations[: job.source.migrations.index(job.file)]


def _refuse_empty(job: _Job, found: Found) -> None:
    if found.way.pieces:
        return
    raise Refused(
        f"No DOWN can be made from the UP of {job.file.path}: {_why_none(job, found)}. Nothing was "
        "written.",
        "Write one by hand, or a line that says why there is none: -- DOWN: irreversible because …",
    )


def _why_none(job: _Job, found: Found) -> str:
    if found.way.left:
        first = found.way.left[0]
        reason = first.reason.rstrip(".")
        return f"{drift_files.subject(first)} cannot be taken back, because {reason}"
    if any(map(_is_about_rows, job.file.up.statements)):
        return "it changes no schema, and what it does to rows nobody can invert"
    return "behind the migrations before it, it changes nothing"


def _is_about_rows(one: Statement) -> bool:
    return not inverse.defines(one) and one.verb.partition(" ")[0] not in _HARMLESS


def _with_down(job: _Job, found: Found, rows: Sequence[Statement], mode: Mode) -> Text:
    layout, path = job.source.layout, job.file.path
    alone = mode is Mode.ALONE and layout.beside(path)
    head = [*([inverse.NO_TRANSACTION] if alone else []), *map("-- {}".format, _said(found, rows))]
    left = map(drift_files.comment, found.way.left)
    parts = ["\n".join(head), *left, drift_files.spelled(found.way.pieces)]
    down = "\n\n".join(filter(None, parts))
    known = new_down_text.said_in([one.text for one in templating.every(job.settings).values()])
    return new_down_text.with_down(layout, path, job.text, down, known)


def _said(found: Found, rows: Sequence[Statement]) -> Iterator[str]:
    """Yield what DOWN does not bring back."""
    for lost in found.way.lost:
        yield f"Data: {inverse.one_line(lost)}."
    for one in rows:
        target = f" {inverse.one_line(one.target)}" if one.target else ""
        yield f"Data: what {one.verb}{target} in line {one.line} did to rows is not taken back."


def _flaws(job: _Job, found: Found, text: Text) -> tuple[str, ...]:
    """Read the new text as any migration is, and run its DOWN."""
    beside = text.beside if job.source.layout.beside(job.file.path) else None
    read = job.source.layout.read(job.file.path, text.main, beside)
    if read.checksum != job.file.checksum or read.down is None:
        return ("its file would be read as something else.",)
    return found.flaws(read.down)


def _write(job: _Job, text: Text) -> None:
    root, path = job.settings.root, job.file.path
    beside = job.source.layout.beside(path)
    place, words = (root / beside, text.beside) if beside else (root / path, text.main)
    mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o644
    files.write_atomically(place, words, mode)


def _report(job: _Job, made: _Made) -> Report:
    findings = tuple(_findings(job, made))
    ending, code = outcome.of(findings)
    where = job.source.layout.beside(job.file.path) or job.file.path
    rows = tuple(
        (headline(piece.sql), ", ".join(name for name, _ in hazards))
        for _, piece in made.found.way.pieces
        for hazards in [drift_plan.told_hazards(piece)]
    )
    return Report(
        "new",
        ending,
        code,
        findings=findings,
        listings=(Listing(f"DOWN, in {where}", ("statement", "hazard"), rows),),
        notes=tuple(_notes(job, made, where)),
    )


def _findings(job: _Job, made: _Made) -> Iterator[Finding]:
    place = FilePlace(job.file.path)
    for one in made.found.way.left:
        yield Finding(
            "new/left-out",
            Severity.WARNING,
            f"DOWN leaves {drift_files.subject(one)} as UP made it, because "
            f"{one.reason.rstrip('.')}.",
            place,
            "Read the statement that stands in comments, and write it in your own way.",
        )


def _notes(job: _Job, made: _Made, where: str) -> Iterator[str]:
    but = ", but for what is named above" if made.found.way.left else ""
    yield f"Proved on a scratch copy: after UP and DOWN the schema is what it was before{but}."
    yield from _said(made.found, made.rows)
    yield from _released(job)
    yield "Next: read it, then"
    yield f"  migrate-hooks lint {quote(job.file.path)}"


def _released(job: _Job) -> Iterator[str]:
    if not (job.settings.root / ".git").exists():
        return
    target = lint_target.of_branch(job.settings, job.source.folder)
    if target and job.file.path in target.released and not target.is_own:
        yield (
            f"{job.file.path} is on {target.name} already. Its UP stays as it was, so no database "
            "runs it again; a ledger that sums up whole files calls it edited."
        )
