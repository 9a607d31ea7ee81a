"""Which type a column has before a statement changes it, where that can be known."""

from collections.abc import Iterable

from migrate_hooks.lint import narrowing, past
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.narrowing import Type
from migrate_hooks.sql.operations import Operation, operations


def of(one: Operation, subject: Subject, context: Context) -> Type | None:
    """Return the old type for ALTER COLUMN TYPE, from earlier files or from what DOWN restores.

    None where neither tells.
    """
    known = context.past.type_of(one.key, one.node.name, past.at(subject.version, one))
    return known or _restored(one, operations(subject.down))


def _restored(one: Operation, back: Iterable[Operation]) -> Type | None:
    for other in back:
        same = other.kind == one.kind and other.key == one.key
        if same and other.node.name == one.node.name:
            return narrowing.of(getattr(other.node, "def").column_def.type_name)
    return None
