"""Materialized views, by what they select and not by what they hold."""

from migrate_hooks.schema import views
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="materialized view",
    identity=("schema", "view"),
    attributes=("definition", "options"),
    query=views.query("m"),
)
