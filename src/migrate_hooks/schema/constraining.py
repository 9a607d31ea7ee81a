"""Constraints of tables: added without a long strong lock, replaced in one statement."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, spelling
from migrate_hooks.schema.clauses import names
from migrate_hooks.schema.remedy import Piece, World, literal, value
from migrate_hooks.sql.forms import quoted

NOT_VALID = " NOT VALID"
NOT_ENFORCED = " NOT ENFORCED"
DEFERRED = re.compile(r"(?: DEFERRABLE(?: INITIALLY DEFERRED)?)?\Z")
_LIST = r'(?:[^()"]|"(?:[^"]|"")*")+'
_COLUMNS = rf"\((?P<columns>{_LIST})\)"
_KEY = re.compile(
    r"(?:PRIMARY KEY|UNIQUE)(?P<nulls> NULLS NOT DISTINCT)? "
    rf"(?P<listed>{_COLUMNS}(?: INCLUDE \({_LIST}\))?)"
)
_TARGET = re.compile(rf'(?:[^("]|"(?:[^"]|"")*")+{_COLUMNS}')


def name(one: SchemaObject) -> str:
    """Return a constraint's name, which is an attribute of a primary key."""
    return value(one, "name") or one.identity[2]


def drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    """Return what removes a constraint of any kind."""
    table = clauses.table_name(one)
    return (Piece(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quoted(name(one))}"),)


def drop_key(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what removes a key, and before it the foreign keys that will lean on another index."""
    wanted = world.other.objects if world.other else {}
    staying = (each for each in _leaning(one, world) if (each.kind, each.identity) in wanted)
    return (*(piece for each in staying for piece in drop(each, world)), *drop(one, world))


def replaced(one: SchemaObject, definition: str) -> Piece:
    """Return what adds a constraint, in the place of one of that name if there is one."""
    table, constraint = clauses.table_name(one), quoted(name(one))
    forms = f"DROP CONSTRAINT IF EXISTS {constraint}", f"ADD CONSTRAINT {constraint} {definition}"
    return Piece(clauses.altered(table, *forms))


def validated(one: SchemaObject) -> Piece:
    """Return what reads all rows, while others go on writing, and proves the constraint."""
    table = clauses.table_name(one)
    return Piece(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quoted(name(one))}", apart=True)


def added(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what adds a check or a foreign key where the table has none of that name."""
    definition, later = _proved_later(one, world)
    return unless_there(one, definition), *later


def changed(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what puts a check or a foreign key in the place of another one."""
    definition, later = _proved_later(one, world)
    return replaced(one, definition), *later


def _proved_later(one: SchemaObject, world: World) -> tuple[str, tuple[Piece, ...]]:
    """Return a definition that new rows obey at once, and what reads the old ones later."""
    definition = clauses.written(one, "definition")
    is_final = definition.endswith((NOT_VALID, NOT_ENFORCED))
    if is_final or not clauses.stays(one, world):
        return definition, ()
    return definition + NOT_VALID, (validated(one),)


def is_proved(have: SchemaObject, want: SchemaObject) -> bool:
    """Return whether nothing is missing but the look at the rows that are there."""
    return value(have, "definition") == value(want, "definition") + NOT_VALID


def by_index(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what adds a key or a unique constraint over an index that is built beforehand."""
    index = quoted(name(one))
    build = _built(one, index, world)
    if build is None:
        return (unless_there(one, value(one, "definition")),)
    add = unless_there(one, _using(one, index))
    late = _waits(one, world)
    return build, replace(add, apart=late, strong=late)


def by_new_index(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what replaces such a constraint by one over another index, without a gap between.

    Foreign keys that lean on it have to go before, and come back behind it.
    """
    index = quoted(clauses.derived(name(want), "_new"))
    build = _built(want, index, world)
    words = value(want, "definition") if build is None else _using(want, index)
    taken = dict.fromkeys((name(have), name(want)))  # by the second where it ran before
    forms = (
        *(f"DROP CONSTRAINT IF EXISTS {quoted(each)}" for each in taken),
        f"ADD CONSTRAINT {quoted(name(want))} {words}",
    )
    leaning = tuple(_leaning(have, world.other)) if world.other else ()
    gone = [piece for key in leaning for piece in drop(key, world)]
    keys = ((key.kind, key.identity) for key in leaning)
    kept = [world.objects[key] for key in keys if key in world.objects]
    late = _waits(want, world)
    swap = clauses.altered(clauses.table_name(want), *forms)
    swapped = Piece(swap, apart=late, strong=late)
    again = [piece for key in kept for piece in added(key, world)]
    return (*filter(None, (build,)), *gone, swapped, *again)


def _waits(one: SchemaObject, world: World) -> bool:
    """Say whether a primary key has to wait until its columns are proved NOT NULL.

    Before that it would read all rows for it under an ACCESS EXCLUSIVE lock.
    """
    if one.kind != "primary key" or world.other is None:
        return False
    listed = _columns(_KEY.match(value(one, "definition")))
    there = [world.other.objects.get(("column", (*one.identity, *names(each)))) for each in listed]
    return any(each is not None and value(each, "not_null") != "true" for each in there)


def _leaning(one: SchemaObject, world: World) -> Iterator[SchemaObject]:
    """Yield the foreign keys of a world that point to the columns of a key."""
    columns = _columns(_KEY.match(value(one, "definition")))
    for key in world.objects.values():
        if key.kind == "foreign key" and referenced(key) == one.table:
            _, target = spelling.at_word(value(key, "definition"), "REFERENCES")
            if _columns(_TARGET.match(target)) == columns:
                yield key


def _columns(found: re.Match[str] | None) -> frozenset[str]:
    """Return the columns in the first brackets of what a pattern found."""
    return frozenset(spelling.listed(found["columns"])) if found else frozenset()


def unless_there(one: SchemaObject, definition: str) -> Piece:
    """Return what adds a constraint only where the table has none of its name."""
    form = f"ADD CONSTRAINT {quoted(name(one))} {definition}"
    add = clauses.altered(clauses.table_name(one), form)
    return Piece(clauses.guarded(f"NOT {is_there(one)}", add))


def is_there(one: SchemaObject) -> str:
    """Return SQL that is true where the table has a constraint of that name."""
    table = clauses.relation(clauses.table_name(one))
    return clauses.exists(
        f"SELECT FROM pg_catalog.pg_constraint\n"
        f"WHERE conrelid = {table}\n    AND conname = {literal(name(one))}"
    )


def referenced(one: SchemaObject) -> tuple[str, str]:
    """Return schema and name of the table that a foreign key points to."""
    _, target = spelling.at_word(value(one, "definition"), "REFERENCES")
    schema, table = names(target.partition("(")[0])
    return schema, table


def _built(one: SchemaObject, index: str, world: World) -> Piece | None:
    """Return what builds the index; None where PostgreSQL has to do it with the constraint."""
    found = _KEY.match(value(one, "definition"))
    partitioned = clauses.is_a(one, world, "partitioned table")
    if not found or partitioned or "WITHOUT OVERLAPS" in found["columns"]:
        return None
    return Piece(
        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {index} "
        f"ON {clauses.table_name(one)} {found['listed']}{found['nulls'] or ''}",
        alone=True,
    )


def _using(one: SchemaObject, index: str) -> str:
    definition = value(one, "definition")
    kind = "PRIMARY KEY" if definition.startswith("PRIMARY KEY") else "UNIQUE"
    deferred = DEFERRED.search(definition)
    return f"{kind} USING INDEX {index}{deferred[0] if deferred else ''}"
