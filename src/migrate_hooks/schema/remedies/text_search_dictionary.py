"""Text search dictionaries."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import listed, qualified, unless


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    parts = (f"TEMPLATE = {value(one, 'template')}", *listed(value(one, "options")))
    sql = f"CREATE TEXT SEARCH DICTIONARY {qualified(*one.identity)} ({', '.join(parts)})"
    return (Piece(unless("unique_violation", sql)),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP TEXT SEARCH DICTIONARY IF EXISTS {qualified(*one.identity)}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if value(have, "template") != value(want, "template"):
        return None
    old, new = _options(have), _options(want)
    said = [f"{name} = {text}" for name, text in new.items() if old.get(name) != text]
    said += [name for name in old if name not in new]
    return (Piece(f"ALTER TEXT SEARCH DICTIONARY {qualified(*want.identity)} ({', '.join(said)})"),)


def _options(one: SchemaObject) -> dict[str, str]:
    """Return {name: value} as SQL writes both."""
    pairs = (each.partition(" = ") for each in listed(value(one, "options")))
    return {name: text for name, _, text in pairs}


REMEDY = Remedy("text search dictionary", _create, _drop, _alter)
