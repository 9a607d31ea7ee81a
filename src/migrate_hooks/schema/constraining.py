"""Constraints of tables: added without a long strong lock, replaced in one statement."""

import re

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, spelling
from migrate_hooks.schema.remedy import Piece, World, literal, value
from migrate_hooks.sql.forms import quoted

NOT_VALID = " NOT VALID"
NOT_ENFORCED = " NOT ENFORCED"
DEFERRED = re.compile(r"(?: DEFERRABLE(?: INITIALLY DEFERRED)?)?\Z")
_KEY = re.compile(r"(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\(.*\))", re.DOTALL)


def name(one: SchemaObject) -> str:
    """Return a constraint's name, which is an attribute of a primary key."""
    return value(one, "name") or one.identity[2]


def drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    """Return what removes a constraint of any kind."""
    table = clauses.table_name(one)
    return (Piece(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quoted(name(one))}"),)


def replaced(one: SchemaObject, definition: str) -> Piece:
    """Return what adds a constraint, in the place of one of that name if there is one."""
    table, constraint = clauses.table_name(one), quoted(name(one))
    forms = f"DROP CONSTRAINT IF EXISTS {constraint}", f"ADD CONSTRAINT {constraint} {definition}"
    return Piece(clauses.altered(table, *forms))


def validated(one: SchemaObject) -> Piece:
    """Return what reads all rows, while others go on writing, and proves the constraint."""
    table = clauses.table_name(one)
    return Piece(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quoted(name(one))}", apart=True)


def proved_later(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what adds a check or a foreign key: new rows obey at once, old ones are read later."""
    definition = clauses.written(one, "definition")
    is_final = definition.endswith((NOT_VALID, NOT_ENFORCED))
    if is_final or not clauses.stays(one, world):
        return (replaced(one, definition),)
    return replaced(one, definition + NOT_VALID), validated(one)


def is_proved(have: SchemaObject, want: SchemaObject) -> bool:
    """Return whether nothing is missing but the look at the rows that are there."""
    return value(have, "definition") == value(want, "definition") + NOT_VALID


def by_index(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what adds a key or a unique constraint over an index that is built beforehand."""
    index = quoted(name(one))
    build = _built(one, index, world)
    if build is None:
        return (unless_there(one, f"ADD CONSTRAINT {index} {value(one, 'definition')}"),)
    return build, unless_there(one, f"ADD CONSTRAINT {index} {_using(one, index)}")


def by_new_index(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what replaces such a constraint by one over another index, without a gap between."""
    index = quoted(clauses.derived(name(want), "_new"))
    build = _built(want, index, world)
    words = value(want, "definition") if build is None else _using(want, index)
    forms = (
        f"DROP CONSTRAINT IF EXISTS {quoted(name(have))}",
        f"ADD CONSTRAINT {quoted(name(want))} {words}",
    )
    added = Piece(clauses.altered(clauses.table_name(want), *forms))
    return (added,) if build is None else (build, added)


def unless_there(one: SchemaObject, form: str) -> Piece:
    """Return what adds a constraint only where the table has none of its name."""
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
    schema, table = clauses.names(target.partition("(")[0])
    return schema, table


def _built(one: SchemaObject, index: str, world: World) -> Piece | None:
    """Return what builds the index; None where PostgreSQL has to do it with the constraint."""
    found = _KEY.match(value(one, "definition"))
    partitioned = clauses.is_a(one, world, "partitioned table")
    if not found or partitioned or "WITHOUT OVERLAPS" in found[3]:
        return None
    return Piece(
        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {index} "
        f"ON {clauses.table_name(one)} {found[3]}{found[2] or ''}",
        alone=True,
    )


def _using(one: SchemaObject, index: str) -> str:
    definition = value(one, "definition")
    kind = "PRIMARY KEY" if definition.startswith("PRIMARY KEY") else "UNIQUE"
    deferred = DEFERRED.search(definition)
    return f"{kind} USING INDEX {index}{deferred[0] if deferred else ''}"
