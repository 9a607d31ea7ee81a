"""What the SQL of a plan may cost: hazards by name, and the locks that somebody will feel.

Tables that the same plan creates are left out: nobody waits for them and they hold nothing yet.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from migrate_hooks.model.history import Hazard, LockForecast, Step
from migrate_hooks.sql import objects
from migrate_hooks.sql.forms import quoted
from migrate_hooks.sql.operations import Lock, Operation, operations

Work = tuple[Step, Operation]

WHOLE_SCHEMA = ".*"
"""What stands behind a schema's name where its tables are meant."""

_MAKERS = frozenset({"CREATE TABLE", "CREATE TABLE AS"})
_REWRITES = frozenset(
    {
        "ALTER TABLE AlterColumnType",
        "ALTER TABLE SetAccessMethod",
        "ALTER TABLE SetLogged",
        "ALTER TABLE SetTableSpace",
        "ALTER TABLE SetUnLogged",
        "CLUSTER",
        "VACUUM FULL",
    }
)
_NAMES: dict[str, str] = {
    "DROP TABLE": "drop-table",
    "DROP FOREIGN TABLE": "drop-table",
    "ALTER TABLE DropColumn": "drop-column",
    "DROP SCHEMA": "drop-schema",
    "DropdbStmt": "drop-schema",
    "DropOwnedStmt": "drop-schema",
    "TRUNCATE": "truncate",
    "RENAME TABLE": "rename",
    "RENAME COLUMN": "rename",
    "SET SCHEMA": "rename",
    **dict.fromkeys(_REWRITES, "rewrite"),
}
_SENTENCES: dict[str, str] = {
    "drop-table": "drops {table} with its rows",
    "drop-column": "drops a column of {table} with its values",
    "drop-schema": "drops a database or all that a role owns",
    "truncate": "empties {table}",
    "delete-all": "deletes every row of {table}",
    "rewrite": "writes {table} again as a whole: reads and writes of it wait until that is done",
    "blocking-index": "builds an index: writes to {table} wait until it is built",
    "rename": "renames {table} or a part of it: code that uses the old name fails at once",
}
_ABOUT_ROWS = frozenset({"drop-table", "drop-column", "truncate", "delete-all"})
_BLOCKS = {
    Lock.SHARE: "writes",
    Lock.SHARE_ROW_EXCLUSIVE: "writes",
    Lock.EXCLUSIVE: "writes",
    Lock.ACCESS_EXCLUSIVE: "reads and writes",
}


def work(steps: Sequence[Step]) -> tuple[Work, ...]:
    """Return what the steps do to tables that exist before the run, in order."""
    made: set[tuple[str, str]] = set()
    found: list[Work] = []
    for step in steps:
        for one in operations(step.script.statements):
            if one.kind in _MAKERS:
                made.add(one.key)
            elif not one.table or one.key not in made:
                found.append((step, one))
    return tuple(found)


def hazards(found: Sequence[Work]) -> tuple[Hazard, ...]:
    """Return every hazard of the SQL once for each file and table, in order."""
    named = ((step, one, _name(one)) for step, one in found)
    return tuple(
        dict.fromkeys(
            Hazard(name, message, step.migration.path, table)
            for step, one, name in named
            if name
            for message, table in _told(name, one)
        )
    )


def _told(name: str, one: Operation) -> Iterator[tuple[str, str]]:
    """Yield what an operation does, and the table or schema whose rows that is about."""
    if one.kind == "DROP SCHEMA":
        node: Any = one.node
        for item in node.objects:
            schema = quoted(objects.name_path(item)[-1])
            yield f"drops schema {schema} with whatever is in it", f"{schema}{WHOLE_SCHEMA}"
    else:
        message = _SENTENCES[name].format(table=one.spelled)
        yield message, one.spelled if name in _ABOUT_ROWS else ""


def of_sql(found: Iterable[Operation]) -> tuple[tuple[str, str], ...]:
    """Return (name, what it does) of each hazard of operations, wherever they stand."""
    named = ((_name(one), one) for one in found)
    told = ((name, message) for name, one in named if name for message, _ in _told(name, one))
    return tuple(dict.fromkeys(told))


def locks(found: Sequence[Work]) -> tuple[LockForecast, ...]:
    """Return for each table the strongest lock that somebody will feel, and who takes it first."""
    strongest: dict[str, Work] = {}
    for step, one in found:
        if one.lock in _BLOCKS and one.table:
            known = strongest.get(one.spelled)
            if known is None or known[1].lock < one.lock:
                strongest[one.spelled] = (step, one)
    return tuple(
        LockForecast(table, one.lock.name.replace("_", " "), _BLOCKS[one.lock], step.migration.path)
        for table, (step, one) in strongest.items()
    )


def _name(one: Operation) -> str:
    """Return the hazard of one operation, or ""."""
    if one.kind in _UNLESS:
        name, is_harmless = _UNLESS[one.kind]
        return "" if is_harmless(one) else name
    return _NAMES.get(one.kind, "")


def _is_concurrent(one: Operation) -> bool:
    return one.lock is Lock.SHARE_UPDATE_EXCLUSIVE


def _has_condition(one: Operation) -> bool:
    node: Any = one.node
    return bool(node.HasField("where_clause"))


_UNLESS: dict[str, tuple[str, Callable[[Operation], bool]]] = {
    "CREATE INDEX": ("blocking-index", _is_concurrent),
    "REINDEX": ("blocking-index", _is_concurrent),
    "DELETE": ("delete-all", _has_condition),
}
"""Kinds that are a hazard only in one of their forms."""


def of_steps(steps: Sequence[Step]) -> Iterator[Hazard]:
    """Yield what the way in which steps run may cost."""
    for step in steps:
        if not step.script.in_transaction:
            yield Hazard(
                "no-transaction",
                "runs statement by statement: a failure leaves what ran before it",
                step.migration.path,
            )
