"""What there is to say about a migration that was made of drift."""

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from migrate_hooks.actions import drift_files, drift_plan, outcome
from migrate_hooks.actions.drift_batches import Left
from migrate_hooks.actions.drift_files import Draft
from migrate_hooks.actions.drift_plan import Plan
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.spelling import headline


@dataclass(frozen=True, slots=True)
class Written:
    """The files, the plan they are of, what lint finds in them, and sentences about their names."""

    drafts: tuple[Draft, ...]
    plan: Plan
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def nothing(environment: str, unchecked: tuple[str, ...]) -> Report:
    """Return the report of drift that no hand made."""
    ending, code = outcome.of((), unchecked=bool(unchecked))
    said = f"Nothing on {environment} was changed by hand, so there is nothing to write."
    return Report("drift", ending, code, environment, notes=(said, *_unchecked(unchecked)))


def report(
    written: Written, environment: str, first: str, folder: str, unchecked: tuple[str, ...]
) -> Report:
    """Return what was written for an environment; `first` is where it is to be applied first.

    `folder` holds the migrations, `unchecked` are ends of sentences about what was not compared.
    """
    findings = (*_left_out(written, environment), *written.findings)
    ending, code = outcome.of(findings, unchecked=bool(unchecked))
    said = _next(written, first, folder) if written.drafts else _no_file()
    return Report(
        "drift",
        ending,
        code,
        environment,
        findings=findings,
        listings=tuple(_listings(written)),
        notes=(*written.notes, *_unchecked(unchecked), *_roles(written.plan), *said),
    )


def _left_out(written: Written, environment: str) -> Iterator[Finding]:
    for one in written.plan.left:
        kind, identity = one.key
        yield Finding(
            "drift/left-out",
            Severity.WARNING,
            f"{drift_files.subject(one)} stays different, because {one.reason.rstrip('.')}.",
            ObjectPlace(environment, kind, dotted(identity)),
            _hint(one, there=bool(written.drafts)),
        )


def _hint(one: Left, *, there: bool) -> str:
    if "--allow=" in one.reason:
        return "Say that word to the same command if it is meant."
    if there and one.sql:
        return "Read the statement that stands in comments, and finish it if it is meant."
    return "Write it by hand if it is meant: migrate-hooks new NAME"


def _listings(written: Written) -> Iterator[Listing]:
    if written.drafts:
        files = ((one.path, str(len(one.part.up)), one.part.mode.value) for one in written.drafts)
        yield Listing("Created", ("path", "statements", "run"), tuple(files))
        rows = [
            (headline(piece.sql), ", ".join(name for name, _ in drift_plan.told_hazards(piece)))
            for each in written.drafts
            for _, piece in each.part.up
        ]
        yield Listing("UP", ("statement", "hazard"), tuple(rows))
    left = [(headline(sql),) for one in written.plan.left for sql in one.sql if sql]
    if left:
        yield Listing("Left out", ("statement",), tuple(left))


def _unchecked(sentences: tuple[str, ...]) -> Iterator[str]:
    yield from (f"NOT CHECKED: {each}." for each in sentences)


def _roles(plan: Plan) -> Iterator[str]:
    if plan.roles:
        named = ", ".join(sorted(plan.roles))
        yield f"It names roles that have to be on every server where it runs: {named}."


def _no_file() -> Iterator[str]:
    yield "No statement could be written, so there is no migration."


def _next(written: Written, first: str, folder: str) -> Iterator[str]:
    kept = [one for part in written.plan.parts for one in part.kept]
    but = f", but for {', '.join(map(drift_files.subject, kept))}" if kept else ""
    named = " but what is named above" if written.plan.left else ""
    yield (
        f"Proved on a scratch copy: UP leaves no difference{named}, UP again changes nothing, and "
        f"DOWN leads back{but}."
    )
    paths = " ".join(quote(each.path) for each in written.drafts)
    yield f"Next: read {'it' if len(written.drafts) == 1 else 'them'}, then"
    yield f"  migrate-hooks lint {paths}"
    yield f"  git add {quote(folder)} && git commit"
    yield f"  migrate-hooks apply --env={first} --dry-run=server"
