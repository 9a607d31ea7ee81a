"""Which locks a migration holds, and since when: a transaction keeps every lock until its end."""

from collections.abc import Iterator

from migrate_hooks.lint.facts import Subject
from migrate_hooks.sql import blocks
from migrate_hooks.sql.operations import Lock, Operation

# Who waits for a table that is gone fails anyway, and a view has no rows of its own.
_GONE = frozenset({"DROP TABLE", "DROP VIEW", "DROP MATVIEW", "DROP FOREIGN TABLE"})
_NO_TABLE = frozenset({"ALTER OTHER", "CREATE VIEW", "RENAME VIEW", "RENAME INDEX"})


def strong(subject: Subject) -> tuple[Operation, ...]:
    """Return what locks an existing table against writes or more, until the transaction ends.

    Nothing where each statement is a transaction of its own.
    """
    if not subject.in_transaction:
        return ()
    return tuple(one for one in subject.operations if _is_strong(subject, one))


def _is_strong(subject: Subject, one: Operation) -> bool:
    return (
        one.lock >= Lock.SHARE
        and one.kind not in _GONE | _NO_TABLE
        and one.statement.transactional
        and subject.on_existing(one)
    )


def named(one: Operation) -> str:
    """Return the name of an operation's lock, with its article."""
    article = "an" if one.lock in (Lock.ACCESS_EXCLUSIVE, Lock.EXCLUSIVE) else "a"
    return f"{article} {one.lock.name.replace('_', ' ')} lock"


def blocked(one: Operation) -> str:
    """Return who waits for an operation's table, for a sentence."""
    if one.lock == Lock.ACCESS_EXCLUSIVE:
        return f"every read and write of {one.spelled}"
    return f"every INSERT, UPDATE and DELETE on {one.spelled}"


def commits(one: Operation) -> bool:
    """Return whether an operation stands in a block that ends transactions itself."""
    return one.statement.verb == "DO" and blocks.commits(one.statement)


def said(one: Operation) -> str:
    """Return what takes a lock, for a sentence: "ALTER TABLE orders in line 3"."""
    words = "ALTER TABLE" if one.kind.startswith("ALTER TABLE") else one.kind
    words = "ALTER TABLE" if words.startswith("RENAME") else words
    if words == "CREATE PARTITION":
        return f"PARTITION OF {one.spelled} in line {one.line}"
    on = " ON" if words.startswith(("CREATE", "DROP")) else ""
    return f"{words}{on} {one.spelled} in line {one.line}"


def before(subject: Subject, one: Operation) -> Iterator[Operation]:
    """Yield the strong locks that earlier statements, or this one, have taken.

    An ALTER TABLE takes the strongest lock of all its forms before it does the first.
    """
    for held in strong(subject):
        together = held.statement is one.statement and one.statement.verb != "DO"
        if held is not one and (together or (held.line, held.column) <= (one.line, one.column)):
            yield held
