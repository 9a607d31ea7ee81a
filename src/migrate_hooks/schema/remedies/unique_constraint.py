"""Unique constraints."""

from migrate_hooks.schema import constraining
from migrate_hooks.schema.remedy import Remedy

REMEDY = Remedy(
    "unique constraint",
    constraining.by_index,
    constraining.drop_key,
    constraining.by_new_index,
    with_table=True,
)
