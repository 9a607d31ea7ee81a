"""What an owner, a grant or a remark is about, in SQL's words.

Their identities start with that of the object, which does not say of what kind it is: the schema
that they belong to does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.privileges import ALL, Holder, changes
from migrate_hooks.schema.remedy import Piece, World, literal, quoted, value
from migrate_hooks.schema.spelling import dollar, qualified, statistics


@dataclass(frozen=True, slots=True)
class Subject:
    """An object as statements name it, such as `TABLE` and `public.orders`.

    `doubt` says why it may be another object, as a clause, or is "".
    """

    word: str
    name: str
    doubt: str = ""

    def __str__(self) -> str:
        return f"{self.word} {self.name}"

    @property
    def granted(self) -> str:
        """What GRANT calls it: every relation a table, and a server a foreign one."""
        return _GRANTED.get(self.word, self.word)


_GRANTED = {
    "VIEW": "TABLE",
    "MATERIALIZED VIEW": "TABLE",
    "FOREIGN TABLE": "TABLE",
    "SERVER": "FOREIGN SERVER",
}

DATABASE_OWNER = "(owner of the database)"

OWNER = "(owner)"
"""What a snapshot calls the grantee that owns the object."""

UNNAMED = "\0"
"""What stands in a statement for a role whose name only the database knows."""

_EXECUTE = """
BEGIN
    EXECUTE (
        SELECT pg_catalog.format({}, pg_catalog.pg_get_userbyid(datdba))
        FROM pg_catalog.pg_database
        WHERE datname = pg_catalog.current_database()
    );
