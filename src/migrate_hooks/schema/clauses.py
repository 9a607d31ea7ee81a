"""Clauses that statements about several kinds share, and what they have to know of a table."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import spelling
from migrate_hooks.schema.remedy import World, literal, value
from migrate_hooks.sql.lexer import scan, significant, tokens
from migrate_hooks.sql.written import as_written

LONGEST_NAME = 63
"""Bytes of a name; PostgreSQL cuts off what is longer."""

HIDDEN = "(hidden)"
"""What a snapshot has in the place of an option that may be a secret."""

FIXED = ("kind", "partitioned_by", "server")
"""Attributes of a table that no ALTER TABLE changes."""

ENABLED = {
    "origin": "ENABLE",
    "disabled": "DISABLE",
    "replica": "ENABLE REPLICA",
    "always": "ENABLE ALWAYS",
}
"""Whether a trigger or rule fires, as ALTER TABLE says it."""

_RELKINDS = {"table": "'r', 'p', 'f'", "view": "'v'", "materialized view": "'m'"}
_RELATIONS = tuple(_RELKINDS)
_DEPTH = {"(": 1, ")": -1}


def table_name(one: SchemaObject) -> str:
    """Return the name of the table that an object is, or belongs to."""
    return spelling.qualified(*one.identity[:2])


def table_of(one: SchemaObject, world: World) -> SchemaObject | None:
    """Return the table, view or materialized view with the first two names of an identity."""
    keys = ((kind, one.identity[:2]) for kind in _RELATIONS)
    return next(filter(None, map(world.objects.get, keys)), None)


def is_a(one: SchemaObject, world: World, kind: str) -> bool:
    """Return whether an object's table is a partitioned table, a foreign table, …"""
    table = table_of(one, world)
    return table is not None and value(table, "kind") == kind


def stays(one: SchemaObject, world: World) -> bool:
    """Return whether an object's table is there already, with rows and with users that wait."""
    if world.other is None:
        return True
    wanted, there = table_of(one, world), table_of(one, world.other)
    return there is not None and (wanted is None or not is_made_anew(there, wanted))


def is_made_anew(have: SchemaObject, want: SchemaObject) -> bool:
    """Return whether a table or materialized view has to be dropped before it can be as wanted."""
    fixed = ("definition",) if want.kind == "materialized view" else FIXED
    return have.kind != want.kind or any(value(have, name) != value(want, name) for name in fixed)


def dropped(kind: str, one: SchemaObject, world: World) -> str:
    """Return what drops a table or view, and leaves one of another kind alone that took its name.

    IF EXISTS would not: what has the name then would be refused as no table, or no view.
    """
    statement = f"DROP {kind} IF EXISTS {table_name(one)}"
    taken = table_of(one, world.other) if world.other else None
    if taken is None or taken.kind == one.kind:
        return statement
    oid, relkinds = relation(table_name(one)), _RELKINDS[one.kind]
    there = f"SELECT FROM pg_catalog.pg_class\nWHERE oid = {oid}\n    AND relkind IN ({relkinds})"
    return guarded(exists(there), statement)


def parents(table: SchemaObject, world: World) -> tuple[SchemaObject, ...]:
    """Return the tables that one is a partition or a child of; a foreign schema's are left out."""
    listed = map(names, spelling.listed(value(table, "parents")))
    keys = (("table", each) for each in listed)
    return tuple(filter(None, map(world.objects.get, keys)))


def names(path: str) -> tuple[str, ...]:
    """Return the names in `public."Order items"` without their quotes."""
    parts = (token.text for token in scan(path) if token.kind in ("word", "quoted"))
    return tuple(each[1:-1].replace('""', '"') if each[0] == '"' else each for each in parts)


def derived(name: str, ending: str) -> str:
    """Return a name with something behind it that is not cut off."""
    room = LONGEST_NAME - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore") + ending


def bracketed(expression: str) -> str:
    """Return an expression in brackets, without a second pair where it has one."""
    found = significant(tokens(expression))
    depth, closed = 0, 0
    for number, one in enumerate(found):
        depth += _DEPTH.get(one.text, 0)
        if depth == 0:
            closed = number
            break
    is_whole = len(found) > 1 and found[0].text == "(" and closed == len(found) - 1
    return expression if is_whole else f"({expression})"


def written(one: SchemaObject, attribute: str) -> str:
    """Return the SQL in an attribute so that what it makes prints in the same way again."""
    return as_written(value(one, attribute))


def guarded(needed: str, *statements: str) -> str:
    """Return SQL that runs statements only where the condition `needed` holds.

    For what the grammar has no IF EXISTS or IF NOT EXISTS for, and no lock should be taken where
    there is nothing to do.
    """
    done = "".join(f"        {_indented(each, 8)};\n" for each in statements)
    body = f"\nBEGIN\n    IF {_indented(needed, 4)} THEN\n{done}    END IF;\nEND "
    return f"DO {spelling.dollar(body)}"


def _indented(text: str, spaces: int) -> str:
    """Indent all lines but the first, and none that begins inside of quotes."""
    line = "\n" + " " * spaces
    return "".join(
        token.text.replace("\n", line) if token.kind == "space" else token.text
        for token in scan(text)
    )


def exists(query: str) -> str:
    """Return the condition that a query finds a row."""
    return f"EXISTS (\n    {_indented(query, 4)}\n)"


def altered(table: str, *forms: str, kind: str = "TABLE") -> str:
    """Return ALTER TABLE with its forms, one a line where there are several."""
    between = " " if len(forms) == 1 else "\n    "
    return f"ALTER {kind} {table}{between}" + ",\n    ".join(forms)


def relation(name: str) -> str:
    """Return SQL for the OID of a table, or NULL."""
    return f"pg_catalog.to_regclass({literal(name)})"


def settings(text: str) -> str:
    """Return storage parameters for WITH or SET: `fillfactor=70, …` as `fillfactor = 70, …`."""
    return ", ".join(f"{name} = {_set(each)}" for name, each in spelling.options(text).items())


def changed_settings(have: str, want: str) -> Iterator[str]:
    """Yield the forms of ALTER that bring storage parameters from one state to another."""
    before, after = spelling.options(have), spelling.options(want)
    given = {name: each for name, each in after.items() if before.get(name) != each}
    gone = [name for name in before if name not in after]
    if given:
        yield f"SET ({', '.join(f'{name} = {_set(each)}' for name, each in given.items())})"
    if gone:
        yield f"RESET ({', '.join(gone)})"


def _set(text: str) -> str:
    plain = text.isalnum() and text.isascii() and (text.isdigit() or text.isalpha())
    return text if plain else literal(text)
