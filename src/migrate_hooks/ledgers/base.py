"""What a ledger is: SQL strings and a mapper of rows; the store runs them for every ledger."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration, Version


@dataclass(frozen=True, slots=True)
class Ledger:
    """One kind of ledger table.

    `columns` are those our statements need; `create` brings a missing table or column into being.
    `select` returns one column, a JSON object per row, so that newer and older forms of the table
    both read. `insert` takes what `to_row` returns; `find` and `delete` what `to_key` returns.
    `to_applied` raises KeyError, TypeError or ValueError for a row that the ledger's tool never
    wrote. `keeps_failures` tells that a failed row is known from an applied one.
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
    to_applied: Callable[[Mapping[str, Any]], Applied]
    to_row: Callable[[Record], tuple[object, ...]]
    to_key: Callable[[Migration], tuple[object, ...]]
    keeps_failures: bool = False


def version(text: str) -> Version:
    """Return the ordered form of a version as a ledger spells it: its numbers, one by one."""
    return Version(tuple(int(number) for number in re.findall(r"\d+", text)), text)
