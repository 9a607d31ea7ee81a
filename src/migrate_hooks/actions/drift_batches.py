"""A repair as values: where to go, the batches of statements that lead there, and what is left."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.model.schema import Snapshot
from migrate_hooks.schema.remedy import Key, Piece


class Mode(StrEnum):
    """How the statements of a batch run."""

    WHOLE = "in a transaction"
    ALONE = "one by one"
    APART = "in a transaction, after everything else"


@dataclass(frozen=True, slots=True)
class Left:
    """An object whose statements are not run: what they are, and why as a clause.

    `refused` is False for what PostgreSQL would not do, so that the rest has to go without it.
    """

    key: Key
    sql: tuple[str, ...]
    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements in the order in which they ran, and what was there afterwards."""

    mode: Mode
    pieces: tuple[tuple[Key, Piece], ...]
    after: Snapshot


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one state to another; `left` is what it does not do, `roles` what it takes."""

    batches: tuple[Batch, ...]
    left: tuple[Left, ...]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Aim:
    """Where to go: the state that is wanted, for a server of `version`.

    `refuse` returns why a piece must not run, "" where it may. `only` makes everything one batch of
    that mode. `makes_roles` lets roles be made on the scratch server that statements name.
    """

    goal: Snapshot
    version: int
    refuse: Callable[[Piece], str]
    only: Mode | None = None
    makes_roles: bool = True
