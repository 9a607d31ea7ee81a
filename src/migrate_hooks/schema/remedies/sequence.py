"""Sequences; where one has got to is no part of the schema and stays as it is."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, counting
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    kind = "UNLOGGED SEQUENCE" if value(one, "persistence") == "unlogged" else "SEQUENCE"
    type_ = value(one, "type")
    options = counting.made(counting.of_sequence(one), type_)
    counted = "".join(f" {each}" for each in options)
    made = Piece(f"CREATE {kind} IF NOT EXISTS {clauses.table_name(one)} AS {type_}{counted}")
    return (made, _owned(one), *_caught_up(one, world)) if value(one, "owned_by") else (made,)


def _owned(one: SchemaObject) -> Piece:
    owner = value(one, "owned_by") or "NONE"
    return Piece(f"ALTER SEQUENCE {clauses.table_name(one)} OWNED BY {owner}")


def _caught_up(one: SchemaObject, world: World) -> Iterator[Piece]:
    """Yield what keeps a new sequence from giving a column that stays the values it has already."""
    key = ("column", clauses.names(value(one, "owned_by")))
    column = world.other.objects.get(key) if world.other else None
    if column is None or value(column, "type") not in counting.WHOLE:
        return
    name = clauses.table_name(one)
    begin = counting.caught_up(column, literal(name), counting.of_sequence(one))
    yield Piece(clauses.guarded(f"NOT (SELECT is_called FROM {name})", begin))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    name = clauses.table_name(one)
    drop = Piece(f"DROP SEQUENCE IF EXISTS {name}")
    return (Piece(clauses.guarded(_is_own(name), drop.sql)) if _is_followed(one, world) else drop,)


def _is_followed(one: SchemaObject, world: World) -> bool:
    """Say whether its column becomes an identity, whose sequence may have the same name."""
    key = ("column", clauses.names(value(one, "owned_by")))
    column = world.other.objects.get(key) if world.other else None
    return column is not None and bool(value(column, "identity"))


def _is_own(name: str) -> str:
    """Return SQL that is true unless it is the sequence behind an identity column."""
    return "NOT " + clauses.exists(
        f"SELECT FROM pg_catalog.pg_depend\n"
        f"WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass\n"
        f"    AND objid = {clauses.relation(name)} AND deptype = 'i'"
    )


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name = clauses.table_name(want)
    pieces = []
    if options := _options(have, want):
        piece = Piece(f"ALTER SEQUENCE {name} {' '.join(options)}")
        numbers = counting.of_sequence(have), counting.of_sequence(want)
        pieces.append(counting.restarted(piece, *numbers))
    if value(have, "persistence") != value(want, "persistence"):
        logged = "UNLOGGED" if value(want, "persistence") == "unlogged" else "LOGGED"
        pieces.append(Piece(f"ALTER SEQUENCE {name} SET {logged}"))
    if value(have, "owned_by") != value(want, "owned_by"):
        pieces.append(_owned(want))
    return tuple(pieces)


def _options(have: SchemaObject, want: SchemaObject) -> list[str]:
    numbers = counting.of_sequence(want)
    options = list(counting.changed(counting.of_sequence(have), numbers))
    if value(have, "type") == value(want, "type"):
        return options
    # The limits move with a type where they were those of the old one, so both are said.
    rest = [each for each in options if not each.startswith(("MINVALUE", "MAXVALUE"))]
    limits = [f"MINVALUE {numbers.minimum}", f"MAXVALUE {numbers.maximum}"]
    return [f"AS {value(want, 'type')}", *limits, *rest]


REMEDY = Remedy("sequence", _create, _drop, _alter)
