"""A key of a partitioned table that leaves a column of the partition key out."""

from collections.abc import Iterable, Iterator
from typing import Any

from migrate_hooks.lint import definitions
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

Key = tuple[str, tuple[str, ...], Any]
"""(what it is, its columns, where it stands)"""


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    split: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in subject.operations:
        if one.kind == "CREATE TABLE" and one.node.HasField("partspec"):
            split[one.key] = _partition_key(one.node.partspec)
        if one.key in split:
            for what, columns, node in _keys(one):
                yield from _judge(one, what, columns, node, split[one.key])


def _partition_key(spec: Any) -> tuple[str, ...]:
    """Return the columns of PARTITION BY, "" for an expression."""
    return tuple(objects.unwrapped(each)[1].name for each in spec.part_params)


def _keys(one: Operation) -> Iterator[Key]:
    if one.kind == "CREATE INDEX" and one.node.unique:
        yield "UNIQUE INDEX", definitions.index(one.node).columns, one.node
    for each in definitions.constraints(one):
        if each.kind in ("primary key", "unique"):
            yield each.kind.upper(), each.columns, each.node


def _judge(
    one: Operation, what: str, columns: tuple[str, ...], node: Any, split: tuple[str, ...]
) -> Iterator[Problem]:
    missing = [column for column in split if column not in columns]
    if not missing:
        return
    place = definitions.place_of(one, node)
    if "" in missing:
        yield Problem(
            f"{one.spelled} is partitioned by an expression, and PostgreSQL refuses {what} on such "
            "a table: it could not tell whether a value is unique over all partitions.",
            f"Partition {one.spelled} by plain columns, or put the {what} on each partition.",
            *place,
        )
        return
    names, listed = ", ".join(missing), ", ".join(columns)
    yield Problem(
        f"{what} ({listed}) leaves out {names}, by which {one.spelled} is partitioned: PostgreSQL "
        "refuses it, because it could not tell whether a value is unique over all partitions.",
        f"Write {what} ({listed}, {names}), or put a key of {listed} alone on each partition.",
        *place,
    )


RULE = Rule(
    name="structure/partition-key",
    severity=Severity.CRITICAL,
    summary="A key of a partitioned table leaves out a column that the table is partitioned by.",
    why=(
        "Each partition has an index of its own, so PostgreSQL can only promise that a value is "
        "unique where the value tells the partition. It refuses every other key."
    ),
    instead="Add the partition key's columns to the PRIMARY KEY or UNIQUE.",
    check=_check,
    bad=(
        Example("CREATE TABLE logs (id bigint PRIMARY KEY, day date) PARTITION BY RANGE (day);\n"),
        Example("CREATE TABLE l (a int, b int, UNIQUE (a)) PARTITION BY LIST (b);\n"),
        Example(
            "CREATE TABLE logs (id bigint, day date) PARTITION BY RANGE (day);\n"
            "ALTER TABLE public.logs ADD PRIMARY KEY (id);\n"
        ),
        Example(
            "CREATE TABLE logs (id bigint, day date) PARTITION BY RANGE (day);\n"
            "CREATE UNIQUE INDEX ON logs (id);\n"
        ),
        Example(
            "CREATE TABLE l (id bigint PRIMARY KEY, at timestamptz)\n"
            "    PARTITION BY RANGE (date_trunc('day', at, 'UTC'));\n"
        ),
    ),
    good=(
        Example(
            "CREATE TABLE logs (id bigint, day date, PRIMARY KEY (id, day))\n"
            "    PARTITION BY RANGE (day);\n"
        ),
        Example('CREATE TABLE l ("Day" date PRIMARY KEY) PARTITION BY RANGE ("Day");\n'),
        Example("CREATE TABLE logs (id bigint, day date) PARTITION BY HASH (id, day);\n"),
        Example(
            "CREATE TABLE logs (id bigint, day date) PARTITION BY RANGE (day);\n"
            "CREATE INDEX ON logs (id);\nCREATE UNIQUE INDEX ON logs (day, id);\n"
        ),
        Example(
            "CREATE TABLE logs (id bigint, day date) PARTITION BY RANGE (day);\n"
            "CREATE TABLE logs_1 PARTITION OF logs (PRIMARY KEY (id)) DEFAULT;\n"
        ),
    ),
)
