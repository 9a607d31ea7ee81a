"""A database that came out of a backup, held against what the backup's manifest says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from migrate_hooks.actions import backup_facts, backup_manifest
from migrate_hooks.model.backup import Backup, TableRows
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.schema import Change, Difference, Snapshot, Unchecked
from migrate_hooks.model.words import amount, some
from migrate_hooks.outside import archives
from migrate_hooks.schema import advice, compare, wording
from migrate_hooks.schema.identity import dotted

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

_SHOWN = 20
_OF_ROLES = frozenset({"owner", "grant", "default privilege", "subscription", "user mapping"})
_OF_ROLES = frozenset({"owner", "grant", "default privilege", "subscription"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs in the schema and in the numbers of rows, one CRITICAL finding each.

    `wordings` are WARNINGs about objects that are there, with everything that can be compared, and
    whose expressions the server writes in other words. `notes` count what was compared and name
    what was not; `unchecked` when part of the schema could not be had.
    """

    schema: tuple[Finding, ...]
    wordings: tuple[Finding, ...]
    rows: tuple[Finding, ...]
    notes: tuple[str, ...]
    unchecked: bool = False


def run(backup: Backup, session: "Session", where: str, *, owners: bool = True) -> Comparison:
    """Compare the session's database with the manifest; `where` names it in sentences.

    `owners` False leaves out what was restored without: owners, grants and subscriptions.
    """
    from migrate_hooks.schema import snapshot

    was = _schema(backup)
    now = snapshot.take(session, where)
    counted = backup_facts.rows(session)
    differences = () if was is None else compare.compare(was, now, ())
    if not owners:
        differences = tuple(one for one in differences if one.kind not in _OF_ROLES)
    unread = (*(was.unchecked if was else ()), *now.unchecked)
    return Comparison(
        tuple(_told([one for one in differences if _is_wrong(one)], where, Severity.CRITICAL)),
        tuple(_told([one for one in differences if _is_reworded(one)], where, Severity.WARNING)),
        tuple(_rows(backup.contents.tables, counted, where)),
        (*_notes(backup, was, counted), *(_unread(each) for each in unread)),
        was is None or bool(unread),
    )


def _is_wrong(one: Difference) -> bool:
    return not (wording.only_expressions(one) or _is_of_no_archive(one))


def _is_reworded(one: Difference) -> bool:
    return wording.only_expressions(one) and not wording.reads_the_same(one)


def _is_of_no_archive(one: Difference) -> bool:
    """Tell what no archive holds: the version of an extension, and where a column of a parent table
    stands that got it after its children were made. Roles are the other server's: what belongs
    or is granted to them comes back only where they are.
    """
    if one.kind in _OF_ROLES:
        return True
    names = {each.name for each in one.attributes}
    return one.change is Change.CHANGED and (one.kind == "extension" or names == {"column_order"})


def _unread(each: Unchecked) -> str:
    return f"NOT CHECKED: {each.kind} of {each.environment} ({each.reason})."


def _schema(backup: Backup) -> Snapshot | None:
    data = archives.read(backup.archive.with_suffix(archives.SCHEMA))
    if data is None or sha256(data).hexdigest() != backup.schema_sha256:
        return None
    return backup_manifest.schema_from_json(data)


def _told(differences: Sequence[Difference], where: str, severity: Severity) -> Iterator[Finding]:
    for one in differences[:_SHOWN]:
        yield Finding(
            "backup/schema-differs",
            severity,
            advice.message(one, "the backup", where),
            ObjectPlace(where, one.kind, dotted(one.identity)),
        )
    if len(differences) > _SHOWN:
        rest = f"{len(differences) - _SHOWN} more objects differ."
        yield Finding("backup/schema-differs", severity, rest)


def _rows(was: Sequence[TableRows], now: Sequence[TableRows], where: str) -> Iterator[Finding]:
    found = {one.table: one for one in now}
    for one in was:
        other = found.get(one.table)
        if other and one.exact and other.exact and one.rows != other.rows:
            yield Finding(
                "backup/rows-differ",
                Severity.CRITICAL,
                f"{one.table} came back with {other.rows} rows and had {one.rows}.",
                ObjectPlace(where, "table", one.table),
            )


def _notes(backup: Backup, was: Snapshot | None, now: Sequence[TableRows]) -> Iterator[str]:
    found = {one.table for one in now if one.exact}
    both = [one for one in backup.contents.tables if one.exact and one.table in found]
    large = [one.table for one in backup.contents.tables if not one.exact]
    objects = f"{amount(len(was.objects), 'object')} of the schema, and " if was else ""
    rows = amount(sum(one.rows for one in both), "row")
    yield f"Compared: {objects}{rows} in {amount(len(both), 'table')}."
    if was is None:
        yield "NOT CHECKED: the schema, since the file that describes it is missing or was altered."
    if large:
        yield (
            f"NOT CHECKED: how many rows came back in {some(large, 3)}: too large to be counted."
        )
