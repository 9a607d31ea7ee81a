"""`repair` without a wish: what is wrong, and the repairs that fit, as commands to type."""

from collections.abc import Iterator
from dataclasses import replace

from migrate_hooks.actions import verify
from migrate_hooks.actions.verify import Examination
from migrate_hooks.history import identity
from migrate_hooks.model.books import Unfinished
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.history import Edit, Entry, State
from migrate_hooks.model.repair import Situation
from migrate_hooks.model.report import Listing, Report

_NEEDS_REASON = ' --because="…"'
Proposal = tuple[str, str]
"""Words of the command behind `--env=X`, and when they fit."""


def report(
    found: Examination, environment: Environment, situation: Situation, *, is_adoptable: bool
) -> Report:
    """Return what verify finds, with the repairs that fit; nothing is changed.

    `is_adoptable` tells that the ledger is empty, and that something of what the files create is
    there all the same.
    """
    made = verify.report("repair", found)
    proposals = tuple(_proposals(environment, situation, is_adoptable=is_adoptable))
    if not proposals:
        note = "There is nothing in ledger or marks that a repair could mend."
        return replace(made, listings=(), notes=(*made.notes, note))
    start = f"migrate-hooks repair --env={environment.name} "
    rows = tuple((f"{start}{words}{_NEEDS_REASON}", when) for words, when in proposals)
    listing = Listing("Repairs that fit", ("command", "if"), rows)
    note = "Nothing was changed. Each command shows its plan first; --dry-run stops there."
    return replace(made, listings=(listing,), notes=(*made.notes, note))


def _proposals(
    environment: Environment, situation: Situation, *, is_adoptable: bool
) -> Iterator[Proposal]:
    for entry in situation.entries:
        yield from _of_entry(entry)
    for one in situation.books.unfinished:
        yield from _of_begun(one)
    if identity.clashes(environment, situation.books.here, situation.books.recorded):
        yield "--adopt-identity", f"this database is meant to be {environment.name} from now on"
    if is_adoptable:
        yield "--baseline=all", "these files were brought into this database by other means"


def _of_entry(entry: Entry) -> Iterator[Proposal]:
    text = entry.version.text
    if entry.state is State.FAILED:
        yield f"--clear-failed={text}", "whatever it left was undone, and it is to run again"
        if entry.migration:
            yield f"--mark-applied={text}", "it was finished by hand"
    elif entry.state is State.UNKNOWN:
        yield f"--mark-reverted={text}", "what it did was undone, and its file will not come back"
    elif entry.state is State.RENUMBERED and entry.other:
        yield f"--realign={text}", f"{entry.other.text} shall be called by its new version"
    elif entry.state is State.CHANGED and entry.edit is Edit.TEXT:
        yield (
            f"--realign={text}",
            "the ledger shall have the words of the file; its SQL is the same",
        )
    elif entry.state is State.CHANGED:
        why = "the database has by hand what the file says now"
        yield f"--realign={text} --allow=changed-sql", why


def _of_begun(one: Unfinished) -> Iterator[Proposal]:
    number = one.progress.statements_done + 1
    if one.progress.running:
        yield f"--statement-done={one.version}", f"statement {number} took effect"
        yield f"--statement-undone={one.version}", f"statement {number} had no effect"
    yield f"--clear-failed={one.version}", "all that it left was undone; it starts at its beginning"
    if one.direction == "up":
        yield f"--mark-applied={one.version}", "the rest of it was done by hand"
    else:
        yield f"--mark-reverted={one.version}", "the rest of it was undone by hand"
