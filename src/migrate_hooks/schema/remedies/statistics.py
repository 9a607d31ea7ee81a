"""Extended statistics."""

import re

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value

_PART = r'(?:"(?:[^"]|"")*"|[^\s".(]+)'
_HEAD = re.compile(rf"CREATE STATISTICS ({_PART}(?:\.{_PART})?)")


def _name(one: SchemaObject) -> str:
    """Return the name with its schema, which need not be that of the table."""
    found = _HEAD.match(value(one, "definition"))
    return found[1] if found else ""


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    rest = clauses.written(one, "definition").removeprefix("CREATE STATISTICS ")
    made = Piece(f"CREATE STATISTICS IF NOT EXISTS {rest}")
    return (made, _aimed(one)) if value(one, "target") else (made,)


def _aimed(one: SchemaObject) -> Piece:
    return Piece(f"ALTER STATISTICS {_name(one)} SET STATISTICS {value(one, 'target') or '-1'}")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP STATISTICS IF EXISTS {_name(one)}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(have, "definition") != value(want, "definition"):
        return (*_drop(have, world), *_create(want, world))
    return (_aimed(want),)


REMEDY = Remedy("statistics object", _create, _drop, _alter)
