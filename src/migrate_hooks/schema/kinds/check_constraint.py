"""Check constraints of tables."""

from migrate_hooks.schema import constraints
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="check constraint",
    identity=("schema", "table", "name"),
    table=("schema", "table"),
    attributes=("definition",),
    query=constraints.query("c"),
)
