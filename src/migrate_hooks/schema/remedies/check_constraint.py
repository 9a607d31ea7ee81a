"""Check constraints."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import constraining
from migrate_hooks.schema.remedy import Piece, Remedy, World


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if constraining.is_proved(have, want):
        return (constraining.validated(want),)
    return constraining.changed(want, world)


REMEDY = Remedy("check constraint", constraining.added, constraining.drop, _alter, with_table=True)
