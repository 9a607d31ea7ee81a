"""CREATE TABLE, with everything that a table can have from the start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, columns, constraining, foreign, spelling
from migrate_hooks.schema.remedy import Piece, World, of_table, value
from migrate_hooks.sql.forms import quoted

_INLINE = ("primary key", "unique constraint", "check constraint", "exclusion constraint")


@dataclass(frozen=True, slots=True)
class _Birth:
    """What a table has before a word is said about its columns: parents, and columns by name."""

    parents: tuple[SchemaObject, ...] = ()
    given: Mapping[str, SchemaObject] = field(default_factory=dict)


def create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what makes a table; as a partition it is attached where its parent is in use."""
    own, birth = _columns(one, world), _birth(one, world)
    made = Piece(_statement(one, birth, world), reason=_unknown(one, own))
    later = _adopted(one, world) if value(one, "parents") and not birth.parents else ()
    return (
        made,
        *(piece for each in own for piece in _finished(each, birth, world)),
        *(
            constraining.unless_there(each, clauses.written(each, "definition"))
            for each in _later(one, world)
        ),
        *later,
        *identified(one),
    )


def identified(one: SchemaObject) -> tuple[Piece, ...]:
    """Return what says how replication tells rows apart, where that is not the primary key."""
    how = value(one, "replica_identity")
    if not how or value(one, "kind") == "foreign table":
        return ()
    words = how.upper() if how in ("full", "nothing") else f"USING INDEX {how}"
    return (Piece(f"ALTER TABLE {clauses.table_name(one)} REPLICA IDENTITY {words}"),)


def attached(one: SchemaObject, parent: str) -> str:
    """Return what makes a table a partition, or a child, of another one."""
    table = clauses.table_name(one)
    if bound := value(one, "partition_bound"):
        return f"ALTER TABLE {parent} ATTACH PARTITION {table} {bound}"
    return f"ALTER TABLE {table} INHERIT {parent}"


def is_child(one: SchemaObject, parent: str) -> str:
    """Return SQL that is true where the table has that parent."""
    child, above = clauses.relation(clauses.table_name(one)), clauses.relation(parent)
    return clauses.exists(
        f"SELECT FROM pg_catalog.pg_inherits\nWHERE inhrelid = {child}\n    AND inhparent = {above}"
    )


def key(one: SchemaObject) -> tuple[str, str]:
    """Return schema and name of a table."""
    return one.identity[0], one.identity[1]


def _columns(one: SchemaObject, world: World) -> tuple[SchemaObject, ...]:
    """Return the columns of a table as they stand in it."""
    found = {each.identity[2]: each for each in of_table(world, key(one), "column")}
    return tuple(found[name] for name in _order(one) if name in found)


def _order(one: SchemaObject) -> tuple[str, ...]:
    return tuple(clauses.names(each)[0] for each in spelling.listed(value(one, "column_order")))


def _birth(one: SchemaObject, world: World) -> _Birth:
    if value(one, "of_type"):
        return _Birth(
            given={each.identity[2]: columns.plain(each) for each in _columns(one, world)}
        )
    above = clauses.parents(one, world)
    given = {
        each.identity[2]: each for parent in reversed(above) for each in _columns(parent, world)
    }
    inherited = tuple(dict.fromkeys(name for parent in above for name in _order(parent)))
    is_known = len(above) == len(spelling.listed(value(one, "parents")))
    in_order = _order(one)[: len(inherited)] == inherited
    in_use = value(one, "partition_bound") and any(clauses.stays(each, world) for each in above)
    return _Birth(above, given) if is_known and in_order and not in_use else _Birth()


def _statement(one: SchemaObject, birth: _Birth, world: World) -> str:
    kind = {"unlogged": "UNLOGGED TABLE"}.get(value(one, "persistence"), "TABLE")
    if value(one, "kind") == "foreign table":
        kind = "FOREIGN TABLE"
    head = f"CREATE {kind} IF NOT EXISTS {clauses.table_name(one)}"
    members = ",\n".join(f"    {each}" for each in _members(one, birth, world))
    is_whole = not value(one, "of_type") and not (birth.parents and value(one, "partition_bound"))
    listed = f" (\n{members}\n)" if members else " ()" if is_whole else ""
    return "\n".join([f"{head}{_origin(one, birth)}{listed}", *_tail(one, birth)])


def _origin(one: SchemaObject, birth: _Birth) -> str:
    if value(one, "of_type"):
        return f" OF {value(one, 'of_type')}"
    is_part = birth.parents and value(one, "partition_bound")
    return f" PARTITION OF {value(one, 'parents')}" if is_part else ""


def _members(one: SchemaObject, birth: _Birth, world: World) -> Iterator[str]:
    for each in _columns(one, world):
        if each.identity[2] not in birth.given:
            yield columns.definition(each, world)
    inherited = () if birth.parents else _checks_above(one, world)
    found = {constraining.name(each): each for each in (*_constraints(one, world), *inherited)}
    for name, each in found.items():
        definition = clauses.written(each, "definition").removesuffix(constraining.NOT_VALID)
        yield f"CONSTRAINT {quoted(name)} {definition}"


def _constraints(one: SchemaObject, world: World) -> Iterator[SchemaObject]:
    for kind in _INLINE:
        for each in of_table(world, key(one), kind):
            if not value(each, "definition").endswith(constraining.NOT_VALID):
                yield each


def _later(one: SchemaObject, world: World) -> Iterator[SchemaObject]:
    """Yield the checks that are not proved: CREATE TABLE would take them for proved."""
    for each in of_table(world, key(one), "check constraint"):
        if value(each, "definition").endswith(constraining.NOT_VALID):
            yield each


def _checks_above(one: SchemaObject, world: World) -> Iterator[SchemaObject]:
    """Yield the checks that a table must have already when it is attached to its parents."""
    for parent in clauses.parents(one, world):
        for each in of_table(world, key(parent), "check constraint"):
            if " NO INHERIT" not in value(each, "definition"):
                yield each
        yield from _checks_above(parent, world)


def _tail(one: SchemaObject, birth: _Birth) -> Iterator[str]:
    bound = value(one, "partition_bound")
    if birth.parents:
        yield bound or f"INHERITS ({value(one, 'parents')})"
    if partitioned := value(one, "partitioned_by"):
        yield f"PARTITION BY {partitioned}"
    if server := value(one, "server"):
        yield f"SERVER {quoted(server)}{foreign.clause(one, 'foreign_options')}"
    if (method := value(one, "access_method")) not in ("", "heap"):
        yield f"USING {quoted(method)}"
    if options := value(one, "options"):
        yield f"WITH ({clauses.settings(options)})"
    if tablespace := value(one, "tablespace"):
        yield f"TABLESPACE {quoted(tablespace)}"


def _unknown(one: SchemaObject, own: tuple[SchemaObject, ...]) -> str:
    """Return why a foreign table cannot be written out, if that is so."""
    if value(one, "kind") != "foreign table":
        return ""
    doubts = (foreign.doubt(one, "foreign_options"), *map(foreign.doubt, own))
    return next(filter(None, doubts), "")


def _finished(column: SchemaObject, birth: _Birth, world: World) -> tuple[Piece, ...]:
    """Return what a column needs once the table is there."""
    given = birth.given.get(column.identity[2])
    if given is None:
        return columns.details(column, world)
    return columns.changes(given, column, world) or ()


def _adopted(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what gives a finished table its parents."""
    return tuple(
        Piece(clauses.guarded(f"NOT {is_child(one, parent)}", attached(one, parent)))
        for parent in spelling.listed(value(one, "parents"))
    )
