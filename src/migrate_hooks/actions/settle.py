"""What became of a statement that was under way when an earlier run ended, and its leftovers.

Only statements that PostgreSQL refuses inside a transaction come here: what CONCURRENTLY leaves
behind is found in the catalogs, and removed before the statement runs again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from migrate_hooks.ledgers.base import quoted
from migrate_hooks.model.migration import Statement
from migrate_hooks.outside.postgres import Session
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation, operations

# Running these once more does no harm.
_REPEATABLE = frozenset(
    {"VACUUM", "VACUUM FULL", "ANALYZE", "CLUSTER", "CheckPointStmt", "AlterSystemStmt"}
)
_NAME_BYTES = 63
_INDEXES = """
SELECT namespace.nspname::pg_catalog.text, class.relname::pg_catalog.text,
    index.indisvalid AND index.indisready, pg_catalog.pg_get_indexdef(index.indexrelid)
FROM pg_catalog.pg_index AS index
JOIN pg_catalog.pg_class AS class ON class.oid = index.indexrelid
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE index.indrelid = %s::pg_catalog.oid
"""
_LEFT_BY_REINDEX = """
SELECT namespace.nspname::pg_catalog.text, class.relname::pg_catalog.text
FROM pg_catalog.pg_index AS index
JOIN pg_catalog.pg_class AS class ON class.oid = index.indexrelid
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE NOT index.indisvalid AND class.relname ~ '_cc(new|old)[0-9]*$'
AND namespace.nspname <> 'pg_toast'
"""
_LABELS = """
SELECT 1 FROM pg_catalog.pg_enum
WHERE enumtypid = %s::pg_catalog.oid AND enumlabel = %s
"""
_PARTITION = """
SELECT inhdetachpending FROM pg_catalog.pg_inherits
WHERE inhparent = %s::pg_catalog.oid AND inhrelid = %s::pg_catalog.oid
"""


class Verdict(StrEnum):
    """What to do with the statement."""

    DONE = "done"
    RUN = "run"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Settled:
    """The verdict, and sentences about what was removed or finished."""

    verdict: Verdict
    done: tuple[str, ...] = ()


def settle(session: Session, statement: Statement, *, running: bool) -> Settled:
    """Clean up behind `statement` and judge it; without `running` it is known to have failed.

    What could only be finished here is done in either case.

    Raises QueryFailed when the leftovers cannot be removed.
    """
    found = operations((statement,))
    reader = _READERS.get(found[0].kind) if found else None
    if reader:
        judged = reader(session, found[0])
        finished = judged.verdict is Verdict.DONE and judged.done
        verdict = judged.verdict if running or finished else Verdict.RUN
        return Settled(verdict, judged.done)
    harmless = not running or (bool(found) and found[0].kind in _REPEATABLE)
    return Settled(Verdict.RUN if harmless else Verdict.UNKNOWN)


def _created(session: Session, one: Operation) -> Settled:
    """Judge CREATE INDEX CONCURRENTLY by the index of its name and definition."""
    node: Any = one.node
    (rows,) = session.apart((_INDEXES, (_relation(session, _quoted(one.schema, one.table)),)))
    name = node.idxname.encode()[:_NAME_BYTES].decode("utf-8", "ignore")
    alike = [row for row in rows if _alike(row[3], node)]
    if any(valid and name in ("", known) for _, known, valid, _ in alike):
        return Settled(Verdict.DONE)
    # A valid one of that name and another definition was there before: the server will say so.
    left = [row for row in (rows if name else alike) if not row[2] and name in ("", row[1])]
    return Settled(Verdict.RUN, tuple(_drop(session, row[0], row[1]) for row in left))


def _alike(definition: str, wanted: Any) -> bool:
    """Return whether an index's definition by the server says what the statement says."""
    import postgast

    found = objects.unwrapped(postgast.parse(definition).stmts[0].stmt)[1]
    return _shape(found) == _shape(wanted)


def _shape(node: Any) -> tuple[object, ...]:
    """Return what two spellings of one index share; the server's has no places of our file."""
    columns = tuple(objects.unwrapped(item)[1].name for item in node.index_params)
    included = tuple(objects.unwrapped(item)[1].name for item in node.index_including_params)
    partial = node.HasField("where_clause")
    return node.access_method or "btree", node.unique, columns, included, partial


def _dropped(session: Session, one: Operation) -> Settled:
    """Judge DROP INDEX CONCURRENTLY: an index that is still there, be it INVALID, is dropped."""
    node: Any = one.node
    names = (objects.name_path(item) for item in node.objects)
    quoted = [_quoted(path[-2] if len(path) > 1 else "", path[-1]) for path in names]
    left = [name for name in quoted if _relation(session, name) is not None]
    return Settled(Verdict.RUN if left else Verdict.DONE)


def _reindexed(session: Session, one: Operation) -> Settled:
    """Clean up behind REINDEX CONCURRENTLY, which may run again."""
    (rows,) = session.apart((_LEFT_BY_REINDEX, ()))
    return Settled(Verdict.RUN, tuple(_drop(session, schema, name) for schema, name in rows))


def _valued(session: Session, one: Operation) -> Settled:
    """Judge ALTER TYPE ADD VALUE by the labels there are."""
    node: Any = one.node
    path = [objects.unwrapped(item)[1].sval for item in node.type_name]
    name = _quoted(path[-2] if len(path) > 1 else "", path[-1])
    kind = session.value("SELECT pg_catalog.to_regtype(%s)::pg_catalog.oid", [name])
    (there,) = session.apart((_LABELS, (kind, node.new_val)))
    return Settled(Verdict.DONE if there else Verdict.RUN)


def _detached(session: Session, one: Operation) -> Settled:
    """Judge DETACH PARTITION CONCURRENTLY; one that is pending is finished."""
    command: Any = objects.unwrapped(getattr(one.node, "def"))[1]
    table = _quoted(one.schema, one.table)
    partition = _quoted(command.name.schemaname, command.name.relname)
    ids = (_relation(session, table), _relation(session, partition))
    (rows,) = session.apart((_PARTITION, ids))
    if not rows:
        return Settled(Verdict.DONE)
    if not rows[0][0]:
        return Settled(Verdict.RUN)
    session.run(f"ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE")
    return Settled(Verdict.DONE, (f"finished the detaching of {partition} that was pending",))


def _drop(session: Session, schema: str, name: str) -> str:
    index = _quoted(schema, name)
    session.run(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
    return f"removed the INVALID index {index} that an earlier run left"


def _relation(session: Session, name: str) -> int | None:
    """Return the oid of a relation as the file's own session finds it."""
    found = session.value("SELECT pg_catalog.to_regclass(%s)::pg_catalog.oid", [name])
    return None if found is None else int(found)


def _quoted(schema: str, name: str) -> str:
    return ".".join(quoted(part) for part in (schema, name) if part)


_READERS: dict[str, Callable[[Session, Operation], Settled]] = {
    "CREATE INDEX": _created,
    "DROP INDEX": _dropped,
    "REINDEX": _reindexed,
    "AlterEnumStmt": _valued,
    "ALTER TABLE DetachPartition": _detached,
}
