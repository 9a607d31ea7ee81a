"""`revert`: a new migration that takes back an old one, for teams that only go forward."""

from shlex import quote

from migrate_hooks.actions import lint, new_file, outcome, sources
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.errors import Failure, Refused
from migrate_hooks.history import inverse, plan
from migrate_hooks.history.overlap import shared
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.lint import names
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Migration, called
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings


def run(settings: Settings, wanted: str, because: str = "") -> Report:
    """Write a migration whose UP is the DOWN of the one that `wanted` means, and lint it.

    Raises Refused where that has no way back, or a migration of that name is already there;
    UnknownMigration and AmbiguousName.
    """
    source = sources.from_worktree(settings)
    file = _find(source.migrations, wanted)
    place = new_file.folder(settings)
    _refuse_irreversible(place, file)
    up, down = _halves(place, file, because)
    name = names.snake_case(f"revert_{file.name}")
    made = new_file.write(settings.root, place, name, up, down)
    linted, unchecked = _lint(settings, made.path)
    findings = (*_later(source.migrations, file, made.path), *linted)
    ending, code = outcome.of(findings, unchecked=unchecked)
    return Report(
        action="revert",
        outcome=ending,
        exit_code=code,
        findings=findings,
        listings=(Listing("Created", ("path", "reverts"), ((made.path, file.path),)),),
        notes=(*made.notes, *_next_steps(settings, place, made.path)),
    )


def _find(migrations: tuple[Migration, ...], wanted: str) -> Migration:
    found = plan.find(reconcile("", migrations, ()), wanted).migration
    assert found is not None  # noqa: S101 - every entry was made of a file
    return found


def _refuse_irreversible(place: Folder, file: Migration) -> None:
    by_hand = f"Write by hand what undoes it: migrate-hooks new undo_{quote(file.name)}"
    if file.irreversible:
        raise Refused(
            f"{file.path} says of itself that it cannot be taken back: irreversible because "
            f"{file.irreversible}. Nothing was written.",
            by_hand,
        )
    if file.down is None or not file.down.statements:
        beside = place.layout.beside(file.path)
        where = f" in {beside}" if beside else ""
        raise Refused(
            f"{file.path} has no DOWN to make a migration of. Nothing was written.",
            f"Write one first{where}, or {by_hand[0].lower()}{by_hand[1:]}",
        )


def _halves(place: Folder, file: Migration, because: str) -> tuple[str, str]:
    """Return UP and DOWN of the new file, which its layout reads back as what they are."""
    down = file.down.statements if file.down else ()
    up, back = inverse.forward(file, because), inverse.back(file)
    read = _read(place, up, back)
    if not inverse.is_told(read.up, down):
        raise Refused(
            f"The DOWN of {file.path} cannot stand in a migration of layout {place.layout.name}: "
            "it would be read as something else there. Nothing was written.",
            f"Write it by hand: migrate-hooks new revert_{quote(file.name)}",
        )
    if read.irreversible or inverse.is_told(read.down, file.up.statements):
        return up, back
    return up, inverse.without_down(
        f"the UP of {inverse.one_line(called(file.path))} cannot stand in comments"
    )


def _read(place: Folder, up: str, down: str) -> Migration:
    path = place.layout.place("20000101000000_revert")
    return place.layout.read(path, place.layout.scaffold(up, down), down)


def _lint(settings: Settings, path: str) -> tuple[tuple[Finding, ...], bool]:
    """Return what lint finds in the new file, and whether it could not look."""
    try:
        found = lint.run(settings, (str(settings.root / path),), False, None, False)
    except Failure as failure:
        place = FilePlace(path)
        said = f"{path} was written and could not be linted: {failure.message}"
        return (Finding(failure.code, Severity.WARNING, said, place, failure.hint),), True
    return found.findings, False


def _later(migrations: tuple[Migration, ...], file: Migration, path: str) -> tuple[Finding, ...]:
    newer = [one for one in migrations if file.version < one.version]
    built = {called(one.path): things for one in newer if (things := shared(file, one))}
    if not built:
        return ()
    said = ", ".join(f"{name} ({', '.join(things)})" for name, things in built.items())
    return (
        Finding(
            "revert/later",
            Severity.WARNING,
            f"Since {called(file.path)} the same objects are in the words of {said}: what its DOWN "
            "took back then is not all that stands there now.",
            FilePlace(path),
            "Read it against those files before anything runs it.",
        ),
    )


def _next_steps(settings: Settings, place: Folder, path: str) -> tuple[str, ...]:
    first = settings.environments[0].name
    whole = path.rpartition("/")[0] if place.layout.beside(path) else path
    return (
        f"Next: read {path}, then",
        f"  migrate-hooks apply --env={first} --dry-run=server",
        f"  git add {quote(whole)} && git commit",
    )
