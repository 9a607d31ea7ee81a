"""Row level security: whether policies are asked at all, and for the owner too."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value

_FORMS = {
    ("enabled", "true"): "ENABLE",
    ("enabled", "false"): "DISABLE",
    ("forced", "true"): "FORCE",
    ("forced", "false"): "NO FORCE",
}


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    said = (name for name in ("enabled", "forced") if value(one, name) == "true")
    return tuple(_set(one, name) for name in said)


def _drop(_one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return ()


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...]:
    names = (name for name in ("enabled", "forced") if value(have, name) != value(want, name))
    return tuple(_set(want, name) for name in names)


def _set(one: SchemaObject, name: str) -> Piece:
    form = _FORMS[name, value(one, name)]
    return Piece(f"ALTER TABLE {clauses.table_name(one)} {form} ROW LEVEL SECURITY")


REMEDY = Remedy("row security", _create, _drop, _alter)
