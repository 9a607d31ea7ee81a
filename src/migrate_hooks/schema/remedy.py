"""What brings one object from the state it is in to the one it should be in: SQL, and its cost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.sql.forms import quoted as quoted  # one door for every remedy

Key = tuple[str, tuple[str, ...]]
"""A kind and an identity."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement without its terminator, every name in it qualified and quoted.

    Where the grammar allows it, running it again changes nothing (IF EXISTS, IF NOT EXISTS, OR
    REPLACE, or a DROP … IF EXISTS in front). `alone` is one that cannot run in a transaction, and
    `apart` one that waits for a file of its own because what it does is long and its lock weak
    (VALIDATE CONSTRAINT). `strong` is one that stands apart with a strong lock, if for a moment: it
    runs when all that is long has run. `loses` says what data is gone afterwards, as the end of
    "This loses …". `reason` says why the statement is only a suggestion and must not run as it is,
    and `note` what a person has to see to before it runs.
    """

    sql: str
    alone: bool = False
    apart: bool = False
    strong: bool = False
    loses: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A whole schema, for whoever writes SQL about a part of it; `version` such as 180004.

    `other` is the one that is wanted where this is the one that is there, and the other way round:
    what a REVOKE must leave, or what a class of operators makes already, only both can tell.
    `unread` are kinds of which not everything is known, so that nothing follows from a gap.
    """

    objects: Mapping[Key, SchemaObject]
    version: int
    by_table: Mapping[tuple[str, str], tuple[SchemaObject, ...]] = field(default_factory=dict)
    other: "World | None" = None
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remedy:
    """How one kind is made, removed and changed.

    `create(one, world)` makes an object of the world that is wanted, `drop(one, world)` removes one
    of the world that is there; `alter(have, want, world)` changes it in place, with the wanted
    world, or says None where that takes a drop and a create; the same is left to do where a server
    refuses its pieces (CREATE OR REPLACE VIEW with other columns). What `alter` drops and makes
    anew has lost its comment. `with_table` are kinds that CREATE TABLE makes itself, so that only
    their changes to a table that stays need a statement. Pieces keep their order; those behind one
    that stands apart belong to the same file or a later one.
    """

    kind: str
    create: Callable[[SchemaObject, World], tuple[Piece, ...]]
    drop: Callable[[SchemaObject, World], tuple[Piece, ...]]
    alter: Callable[[SchemaObject, SchemaObject, World], tuple[Piece, ...] | None]
    with_table: bool = False


def world(objects: tuple[SchemaObject, ...], version: int, other: World | None = None) -> World:
    """Return `objects` as a World."""
    by_table: dict[tuple[str, str], list[SchemaObject]] = {}
    for one in objects:
        if one.table:
            by_table.setdefault(one.table, []).append(one)
    return World(
        {(one.kind, one.identity): one for one in objects},
        version,
        {table: tuple(found) for table, found in by_table.items()},
        other,
    )


def of_table(world: World, table: tuple[str, str], kind: str) -> Iterator[SchemaObject]:
    """Yield the objects of one kind that belong to `table`, in the order of the snapshot."""
    return (one for one in world.by_table.get(table, ()) if one.kind == kind)


def value(one: SchemaObject, attribute: str) -> str:
    """Return an attribute's value, "" where the object has none."""
    return dict(one.attributes).get(attribute) or ""


def literal(text: str) -> str:
    """Return a text as an SQL literal, which stays the same in a file of other line ends."""
    doubled = text.replace("'", "''")
    if "\\" not in doubled and "\r" not in doubled:
        return f"'{doubled}'"
    escaped = doubled.replace("\\", "\\\\").replace("\r", "\\r")
    return f"E'{escaped}'"
