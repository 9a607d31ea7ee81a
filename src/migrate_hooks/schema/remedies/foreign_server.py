"""Foreign servers."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import foreign
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    words = [f"CREATE SERVER IF NOT EXISTS {quoted(one.identity[0])}"]
    words += [
        f"{name.upper()} {literal(value(one, name))}"
        for name in ("type", "version")
        if value(one, name)
    ]
    words.append(f"FOREIGN DATA WRAPPER {quoted(value(one, 'wrapper'))}")
    return (Piece(" ".join(words) + foreign.clause(one), reason=foreign.doubt(one)),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP SERVER IF EXISTS {quoted(one.identity[0])}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if any(value(have, name) != value(want, name) for name in ("wrapper", "type")):
        return None
    return tuple(_changes(have, want))


def _changes(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    altered, version = f"ALTER SERVER {quoted(want.identity[0])}", value(want, "version")
    if version != value(have, "version"):
        yield Piece(f"{altered} VERSION {literal(version) if version else 'NULL'}")
    yield from foreign.changes(altered, have, want)


REMEDY = Remedy("foreign server", _create, _drop, _alter)
