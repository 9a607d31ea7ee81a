"""Default privileges. A list of a role's own replaces what the server gives, until it is the same.

In a schema there is nothing that it replaces: a list there only adds.
"""

from collections.abc import Iterator, Mapping

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import privileges
from migrate_hooks.schema.privileges import Holder
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value

_FOR_EVERYBODY = frozenset({"functions", "types"})
_SPELLED = {"L": "LARGE OBJECTS"}

_Group = tuple[str, ...]
_Rows = Mapping[str, Mapping[str, bool]]


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return tuple(_changes(one, world.other, world))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    *schema, _, _, _ = one.identity
    if schema and world.other and ("schema", tuple(schema)) not in world.other.objects:
        return ()  # a schema takes its defaults along
    return tuple(_changes(one, world, world.other))


def _alter(_have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return tuple(_changes(want, world.other, world))


def _changes(one: SchemaObject, have: World | None, want: World | None) -> Iterator[Piece]:
    """Yield what the grantee takes, and what others do when the list comes or goes as a whole."""
    group, grantee = one.identity[:-1], one.identity[-1]
    old, new = _rows(group, have), _rows(group, want)
    others = set() if old and new else set(_usual(group)) - old.keys() - new.keys()
    is_first = grantee == min(old.keys() | new.keys())
    for who in (grantee, *(sorted(others) if is_first else ())):
        before, after = _held(who, group, old), _held(who, group, new)
        for sql in privileges.changes(before, after, _holder(group, who)):
            yield Piece(sql)


def _rows(group: _Group, world: World | None) -> _Rows:
    """Return {grantee: privileges} of a list, nothing where there is none."""
    return {
        one.identity[-1]: privileges.parsed(value(one, "privileges"))
        for one in (world.objects.values() if world else ())
        if one.kind == "default privilege" and one.identity[:-1] == group
    }


def _held(grantee: str, group: _Group, rows: _Rows) -> Mapping[str, bool]:
    return rows.get(grantee, {}) if rows else _usual(group).get(grantee, {})


def _usual(group: _Group) -> _Rows:
    """Return what is given where no list says otherwise."""
    *schema, role, objects = group
    if schema:
        return {}
    everybody = {"PUBLIC": privileges.ALL} if objects in _FOR_EVERYBODY else {}
    return {role: privileges.ALL, **everybody}


def _holder(group: _Group, who: str) -> Holder:
    *schema, role, objects = group
    where = f"IN SCHEMA {quoted(schema[0])} " if schema else ""
    return Holder(
        _SPELLED.get(objects, objects.upper()),
        "PUBLIC" if who == "PUBLIC" else quoted(who),
        prefix=f"ALTER DEFAULT PRIVILEGES FOR ROLE {quoted(role)} {where}",
    )


REMEDY = Remedy("default privilege", _create, _drop, _alter)
