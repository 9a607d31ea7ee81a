"""Whether PostgreSQL knows, before SET NOT NULL, that a column holds no NULL."""

from migrate_hooks.lint import not_null, past
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.sql.operations import Operation


def are_proved(one: Operation, subject: Subject, context: Context) -> bool:
    """Return whether SET NOT NULL has no row to read.

    That is so where the column is NOT NULL already, or where a valid check forbids NULL in it.
    Where earlier files know neither, the names of constraints have to tell.
    """
    when = past.at(subject.version, one)
    if context.past.is_required(one.key, one.node.name, when):
        return True
    known = context.past.proofs(one.key, one.node.name, when)
    if known:
        return any(known)
    return not_null.is_trusted(one, subject.operations, context.neighbours.proved)
