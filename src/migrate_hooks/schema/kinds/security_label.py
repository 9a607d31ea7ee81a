"""Security labels, one for each provider that labels an object."""

from migrate_hooks.schema import remarks
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="security label",
    recorded_in=("pg_seclabel", ""),
    identity=remarks.IDENTITY,
    attributes=("text",),
    table=remarks.TABLE,
    query=remarks.query("pg_seclabel", "label", "s.provider"),
)
