"""Primary keys; a table has one at most, so another name is a change."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(have, "definition") != value(want, "definition"):
        return constraining.by_new_index(have, want, world)
    rename = (
        f"RENAME CONSTRAINT {quoted(constraining.name(have))} TO {quoted(constraining.name(want))}"
    )
    renamed = clauses.altered(clauses.table_name(want), rename)
    return (Piece(clauses.guarded(constraining.is_there(have), renamed)),)


REMEDY = Remedy(
    "primary key", constraining.by_index, constraining.drop_key, _alter, with_table=True
)
