"""Columns, as CREATE TABLE and ADD COLUMN say them, and what changes one that is there."""

from collections.abc import Iterator
from dataclasses import replace

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import casting, clauses, counting, foreign
from migrate_hooks.schema.remedy import Key, Piece, World, literal, of_table, value
from migrate_hooks.sql.forms import quoted

EXPRESSION_SINCE = 170000
"""The server version since which the expression of a generated column can be changed."""

_DETAILS = ("storage", "statistics_target", "options")
_INHERITED = (
    "type",
    "collation",
    "not_null",
    "default",
    "generated",
    "identity",
    "identity_options",
    "storage",
    "statistics_target",
)
"""Of a column: what ALTER TABLE changes in partitions and children as well."""

_CONDITIONS = ("check constraint", "index")
_MAIN = ("numeric", "inet", "cidr")
_REFUSED = "not valid"


def definition(one: SchemaObject, world: World) -> str:
    """Return a column with its type and all that belongs in its definition."""
    parts = (
        quoted(one.identity[2]),
        value(one, "type"),
        _said(one, "compression", "COMPRESSION {}"),
        foreign.clause(one).strip() if _is_foreign(one, world) else "",
        _said(one, "collation", "COLLATE {}"),
        _filled(one, world),
        "NOT NULL" if value(one, "not_null") == "true" else "",
    )
    return " ".join(filter(None, parts))


