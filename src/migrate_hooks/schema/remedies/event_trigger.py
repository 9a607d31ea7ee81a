"""Event triggers."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.clauses import ENABLED
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    name, tags = quoted(one.identity[0]), value(one, "tags")
    words = [f"CREATE EVENT TRIGGER {name} ON {value(one, 'event')}"]
    if tags:
        words.append(f"WHEN TAG IN ({', '.join(map(literal, tags.split(', ')))})")
    words.append(f"EXECUTE FUNCTION {value(one, 'function')}()")
    pieces = (*_drop(one, world), Piece(" ".join(words)))
    return pieces if value(one, "enabled") == "origin" else (*pieces, _switch(one))


def _switch(one: SchemaObject) -> Piece:
    state = ENABLED[value(one, "enabled")]
    return Piece(f"ALTER EVENT TRIGGER {quoted(one.identity[0])} {state}")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP EVENT TRIGGER IF EXISTS {quoted(one.identity[0])}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return (_switch(want),) if set(_changed(have, want)) == {"enabled"} else None


def _changed(have: SchemaObject, want: SchemaObject) -> Iterator[str]:
    old = dict(have.attributes)
    return (name for name, text in want.attributes if text != old.get(name))


REMEDY = Remedy("event trigger", _create, _drop, _alter)