END """

Identity = tuple[str, ...]
_Naming = Callable[[SchemaObject], str]


def _within(one: SchemaObject) -> str:
    return _on_table(one.identity)


def _on_table(identity: Identity) -> str:
    schema, table, name = identity
    return f"{quoted(name)} ON {qualified(schema, table)}"


def _beside(one: SchemaObject) -> str:
    schema, _, name = one.identity
    return qualified(schema, name)


def _dotted(one: SchemaObject) -> str:
    return qualified(*one.identity)


def _defined(one: SchemaObject) -> str:
    return statistics(value(one, "definition"))


def _signed(identity: Identity) -> str:
    schema, name, arguments = identity
    return f"{qualified(schema, name)}{arguments}"


_PLAIN: Mapping[str, str] = {
    "schema": "SCHEMA",
    "event trigger": "EVENT TRIGGER",
    "foreign data wrapper": "FOREIGN DATA WRAPPER",
    "foreign server": "SERVER",
    "publication": "PUBLICATION",
    "sequence": "SEQUENCE",
    "domain": "DOMAIN",
    "enum": "TYPE",
    "composite type": "TYPE",
    "range type": "TYPE",
    "collation": "COLLATION",
    "text search configuration": "TEXT SEARCH CONFIGURATION",
    "text search dictionary": "TEXT SEARCH DICTIONARY",
}
_RELATIONS: Mapping[str, str] = {
    "table": "TABLE",
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
}
_ROUTINES: Mapping[str, str] = {"function": "FUNCTION", "aggregate": "ROUTINE"}
_MEMBERS: Mapping[str, tuple[str, _Naming]] = {
    "column": ("COLUMN", _dotted),
    "primary key": ("CONSTRAINT", _within),
    "unique constraint": ("CONSTRAINT", _within),
    "check constraint": ("CONSTRAINT", _within),
    "foreign key": ("CONSTRAINT", _within),
    "exclusion constraint": ("CONSTRAINT", _within),
    "index": ("INDEX", _beside),
    "trigger": ("TRIGGER", _within),
    "policy": ("POLICY", _within),
    "rule": ("RULE", _within),
    "statistics object": ("STATISTICS", _defined),
}


def about(identity: Identity, table: tuple[str, str] | None, world: World) -> Subject:
    """Return what is called so; `table` is what the remark or right itself belongs to."""
    if table is not None and identity[:2] == table:
        return _relation(identity, world) if identity == table else _member(identity, world)
    if len(identity) > 2:
        return _routine(identity, world)
    return _plain(identity, world)


def _plain(identity: Identity, world: World) -> Subject:
    found = [
        Subject(word, qualified(*identity))
        for kind, word in _PLAIN.items()
        if (kind, identity) in world.objects
    ]
    return _only(found or _operators(identity, world), identity)


def _operators(identity: Identity, world: World) -> list[Subject]:
    """Return the operators of that name: theirs is the one identity without the arguments."""
    schema, name = identity if len(identity) == 2 else ("", "")
    return [
        Subject("OPERATOR", f"{quoted(schema)}.{name} {one.identity[2]}")
        for one in world.objects.values()
        if one.kind == "operator" and one.identity[:2] == identity
    ]


def _relation(identity: Identity, world: World) -> Subject:
    found = (
        Subject(_word(word, world.objects[kind, identity]), qualified(*identity))
        for kind, word in _RELATIONS.items()
        if (kind, identity) in world.objects
    )
    return _only(list(found), identity)


def _word(word: str, one: SchemaObject) -> str:
    """Return what SQL calls a relation or routine, which its kind does not quite say."""
    kind = value(one, "kind")
    return {"foreign table": "FOREIGN TABLE", "procedure": "PROCEDURE"}.get(kind, word)


def _member(identity: Identity, world: World) -> Subject:
    found = [
        Subject(word, naming(world.objects[kind, identity]))
        for kind, (word, naming) in _MEMBERS.items()
        if (kind, identity) in world.objects
    ]
    if not found and ("table", identity[:2]) not in world.objects:
        found = [Subject("COLUMN", qualified(*identity))]  # of a view, whose definition names it
    # Inherited constraints and those that make NOT NULL are no objects of their own.
    return _only(found or [Subject("CONSTRAINT", _on_table(identity))], identity)


def _routine(identity: Identity, world: World) -> Subject:
    schema, name, part = identity
    found = [
        Subject(_word(word, world.objects[kind, identity]), _signed(identity))
        for kind, word in _ROUTINES.items()
        if (kind, identity) in world.objects
    ]
    if not found and ("domain", (schema, name)) in world.objects:
        domain = qualified(schema, name)
        found = [Subject("CONSTRAINT", f"{quoted(part)} ON DOMAIN {domain}")]
    return _only(found, identity)


def _only(found: list[Subject], identity: Identity) -> Subject:
    """Return the one that was found, with a doubt where there are several or none."""
    if len(found) == 1:
        return found[0]
    name = ".".join(identity)
    if not found:
        return Subject("TYPE", qualified(*identity), f"it is not clear what {name} is")
    words = " and ".join(sorted({one.word.lower() for one in found}))
    return Subject(found[0].word, found[0].name, f"{name} is the name of more than one {words}")


def owner(identity: Identity, world: World) -> str:
    """Return the role that owns an object, or "" for the owner of the database, whoever that is."""
    found = world.objects.get(("owner", identity))
    role = value(found, "role") if found else ""
    return "" if role == DATABASE_OWNER else role


def closing(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Return what takes a new function or type from PUBLIC, unless the wanted world gives it.

    In the same transaction: whoever may not run it must not even for a moment.
    """
    if "grant" in world.unread or ("grant", (*one.identity, "PUBLIC")) in world.objects:
        return ()
    subject = about(one.identity, one.table, world)
    on = Holder(f"{subject.granted} {subject.name}", "PUBLIC")
    return tuple(Piece(sql) for sql in changes(ALL, {}, on))


def as_database_owner(statement: str) -> str:
    """Return a DO block that runs a statement with the database's owner where it says UNNAMED."""
    form = statement.replace("%", "%%").replace(UNNAMED, "%I")
    return f"DO {dollar(_EXECUTE.format(literal(form)))}"
