"""Comments.

A comment bears the identity of what it is about, and belongs to the same table.
"""

from migrate_hooks.schema import remarks
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="comment",
    identity=remarks.IDENTITY,
    attributes=("text",),
    table=remarks.TABLE,
    query=remarks.query("pg_description", "description", "NULL"),
)
