"""Which differences pending migrations explain, at table level; pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from migrate_hooks.model.schema import Difference, Origin
from migrate_hooks.sql.parse import Names

Subject = tuple[str, str, str]
"""(family, schema, name): names are unique within a family and a schema."""

# Family by kind, as a difference or the parser calls it. What lives inside a table is not here:
# whoever names a column or a policy touches its table.
_FAMILIES = {
    "table": "relation",
    "view": "relation",
    "materialized view": "relation",
    "index": "relation",
    "sequence": "relation",
    "function": "routine",
    "aggregate": "routine",
    "type": "type",
    "enum": "type",
    "domain": "type",
    "composite type": "type",
    "range type": "type",
    "schema": "schema",
    "extension": "extension",
}
_WITHOUT_SCHEMA = {"schema", "extension"}


def explain(
    differences: Sequence[Difference],
    pending: Iterable[tuple[str, Names]],
    search_path: Collection[str] = ("public",),
) -> tuple[Difference, ...]:
    """Give every difference that a pending migration explains that migration as its cause.

    `pending` is (label, objects that its SQL names) in the order of running; the first one that
    creates, alters or drops the object or its table is named. A name without a schema may stand for
    one in any schema of `search_path`. What a migration merely reads explains nothing.
    """
    causes: dict[Subject, str] = {}
    for label, names in pending:
        for subject in _named(names, search_path):
            causes.setdefault(subject, f"pending {label}")
    return tuple(
        replace(each, cause=cause, origin=Origin.PENDING) if cause else each
        for each in differences
        for cause in [next(filter(None, map(causes.get, _subjects(each))), None)]
    )


def _named(names: Names, search_path: Collection[str]) -> Iterator[Subject]:
    for kind, schema, name in names.created | names.touched:
        family = _FAMILIES.get(kind)
        if family in _WITHOUT_SCHEMA:
            yield (family, "", name)
        elif family:
            for each in (schema,) if schema else search_path:
                yield (family, each, name)


def _subjects(difference: Difference) -> Iterator[Subject]:
    """Yield what has to be named for this difference to be explained, its table first."""
    identity, family = difference.identity, _FAMILIES.get(difference.kind, "")
    if difference.table:
        yield ("relation", *difference.table)
    if difference.kind == "comment":
        yield from _commented(identity)
    elif family in _WITHOUT_SCHEMA:
        yield (family, "", identity[0])
    elif difference.kind == "index":
        yield (family, identity[0], identity[-1])
    elif family:
        yield (family, identity[0], identity[1])


def _commented(identity: tuple[str, ...]) -> Iterator[Subject]:
    """Yield what a comment may be about: its identity does not say which."""
    if len(identity) == 1:
        yield ("schema", "", identity[0])
    else:
        yield ("routine", identity[0], identity[1])
        yield ("type", identity[0], identity[1])
