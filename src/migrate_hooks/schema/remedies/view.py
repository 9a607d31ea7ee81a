"""Views, replaced where they stand."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    options = clauses.settings(value(one, "options"))
    given = f" WITH ({options})" if options else ""
    definition = clauses.written(one, "definition").strip().removesuffix(";")
    return (Piece(f"CREATE OR REPLACE VIEW {clauses.table_name(one)}{given} AS\n {definition}"),)


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return (Piece(clauses.dropped("VIEW", one, world)),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(have, "definition") != value(want, "definition"):
        return _create(want, world)
    forms = clauses.changed_settings(value(have, "options"), value(want, "options"))
    return tuple(Piece(f"ALTER VIEW {clauses.table_name(want)} {form}") for form in forms)


REMEDY = Remedy("view", _create, _drop, _alter)
