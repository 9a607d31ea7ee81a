"""What a ledger is: SQL strings and a mapper of rows; the store runs them for every ledger."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration, Version

OWN = "own"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The ledger that a repository suggests.

    `certain` when the configuration names it; `own_tool` when it is the ledger of the very tool
    whose layout the files have, and not just the usual one for such files.
    """

    name: str
    certain: bool = False
    own_tool: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """One kind of ledger table.

    `columns` are those our statements need; `create` brings a missing table or column into being,
    in a schema that is there. `select` returns one column, a JSON object per row, so that newer and
    older forms of the table both read. `find` asks for an applied row. `insert` takes what `to_row`
    returns; `find` and `delete` what `to_key` returns. `realign` makes an applied row say what the
    file says; it takes what `to_realigned` returns, and the version that the row has now. In all of
    them {table} stands for the quoted name, which `placed` puts in; whatever else they name is
    qualified.

    `to_applied` returns None for a row that counts for nothing, and raises KeyError, TypeError or
    ValueError for one that the ledger's tool never wrote. `keeps_failures` tells that a failed row
    is known from an applied one, `follows_schema` that the table is in the schema that a DSN names.
    `lock` is the key of the advisory lock that the ledger's own tool takes.
    """

    name: str
    schema: str
    table: str
    columns: tuple[str, ...]
    create: tuple[str, ...]
    select: str
    find: str
    insert: str
    delete: str
    realign: str
    to_applied: Callable[[Mapping[str, Any]], Applied | None]
    to_row: Callable[[Record], tuple[object, ...]]
    to_key: Callable[[Migration], tuple[object, ...]]
    to_realigned: Callable[[Migration], tuple[object, ...]]
    keeps_failures: bool = False
    follows_schema: bool = False
    lock: int | None = None

    @property
    def place(self) -> str:
        """The table's name as people read it and SQL takes it: public._prisma_migrations."""
        names = (self.schema, self.table)
        return ".".join(name if _PLAIN.fullmatch(name) else quoted(name) for name in names)


_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def quoted(name: str) -> str:
    """Return `name` as a quoted identifier of SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def placed(ledger: Ledger, schema: str | None = None) -> Ledger:
    """Return the ledger with its names in its SQL, in `schema` if it follows the DSN's."""
    home = schema if schema and ledger.follows_schema else ledger.schema
    table = f"{quoted(home)}.{quoted(ledger.table)}"
    # What runs with parameters has placeholders, and there a percent sign must be doubled.
    doubled = table.replace("%", "%%")
    return replace(
        ledger,
        schema=home,
        create=tuple(sql.format(table=table) for sql in ledger.create),
        select=ledger.select.format(table=table),
        find=ledger.find.format(table=doubled),
        insert=ledger.insert.format(table=doubled),
        delete=ledger.delete.format(table=doubled),
        realign=ledger.realign.format(table=doubled),
    )


def version(text: str) -> Version:
    """Return the ordered form of a version as a ledger spells it: its numbers, one by one.

    A whole name such as 20260105090000_add_2_users is ordered as one.
    """
    if re.match(r"\d+_", text, re.ASCII):
        return Version.of_name(text)
    return Version(tuple(map(int, re.findall(r"\d+", text))), text)


def moment(value: object) -> str | None:
    """Return a time of a JSON row, in UTC, as people read it; raises TypeError for anything else.

    "2026-01-05T10:00:00.123+00:00" gives "2026-01-05 10:00:00+00".
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError("no time")
    return re.sub(r"T([\d:]+)(?:\.\d+)?\+00:00$", r" \1+00", value)


def maybe_text(value: object) -> str | None:
    """Return a text of a JSON row or None; raises TypeError for anything else."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError("no text")


def maybe_number(value: object) -> int | None:
    """Return a whole number of a JSON row or None; raises TypeError for anything else."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError("no whole number")