def details(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what a column needs after its definition was run."""
    left = dict.fromkeys(_DETAILS)
    if _is_foreign(one, world):
        del left["options"]
    if value(one, "not_null") == _REFUSED:
        left["not_null"] = None
    bare = tuple((name, left.get(name, given)) for name, given in one.attributes)
    return changes(replace(one, attributes=bare), one, world) or ()


def plain(one: SchemaObject) -> SchemaObject:
    """Return a column of which only the type is known, as it comes from a composite type."""
    kept = ("type", "collation")
    return replace(
        one,
        attributes=tuple((name, given if name in kept else None) for name, given in one.attributes),
    )


def changes(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    """Return what changes a column in place, None where it has to be dropped and added."""
    before = _but_inherited(have, want, world)
    if _is_stuck(before, want, world):
        return None
    parts = (_ended, _type, _default, _expression, _required, _identity, _details)
    return tuple(piece for part in parts for piece in part(before, want, world))


def _but_inherited(have: SchemaObject, want: SchemaObject, world: World) -> SchemaObject:
    """Return `have` as it is once the tables that it inherits from are changed."""
    table = clauses.table_of(want, world)
    above = clauses.parents(table, world) if table else ()
    keys = [("column", (*parent.identity, want.identity[2])) for parent in above]
    pairs = [(_at(world.other, key), world.objects[key]) for key in keys if key in world.objects]
    followed = {
        name: value(want, name) or None
        for name in _INHERITED
        for before, after in pairs
        if (before is None or value(before, name) == value(have, name))
        and value(after, name) == value(want, name)
    }
    attributes = tuple((name, followed.get(name, given)) for name, given in have.attributes)
    return replace(have, attributes=attributes)


def _at(world: World | None, key: Key) -> SchemaObject | None:
    return world.objects.get(key) if world else None


def generated(one: SchemaObject) -> tuple[str, str]:
    """Return the expression of a generated column, and whether it is stored or virtual."""
    expression, _, how = clauses.written(one, "generated").rpartition(" ")
    return expression, how


def _said(one: SchemaObject, attribute: str, words: str) -> str:
    found = value(one, attribute)
    return words.format(found) if found else ""


def _is_foreign(one: SchemaObject, world: World) -> bool:
    return clauses.is_a(one, world, "foreign table")


def _filled(one: SchemaObject, world: World) -> str:
    """Return where the column's values come from."""
    if value(one, "generated"):
        expression, how = generated(one)
        return f"GENERATED ALWAYS AS {clauses.bracketed(expression)} {how.upper()}"
    if value(one, "identity") and not _has_partitioned_parent(one, world):
        return counting.clause(one)
    return _said(one, "default", "DEFAULT {}")


def _has_partitioned_parent(one: SchemaObject, world: World) -> bool:
    """Say whether the column's table is a partition: those count with their parent's sequence."""
    table = clauses.table_of(one, world)
    return table is not None and bool(value(table, "partition_bound"))


def _alter(one: SchemaObject, world: World, *forms: str) -> Piece:
    kind = "FOREIGN TABLE" if _is_foreign(one, world) else "TABLE"
    column = quoted(one.identity[2])
    said = (f"ALTER COLUMN {column} {form}" for form in forms)
    return Piece(clauses.altered(clauses.table_name(one), *said, kind=kind))


def _changed(have: SchemaObject, want: SchemaObject, *attributes: str) -> bool:
    return any(value(have, name) != value(want, name) for name in attributes)


def _is_stuck(have: SchemaObject, want: SchemaObject, world: World) -> bool:
    """Say whether a column cannot become generated, or generated in the way that is wanted."""
    (_, before), (_, after) = generated(have), generated(want)
    if not _changed(have, want, "generated"):
        return False
    if not after:
        return before == "virtual"
    return before != after or world.version < EXPRESSION_SINCE


def _ended(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    """Yield what takes away what a default or another type cannot stand beside."""
    if value(have, "identity") and not value(want, "identity"):
        yield _alter(want, world, "DROP IDENTITY IF EXISTS")
    if value(have, "generated") and not value(want, "generated"):
        yield _alter(want, world, "DROP EXPRESSION IF EXISTS")


def _type(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if not _changed(have, want, "type", "collation"):
        return
    name = quoted(want.identity[2])
    before, after = value(have, "type"), value(want, "type")
    lost = casting.lost(before, after, f"{clauses.table_name(want)}.{name}", world)
    using = f" USING {name}::{after}" if lost is None else ""
    forms = [f"TYPE {after}{_said(want, 'collation', ' COLLATE {}')}{using}"]
    if value(have, "default"):
        forms.insert(0, "DROP DEFAULT")
    if value(want, "default"):
        forms.append(f"SET DEFAULT {value(want, 'default')}")
    reason = f"PostgreSQL has no cast of its own from {before} to {after}" if using else ""
    loses = "" if value(want, "generated") else lost or ""
    piece = replace(_alter(want, world, *forms), loses=loses, reason=reason)
    once = _is_touchy(want, world) or casting.is_built_on(want, world)
    yield _once(piece, want) if before != after and once else piece


def _is_touchy(one: SchemaObject, world: World) -> bool:
    """Say whether a type that is set once more would change how conditions of the table print."""
    table = one.identity[0], one.identity[1]
    above = (each for kind in _CONDITIONS for each in of_table(world, table, kind))
    return any(clauses.written(each, "definition") != value(each, "definition") for each in above)


def _once(piece: Piece, one: SchemaObject) -> Piece:
    """Return what changes a type only where it is another one."""
    table = clauses.relation(clauses.table_name(one))
    other = clauses.exists(
        f"SELECT FROM pg_catalog.pg_attribute\n"
        f"WHERE attrelid = {table}\n    AND attname = {literal(one.identity[2])}\n"
        f"    AND pg_catalog.format_type(atttypid, atttypmod) <> {literal(value(one, 'type'))}"
    )
    return replace(piece, sql=clauses.guarded(other, piece.sql))


def _default(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if not _changed(have, want, "default") or _changed(have, want, "type", "collation"):
        return
    if value(want, "default"):
        yield _alter(want, world, f"SET DEFAULT {value(want, 'default')}")
    elif not value(want, "generated") and not value(want, "identity"):
        yield _alter(want, world, "DROP DEFAULT")


def _expression(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if value(want, "generated") and _changed(have, want, "generated"):
        expression, _ = generated(want)
        yield _alter(want, world, f"SET EXPRESSION AS {clauses.bracketed(expression)}")


def _required(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if not _changed(have, want, "not_null"):
        return
    wanted = value(want, "not_null")
    if wanted == "true":
        yield from required(want, world)
    elif value(have, "not_null") in ("true", _REFUSED):
        yield _alter(want, world, "DROP NOT NULL")
    if wanted == _REFUSED:
        yield _promised(want)


def _promised(one: SchemaObject) -> Piece:
    """Return what makes only new rows NOT NULL; the constraint may be there by any name."""
    table, column = clauses.table_name(one), one.identity[2]
    name = clauses.derived(f"{one.identity[1]}_{column}", "_not_null")
    missing = clauses.exists(
        f"SELECT FROM pg_catalog.pg_attribute\n"
        f"WHERE attrelid = {clauses.relation(table)}\n"
        f"    AND attname = {literal(column)} AND NOT attnotnull"
    )
    form = f"ADD CONSTRAINT {quoted(name)} NOT NULL {quoted(column)} NOT VALID"
    return Piece(clauses.guarded(missing, clauses.altered(table, form)))


def required(one: SchemaObject, world: World) -> Iterator[Piece]:
    """Yield what makes a column NOT NULL without reading the table under a strong lock.

    The check is proved first, and SET NOT NULL trusts it.
    """
    if not clauses.stays(one, world) or _is_foreign(one, world):
        yield _alter(one, world, "SET NOT NULL")
        return
    table, column = clauses.table_name(one), quoted(one.identity[2])
    check = quoted(clauses.derived(f"{one.identity[1]}_{one.identity[2]}", "_required"))
    added = f"ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"
    yield Piece(clauses.altered(table, added))
    note = f"this fails while a row of {table} has no {column}: fill it first"
    yield Piece(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}", apart=True, note=note)
    yield replace(_alter(one, world, "SET NOT NULL"), apart=True, strong=True)
    gone = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {check}"
    yield Piece(gone, apart=True, strong=True)


def _identity(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    wanted = value(want, "identity")
    if not wanted or _has_partitioned_parent(want, world):
        return
    if not value(have, "identity"):
        yield counting.begun(want, world)
        return
    if _changed(have, want, "identity"):
        yield _alter(want, world, f"SET GENERATED {wanted.upper()}")
    before, after = counting.of_identity(have), counting.of_identity(want)
    if options := counting.changed(before, after):
        piece = _alter(want, world, " ".join(f"SET {each}" for each in options))
        yield counting.restarted(piece, before, after)


def _details(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if _changed(have, want, "storage"):
        usual = "MAIN" if value(want, "type").startswith(_MAIN) else "EXTENDED"
        yield _alter(want, world, f"SET STORAGE {value(want, 'storage').upper() or usual}")
    if _changed(have, want, "compression"):
        yield _alter(want, world, f"SET COMPRESSION {value(want, 'compression') or 'default'}")
    if _changed(have, want, "statistics_target"):
        yield _alter(want, world, f"SET STATISTICS {value(want, 'statistics_target') or -1}")
    yield from _options(have, want, world)


def _options(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if _is_foreign(want, world):
        yield from foreign.changes(_alter(want, world, "").sql.rstrip(), have, want)
        return
    for form in clauses.changed_settings(value(have, "options"), value(want, "options")):
        yield _alter(want, world, form)
