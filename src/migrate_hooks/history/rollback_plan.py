"""Which migrations a rollback takes back: newest first, in the order of the ledger's versions."""

from collections.abc import Sequence
from dataclasses import replace

from migrate_hooks.errors import UnknownMigration, UsageProblem
from migrate_hooks.history import plan
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import called

_SHOWN = 3


def standing(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return what is applied, newest first; a file with another number has the ledger's here."""
    applied = (one for one in entries if one.applied and one.state is not State.FAILED)
    return tuple(sorted(map(_as_applied, applied), key=lambda one: one.version, reverse=True))


def _as_applied(entry: Entry) -> Entry:
    if entry.other is None or entry.migration is None:
        return entry
    return replace(
        entry, version=entry.other, migration=replace(entry.migration, version=entry.other)
    )


def last(environment: str, stands: Sequence[Entry], steps: int) -> tuple[Entry, ...]:
    """Return the newest `steps` (from 1); raises UsageProblem when there are not that many."""
    if steps > len(stands):
        raise UsageProblem(
            f"{environment} has {_amount(stands)} applied, so {steps} cannot be rolled back. "
            "Nothing was changed.",
            f"See them: migrate-hooks status --env={environment}",
        )
    return tuple(stands[:steps])


def newer_than(entries: Sequence[Entry], stands: Sequence[Entry], wanted: str) -> tuple[Entry, ...]:
    """Return what is newer than the one that `wanted` names, which itself stays.

    Raises UsageProblem when it is not applied, and what `plan.find` raises.
    """
    stays = applied(entries, stands, wanted)
    return tuple(one for one in stands if stays.version < one.version)


def applied(entries: Sequence[Entry], stands: Sequence[Entry], wanted: str) -> Entry:
    """Return the applied one that `wanted` (a version, a name or a part of one) means."""
    bare = [one for one in stands if one.migration is None and wanted in _bare_names(one)]
    if len(bare) == 1:
        return bare[0]
    try:
        return plan.find([one for one in stands if one.migration], wanted)
    except UnknownMigration:
        found = plan.find(entries, wanted)
        raise UsageProblem(
            f"{name(found)} is not applied to {found.environment}: there is nothing to take back. "
            "Nothing was changed.",
            f"See what is: migrate-hooks status --env={found.environment}",
        ) from None


def _bare_names(entry: Entry) -> tuple[str, ...]:
    row = entry.applied.name if entry.applied else None
    return tuple(filter(None, (entry.version.text, row, f"{entry.version.text}_{row}")))


def name(entry: Entry) -> str:
    """Return what people call an entry: its file, or what the ledger keeps of it."""
    if entry.migration:
        return called(entry.migration.path)
    return _one_line(
        _bare_names(entry)[-1] if entry.applied and entry.applied.name else entry.version.text
    )


def unclear(environment: str, stands: Sequence[Entry]) -> UsageProblem:
    """Return the answer to a rollback that says neither how many nor which."""
    if not stands:
        return UsageProblem(
            f"Roll back what? {environment} has nothing applied.",
            f"See: migrate-hooks status --env={environment}",
        )
    shown = ", ".join(name(one) + _when(one) for one in stands[:_SHOWN])
    return UsageProblem(
        f"Roll back what? The last of {_amount(stands)} applied to {environment}, newest first: "
        f"{shown}.",
        f"Take back the newest: migrate-hooks rollback --env={environment} --steps=1 --dry-run; "
        "or everything newer than one (--to=VERSION), or exactly one (--migration=NAME).",
    )


def _when(entry: Entry) -> str:
    at = entry.applied.applied_at if entry.applied else None
    return f" ({at})" if at else ""


def _amount(stands: Sequence[Entry]) -> str:
    return "1 migration" if len(stands) == 1 else f"{len(stands)} migrations"


def _one_line(words: str) -> str:
    return words.replace("\r", "\\r").replace("\n", "\\n")
