"""Columns. Their order cannot be changed: one that is added is the last."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, columns, foreign
from migrate_hooks.schema.remedy import Piece, Remedy, World, of_table, value
from migrate_hooks.sql.forms import quoted


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    if _comes_with_parent(one, world):
        return ()
    words = columns.definition(one, world)
    needed = value(one, "not_null") == "true" and not _is_filled(one)
    if needed and clauses.stays(one, world):
        nullable = words.removesuffix(" NOT NULL")
        return (_added(one, nullable, world), *columns.details(one, world), *_needed(one, world))
    return (_added(one, words, world), *columns.details(one, world))


def _added(one: SchemaObject, words: str, world: World) -> Piece:
    reason = foreign.doubt(one) if clauses.is_a(one, world, "foreign table") else ""
    return Piece(f"{_table(one, world)} ADD COLUMN IF NOT EXISTS {words}", reason=reason)


def _is_filled(one: SchemaObject) -> bool:
    """Say whether rows that are there get a value by themselves."""
    return any(value(one, name) for name in ("default", "generated", "identity"))


def _needed(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return tuple(columns.required(one, world))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    if _comes_with_parent(one, world):
        return ()
    name = f"{clauses.table_name(one)}.{quoted(one.identity[2])}"
    is_kept = value(one, "generated") or clauses.is_a(one, world, "foreign table")
    column = quoted(one.identity[2])
    return (
        Piece(
            f"{_table(one, world)} DROP COLUMN IF EXISTS {column}",
            loses="" if is_kept else f"the values of {name}",
        ),
    )


def _table(one: SchemaObject, world: World) -> str:
    kind = "FOREIGN TABLE" if clauses.is_a(one, world, "foreign table") else "TABLE"
    return f"ALTER {kind} {clauses.table_name(one)}"


def _comes_with_parent(one: SchemaObject, world: World) -> bool:
    """Say whether a parent has the column, so that a partition or child cannot differ."""
    table = clauses.table_of(one, world)
    above = clauses.parents(table, world) if table else ()
    return any(("column", (*parent.identity, one.identity[2])) in world.objects for parent in above)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    pieces = columns.changes(have, want, world)
    if pieces is None or value(have, "type") == value(want, "type"):
        return pieces
    computed = tuple(_computed_from(have, world))
    gone = tuple(piece for one in computed for piece in _drop(one, world))
    kept = (world.objects.get((one.kind, one.identity)) for one in computed)
    again = tuple(piece for one in kept if one for piece in _create(one, world))
    return (*gone, *pieces, *again)


def _computed_from(one: SchemaObject, world: World) -> Iterator[SchemaObject]:
    """Yield the generated columns that keep a column that is there from changing its type."""
    table = one.identity[0], one.identity[1]
    for other in of_table(world.other, table, "column") if world.other else ():
        if one.identity[2] in clauses.names(columns.generated(other)[0]):
            yield other


REMEDY = Remedy("column", _create, _drop, _alter, with_table=True)
