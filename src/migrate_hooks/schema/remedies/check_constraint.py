"""Check constraints."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import constraining
from migrate_hooks.schema.remedy import Piece, Remedy, World


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if constraining.is_proved(have, want):
        return (constraining.validated(want),)
    return constraining.proved_later(want, world)


REMEDY = Remedy(
    "check constraint", constraining.proved_later, constraining.drop, _alter, with_table=True
)
