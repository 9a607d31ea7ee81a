"""Materialized views; what they hold can be computed again, so it is never lost."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    options = clauses.settings(value(one, "options"))
    given = f" WITH ({options})" if options else ""
    name, definition = clauses.table_name(one), clauses.written(one, "definition")
    definition = definition.strip().removesuffix(";")
    return (Piece(f"CREATE MATERIALIZED VIEW IF NOT EXISTS {name}{given} AS\n {definition}"),)


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return (Piece(clauses.dropped("MATERIALIZED VIEW", one, world)),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if clauses.is_made_anew(have, want):
        return None
    name = clauses.table_name(want)
    forms = clauses.changed_settings(value(have, "options"), value(want, "options"))
    return tuple(Piece(f"ALTER MATERIALIZED VIEW {name} {form}") for form in forms)


REMEDY = Remedy("materialized view", _create, _drop, _alter)
