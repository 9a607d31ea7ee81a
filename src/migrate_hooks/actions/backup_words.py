"""Backups in words: sizes, ages, places, and the facts that a person wants first."""

from collections.abc import Iterator
from pathlib import Path

from migrate_hooks.model.backup import Backup
from migrate_hooks.model.environment import Target
from migrate_hooks.model.words import amount


def spell_size(count: int) -> str:
    """Return a number of bytes for people, such as "12.5 MiB"."""
    amount, units = float(max(count, 0)), ["B", "KiB", "MiB", "GiB", "TiB"]
    while amount >= 1024 and len(units) > 1:
        amount /= 1024
        units.pop(0)
    return f"{amount:.0f} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"


def spell_age(seconds: int) -> str:
    """Return a duration for people, such as "2 h 5 min"; only its two largest parts."""
    parts: list[str] = []
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        amount, seconds = divmod(max(seconds, 0), length)
        if amount or (unit == "s" and not parts):
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2])


def shown(root: Path, file: Path) -> str:
    """Return a path as it is typed at the repository's root."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)


def heads(backup: Backup) -> str:
    """Return where the ledgers stood, such as "20251101090000 (12 applied)"; "" without one."""
    return ", ".join(f"{one.newest or 'empty'} ({one.count})" for one in backup.contents.ledgers)


def address(target: Target) -> str:
    """Return where a target is, for a sentence."""
    return f"host {target.address}, database {target.database}"


def facts(root: Path, backup: Backup) -> Iterator[tuple[str, str]]:
    """Yield name and value of what is known of a backup, the most wanted first."""
    contents = backup.contents
    counted = [one for one in contents.tables if one.exact]
    yield "archive", shown(root, backup.archive)
    yield "size", spell_size(backup.size)
    yield "sha256", backup.sha256
    yield "moment", f"{contents.taken_at:%Y-%m-%d %H:%M:%S} UTC, by the server's clock"
    yield (
        "database",
        f"{contents.database} on {contents.host}, PostgreSQL {contents.server_version}",
    )
    yield "pg_dump", backup.client_version
    yield "ledger", heads(backup) or "none"
    rows = amount(sum(one.rows for one in counted), "row")
    rest = len(contents.tables) - len(counted)
    large = f"; {rest} too large to be counted" if rest else ""
    yield "tables", f"{len(contents.tables)}, with {rows}{large}"
