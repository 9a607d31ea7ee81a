"""Sequences; where one has got to belongs to the data and stays as it is."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, counting
from migrate_hooks.schema.remedy import Piece, Remedy, World, value


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    kind = "UNLOGGED SEQUENCE" if value(one, "persistence") == "unlogged" else "SEQUENCE"
    type_ = value(one, "type")
    options = counting.made(counting.of_sequence(one), type_)
    counted = "".join(f" {each}" for each in options)
    made = Piece(f"CREATE {kind} IF NOT EXISTS {clauses.table_name(one)} AS {type_}{counted}")
    return (made, _owned(one)) if value(one, "owned_by") else (made,)


def _owned(one: SchemaObject) -> Piece:
    owner = value(one, "owned_by") or "NONE"
    return Piece(f"ALTER SEQUENCE {clauses.table_name(one)} OWNED BY {owner}")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name = clauses.table_name(one)
    return (Piece(f"DROP SEQUENCE IF EXISTS {name}", loses=f"the number that {name} has reached"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...]:
    pieces = []
    options = list(counting.changed(counting.of_sequence(have), counting.of_sequence(want)))
    if value(have, "type") != value(want, "type"):
        # Its limits move with a type where they were those of the old one, so both are said.
        limits = counting.of_sequence(want)
        options = [each for each in options if not each.startswith(("MINVALUE", "MAXVALUE"))]
        limited = [f"MINVALUE {limits.minimum}", f"MAXVALUE {limits.maximum}"]
        options = [f"AS {value(want, 'type')}", *limited, *options]
    if options:
        pieces.append(Piece(f"ALTER SEQUENCE {clauses.table_name(want)} {' '.join(options)}"))
    if value(have, "persistence") != value(want, "persistence"):
        logged = "UNLOGGED" if value(want, "persistence") == "unlogged" else "LOGGED"
        pieces.append(Piece(f"ALTER SEQUENCE {clauses.table_name(want)} SET {logged}"))
    if value(have, "owned_by") != value(want, "owned_by"):
        pieces.append(_owned(want))
    return tuple(pieces)


REMEDY = Remedy("sequence", _create, _drop, _alter)
