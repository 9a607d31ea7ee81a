"""Policies. ALTER POLICY changes who and what; for whom and how strict needs another policy."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted

_FIXED = ("command", "permissive")


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    permissive = "" if value(one, "permissive") == "true" else " AS RESTRICTIVE"
    command = value(one, "command").upper()
    only = "" if command == "ALL" else f" FOR {command}"
    words = f"{quoted(one.identity[2])} ON {clauses.table_name(one)}{permissive}{only}"
    return (*_drop(one, world), Piece(f"CREATE POLICY {words} {_rest(one)}"))


def _rest(one: SchemaObject) -> str:
    using, check = clauses.written(one, "using"), clauses.written(one, "check")
    parts = (
        f"TO {value(one, 'roles')}",
        f"USING {clauses.bracketed(using)}" if using else "",
        f"WITH CHECK {clauses.bracketed(check)}" if check else "",
    )
    return " ".join(filter(None, parts))


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name, table = quoted(one.identity[2]), clauses.table_name(one)
    return (Piece(f"DROP POLICY IF EXISTS {name} ON {table}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    is_fixed = any(value(have, name) != value(want, name) for name in _FIXED)
    is_shorter = any(value(have, name) and not value(want, name) for name in ("using", "check"))
    if is_fixed or is_shorter:
        return _create(want, world)
    name, table = quoted(want.identity[2]), clauses.table_name(want)
    return (Piece(f"ALTER POLICY {name} ON {table} {_rest(want)}"),)


REMEDY = Remedy("policy", _create, _drop, _alter)
