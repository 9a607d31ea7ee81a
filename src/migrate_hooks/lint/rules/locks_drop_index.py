"""DROP INDEX without CONCURRENTLY on a table in use, or in a form that CONCURRENTLY refuses."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    told = set()
    for one in subject.operations:
        place = (one.line, one.column)
        if one.kind == "DROP INDEX" and place not in told:
            told.add(place)
            yield from _refused(one) if one.node.concurrent else _blocking(one, subject, context)


def _blocking(one: Operation, subject: Subject, context: Context) -> Iterator[Problem]:
    fresh = {(schema, name) for kind, schema, name in context.fresh if kind == "index"}
    for path in map(objects.name_path, one.node.objects):
        table = _table(path, subject)
        is_fresh = (path[-2] if len(path) > 1 else "public", path[-1]) in fresh
        if not table and (is_fresh or _is_named_after(path, subject)):
            continue
        name = ".".join(path)
        on = table or "its table"
        yield Problem(
            f"DROP INDEX {name} takes an ACCESS EXCLUSIVE lock on {on}: it waits for every query "
            f"that is still running there, and every read and write of {on} queues behind it.",
            f"Drop it with DROP INDEX CONCURRENTLY {name}, alone in a migration with the line "
            "`-- migrate-hooks: no-transaction`.",
            one.line,
            one.column,
        )


def _table(path: list[str], subject: Subject) -> str:
    """Return the table in use that this file has just made the index on, or ""."""
    for one in subject.operations:
        if one.kind == "CREATE INDEX" and one.node.idxname == path[-1] and subject.on_existing(one):
            return one.spelled
    return ""


def _is_named_after(path: list[str], subject: Subject) -> bool:
    """Return whether a new table's name starts the index's, as PostgreSQL calls unnamed ones."""
    return any(path[-1].startswith(f"{name}_") for _, name in subject.made)


def _refused(one: Operation) -> Iterator[Problem]:
    names = ", ".join(".".join(objects.name_path(item)) for item in one.node.objects)
    cascade = objects.enum_name(one.node, "behavior") == "DROP_CASCADE"
    if len(one.node.objects) > 1 or cascade:
        what = "CASCADE" if cascade else "more than one index"
        yield Problem(
            f"DROP INDEX CONCURRENTLY {names} cannot run: PostgreSQL refuses {what} together with "
            "CONCURRENTLY.",
            f"Drop each of {names} in a statement of its own, without CASCADE.",
            one.line,
            one.column,
        )


RULE = Rule(
    name="locks/drop-index",
    severity=Severity.CRITICAL,
    summary="An index is dropped while readers and writers of its table wait.",
    why=(
        "A plain DROP INDEX needs the strongest lock on the index's table. One long report is "
        "enough to keep it waiting, and everybody else waits behind it. CONCURRENTLY waits, too, "
        "but in nobody's way; it takes one index at a time."
    ),
    instead="DROP INDEX CONCURRENTLY, alone in a file that runs without a transaction.",
    check=_check,
    bad=(
        Example("DROP INDEX orders_state_idx;\n"),
        Example('DROP INDEX IF EXISTS shop."Orders_idx", other_idx;\n'),
        Example("CREATE INDEX i ON orders (a);\nDROP INDEX i;\n"),
        Example("DROP INDEX CONCURRENTLY a_idx, b_idx;\n"),
        Example("DO $$ BEGIN\n  DROP INDEX orders_state_idx;\nEND $$;\n"),
    ),
    good=(
        Example("DROP INDEX CONCURRENTLY IF EXISTS orders_state_idx;\n"),
        Example("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\nDROP INDEX public.i;\n"),
        Example(
            "DROP INDEX i;\n",
            others=(
                (
                    "migrations/20260101000000_t.sql",
                    "CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\n",
                ),
            ),
        ),
        Example("CREATE TABLE t (a int);\nCREATE INDEX ON t (a);\nDROP INDEX t_a_idx;\n"),
        Example("-- DROP INDEX orders_state_idx;\nSELECT 1;\n"),
        Example("DROP TABLE IF EXISTS orders;\n"),
    ),
    replaces=("squawk/require-concurrent-index-deletion",),
)
