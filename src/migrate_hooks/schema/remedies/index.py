"""Indexes, built while others write; one that changes is replaced when the new one is ready."""

import re
from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining, spelling, tables
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted

_OVER_AN_INDEX = frozenset({"primary key", "unique constraint", "exclusion constraint"})
_NAME = r'(?:"(?:[^"]|"")*"|[^\s".(]+)'
_HEAD = re.compile(rf"CREATE (UNIQUE )?INDEX {_NAME} ON (?:ONLY )?")


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(one, "valid") != "true" and not clauses.is_a(one, world, "partitioned table"):
        reason = "it is there but not valid: a build of it failed, and no query uses it"
        return (Piece(_build(one, quoted(one.identity[2]), plain=True), reason=reason),)
    name, plain = quoted(one.identity[2]), not _is_alone(one, world)
    return (Piece(_build(one, name, plain), alone=not plain), *_details(one, world))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    name = spelling.qualified(one.identity[0], one.identity[2])
    heir = _heir(one, world)
    if heir is not None:
        if _is_over(one, heir):
            return ()  # it becomes the constraint's own
        drop = f"DROP INDEX IF EXISTS {name}"
        return (Piece(clauses.guarded(f"NOT {constraining.is_there(heir)}", drop)),)
    alone = _is_alone(one, world)
    return (Piece(f"DROP INDEX {'CONCURRENTLY ' if alone else ''}IF EXISTS {name}", alone=alone),)


def _heir(one: SchemaObject, world: World) -> SchemaObject | None:
    """Return the constraint of the wanted table that has the index's name, if there is one."""
    wanted = world.other.by_table.get(one.table or ("", ""), ()) if world.other else ()
    keys = (each for each in wanted if each.kind in _OVER_AN_INDEX)
    return next((key for key in keys if constraining.name(key) == one.identity[2]), None)


def _is_over(one: SchemaObject, key: SchemaObject) -> bool:
    """Return whether a key can take an index as it is."""
    head, _, rest = value(one, "definition").partition(" USING btree ")
    words = f"UNIQUE {rest}", f"PRIMARY KEY {rest}"
    return head.startswith("CREATE UNIQUE ") and value(key, "definition") in words


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    name = spelling.qualified(want.identity[0], want.identity[2])
    if value(have, "definition") != value(want, "definition"):
        return _exchanged(want, name, world) if _is_alone(want, world) else None
    if value(have, "valid") != value(want, "valid"):
        if value(want, "valid") != "true":
            return ()  # nobody wants a broken index back
        again = Piece(f"REINDEX INDEX CONCURRENTLY {name}", alone=True)
        return (again, *_changes(have, want))
    return tuple(_changes(have, want))


def _is_alone(one: SchemaObject, world: World) -> bool:
    return clauses.stays(one, world) and not clauses.is_a(one, world, "partitioned table")


def _build(one: SchemaObject, name: str, plain: bool) -> str:
    """Return CREATE INDEX under another name; ONLY would leave out the partitions."""
    definition = clauses.written(one, "definition")
    head = _HEAD.match(definition)
    unique, rest = (head[1] or "", definition[head.end() :]) if head else ("", definition)
    how = "" if plain else "CONCURRENTLY "
    return f"CREATE {unique}INDEX {how}IF NOT EXISTS {name} ON {rest}"


def _exchanged(one: SchemaObject, name: str, world: World) -> tuple[Piece, ...]:
    """Return what builds an index beside the old one and then gives it that one's name."""
    new = clauses.derived(one.identity[2], "_new")
    path = spelling.qualified(one.identity[0], new)
    table = clauses.table_of(one, world)
    is_identity = table and clauses.names(value(table, "replica_identity")) == one.identity[2:]
    return (
        Piece(_build(one, quoted(new), plain=False), alone=True),
        Piece(f"DROP INDEX IF EXISTS {name}"),
        Piece(f"ALTER INDEX {path} RENAME TO {quoted(one.identity[2])}"),
        *_details(one, world),
        *(tables.identified(table) if table and is_identity else ()),
    )


def _details(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    bare = (("clustered", None), ("tablespace", None), ("statistics_targets", None))
    return tuple(_changes(SchemaObject(one.kind, one.identity, bare), one))


def _changes(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    name, table = quoted(want.identity[2]), clauses.table_name(want)
    path = spelling.qualified(want.identity[0], want.identity[2])
    if value(have, "clustered") != value(want, "clustered"):
        form = f"CLUSTER ON {name}" if value(want, "clustered") else "SET WITHOUT CLUSTER"
        yield Piece(f"ALTER TABLE {table} {form}")
    if value(have, "tablespace") != value(want, "tablespace"):
        space = quoted(value(want, "tablespace") or "pg_default")
        yield Piece(f"ALTER INDEX {path} SET TABLESPACE {space}")
    before, after = (_targets(value(each, "statistics_targets")) for each in (have, want))
    for place in before.keys() | after.keys():
        if before.get(place) != after.get(place):
            form = f"ALTER COLUMN {place} SET STATISTICS {after.get(place, '-1')}"
            yield Piece(f"ALTER INDEX {path} {form}")


def _targets(text: str) -> dict[str, str]:
    """Return the targets in `1: 100, 2: 5` by column."""
    parts = (each.partition(": ") for each in text.split(", ") if each)
    return {place: target for place, _, target in parts}


REMEDY = Remedy("index", _create, _drop, _alter)
