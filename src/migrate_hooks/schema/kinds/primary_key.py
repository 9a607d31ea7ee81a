"""Primary keys; a table has one at most, so its name is an attribute."""

from migrate_hooks.schema import constraints
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="primary key",
    identity=("schema", "table"),
    table=("schema", "table"),
    attributes=("name", "definition"),
    query=constraints.query("p"),
)
