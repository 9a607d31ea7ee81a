"""Foreign keys. A partitioned table cannot have one that is not valid before PostgreSQL 18."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    if clauses.is_a(one, world, "partitioned table"):
        return (constraining.unless_there(one, value(one, "definition")),)
    return constraining.added(one, world)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if constraining.is_proved(have, want):
        return (constraining.validated(want),)
    before, after = _parted(have), _parted(want)
    if before[0] == after[0]:
        table, name = clauses.table_name(want), quoted(constraining.name(want))
        deferred = after[1].strip() or "NOT DEFERRABLE"
        return (Piece(f"ALTER TABLE {table} ALTER CONSTRAINT {name} {deferred}"),)
    if clauses.is_a(want, world, "partitioned table"):
        return (constraining.replaced(want, value(want, "definition")),)
    return constraining.changed(want, world)


def _parted(one: SchemaObject) -> tuple[str, str]:
    """Return the definition without, and only, what says when it is checked."""
    definition = value(one, "definition")
    found = constraining.DEFERRED.search(definition)
    return (definition[: found.start()], found[0]) if found else (definition, "")


REMEDY = Remedy("foreign key", _create, constraining.drop, _alter)
