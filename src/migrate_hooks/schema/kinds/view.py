"""Views."""

from migrate_hooks.schema import views
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="view",
    identity=("schema", "view"),
    attributes=("definition", "options"),
    query=views.query("v"),
)
