"""`restamp`: a later number for files that came too late, before anybody has them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shlex import quote

from migrate_hooks.actions import fix_files, new_file, restamp_names, sources, status
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.actions.restamp_names import Mentions
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import Exit, Failure, MissingDsn, Refused, UnknownMigration
from migrate_hooks.history import plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.lint import names
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import some
from migrate_hooks.outside import clock, git, git_changes, git_refs

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Known:
    """What others have: {path or version: who has it}, and who could not be asked."""

    paths: Mapping[str, str]
    versions: Mapping[str, str]
    unasked: tuple[str, ...]

    def owner(self, one: Migration) -> str:
        """Return who has a migration already, "" for nobody that is known."""
        return self.paths.get(one.path) or self.versions.get(one.version.text) or ""


@dataclass(frozen=True, slots=True)
class Move:
    """One file that gets another name; both are paths from the root."""

    old: str
    new: str


def run(
    settings: Settings, wanted: Sequence[str], *, dry_run: bool = False, alone: bool = False
) -> Report:
    """Give unreleased migrations later timestamps, in their own order.

    `wanted` are paths, versions or parts of names; without any, all that are older than what others
    have already. `alone` goes on where an environment cannot be asked what it has applied.
    Raises Refused for one that is released or not free to be moved, UnknownMigration; then nothing
    was changed.
    """
    root = git.require_root(settings.root)
    source, place = sources.from_worktree(settings), new_file.folder(settings)
    known = _known(settings, source)
    chosen = [_find(source, one) for one in wanted] or list(_late(source, known))
    if not chosen:
        note = "No unreleased migration is older than what others have, so nothing is to be done."
        return Report("restamp", Outcome.CLEAN, Exit.CLEAN, notes=(note, *_doubts(known)))
    _refuse_released(chosen, known, alone=alone)
    moves = tuple(_moves(place, sorted(chosen, key=lambda one: one.version)))
    _refuse_locked(settings, moves)
    stems = {_stem(one.old): _stem(one.new) for one in moves}
    moved = {one.old: one.new for one in moves}
    mentions = restamp_names.find(root, stems, moved, known.paths)
    if not dry_run:
        _carry_out(root, moves, mentions)
    return _report(moves, mentions, known, dry_run=dry_run)


def _known(settings: Settings, source: Source) -> Known:
    """Ask the branches of all environments, here and at origin, and their ledgers."""
    paths: dict[str, str] = {}
    versions: dict[str, str] = {}
    unasked = []
    current = git.current_branch(settings.root)
    for one in settings.environments:
        refs = [f"refs/remotes/origin/{one.branch}", f"refs/heads/{one.branch}"]
        # What is on the branch that is checked out may still be amended, until origin has it.
        mine = refs[:1] if one.branch == current else refs
        for ref, commit in git_refs.tips(settings.root, mine).items() if one.branch else ():
            name = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
            for path in git.list_tree(settings.root, commit, source.folder):
                paths.setdefault(path, f"on {name}")
        standing = status.stand(settings, one.name, source.migrations, source.ledger, 3)
        if isinstance(standing.failure, MissingDsn):
            continue
        if standing.failure:
            unasked.append(one.name)
        for entry in standing.entries:
            if entry.applied:
                versions.setdefault(entry.version.text, f"applied on {one.name}")
    return Known(paths, versions, tuple(unasked))


def _find(source: Source, wanted: str) -> Migration:
    try:
        found = plan.find(reconcile("", source.migrations, ()), wanted).migration
    except UnknownMigration as unknown:
        raise UnknownMigration(
            unknown.message, "Name a file of the migrations folder, its version or words of it."
        ) from None
    assert found is not None  # noqa: S101 - every entry was made of a file
    return found


def _late(source: Source, known: Known) -> Iterator[Migration]:
    """Yield what nobody has and stands before something that somebody has."""
    released = [one for one in source.migrations if known.owner(one)]
    newest = max((one.version for one in released), default=None)
    for one in source.migrations:
        if newest is not None and one.version < newest and not known.owner(one):
            yield one


def _refuse_released(chosen: Sequence[Migration], known: Known, *, alone: bool) -> None:
    for one in chosen:
        owner = known.owner(one)
        if owner:
            raise Refused(
                f"{one.path} is {owner}: under another number it would be run a second time. "
                "Nothing was changed.",
                "Leave its name as it is; write what is missing as a new migration.",
            )
    if known.unasked and not alone:
        raise Refused(
            f"{', '.join(known.unasked)} could not be asked what is applied there, and a file that "
            "is applied must keep its number. Nothing was changed.",
            "Ask again when it answers, or go on without: migrate-hooks restamp --unasked",
        )


def _moves(place: Folder, chosen: Sequence[Migration]) -> Iterator[Move]:
    """Yield new names, later than all others, each a second after the one before it."""
    numbers = (place.layout.version(path) for path in place.files)
    known = [number.digits for number in numbers if number]
    newest = max((text for text in known if names.moment(text)), default="")
    digits = max(names.stamp(clock.utc_now()), names.after(newest) if newest else "")
    for one in chosen:
        new = f"{place.path}/{place.layout.place(f'{digits}_{one.name}')}"
        yield Move(one.path, new)
        beside, there = place.layout.beside(one.path), place.layout.beside(new)
        if beside and there and beside in place.files:
            yield Move(beside, there)
        digits = names.after(digits)


def _refuse_locked(settings: Settings, moves: Sequence[Move]) -> None:
    reasons = fix_files.locked(settings.root, [one.old for one in moves], (), "")
    for path, reason in reasons.items():
        if "read-only" not in reason:
            raise Refused(
                f"{path} {reason}. Nothing was changed.",
                f"See to that first: git status {quote(path)}",
            )
    for one in moves:
        if (settings.root / one.new).exists():
            raise Refused(f"{one.new} is there already. Nothing was changed.", "Run it again.")


def _stem(path: str) -> str:
    """Return the name by which a migration is called: its file's, or its folder's."""
    pure = PurePosixPath(path)
    return pure.stem if pure.stem[:1].isdigit() else pure.parent.name


def _carry_out(root: Path, moves: Sequence[Move], mentions: Mentions) -> None:
    """Move every file, or none: what was moved goes back when one cannot be."""
    done: list[Move] = []
    try:
        for one in moves:
            _move(root, one.old, one.new)
            done.append(one)
        restamp_names.carry_out(root, mentions.edits)
    except (Failure, OSError, KeyboardInterrupt):
        for one in reversed(done):
            _move(root, one.new, one.old)
        raise


def _move(root: Path, old: str, new: str) -> None:
    (root / new).parent.mkdir(parents=True, exist_ok=True)
    if git.is_tracked(root, old):
        git_changes.move(root, old, new)
    else:
        (root / old).rename(root / new)
    with suppress(OSError):  # a folder with something else in it stays
        (root / old).parent.rmdir()


def _doubts(known: Known) -> Iterator[str]:
    if known.unasked:
        yield f"What is applied on {', '.join(known.unasked)} was NOT CHECKED."


def _report(moves: Sequence[Move], mentions: Mentions, known: Known, *, dry_run: bool) -> Report:
    notes = [*_doubts(known)]
    edited = [one.path for one in mentions.edits]
    if edited:
        does = "would be" if dry_run else "were"
        notes.append(f"Mentions of the old names {does} changed in {some(edited, _SHOWN)}.")
    if mentions.left:
        notes.append(f"The old names are still written in {some(mentions.left, _SHOWN)}.")
    if dry_run:
        notes.append("Dry run: nothing was moved.")
    else:
        new = " ".join(quote(one.new) for one in moves)
        add = f"git add {' '.join(map(quote, edited))} && " if edited else ""
        notes.append(f"Next: migrate-hooks lint {new}, then {add}git commit")
    rows = tuple((one.old, one.new) for one in moves)
    listing = Listing("Would be moved" if dry_run else "Moved", ("from", "to"), rows)
    return Report("restamp", Outcome.CLEAN, Exit.CLEAN, listings=(listing,), notes=tuple(notes))
