"""Unique constraints."""

from migrate_hooks.schema import constraints
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="unique constraint",
    identity=("schema", "table", "name"),
    table=("schema", "table"),
    attributes=("definition",),
    query=constraints.query("u"),
)
