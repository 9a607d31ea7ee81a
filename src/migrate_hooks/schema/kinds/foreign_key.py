"""Foreign keys."""

from migrate_hooks.schema import constraints
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="foreign key",
    identity=("schema", "table", "name"),
    table=("schema", "table"),
    attributes=("definition",),
    query=constraints.query("f"),
)
