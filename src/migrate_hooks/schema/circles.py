"""Tables that lean on each other in a circle, so that none of them could be dropped first."""

import re
from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining
from migrate_hooks.schema.remedy import World, of_table, value

Table = tuple[str, str]

_NAME = r'(?:"(?:[^"]|"")+"|[a-z_][\w$]*)'
_QUALIFIED = re.compile(rf"(?<![\w.$\"]){_NAME}\.{_NAME}")


def closing(table: Table, world: World) -> Iterator[SchemaObject]:
    """Yield the foreign keys and policies of a table that goes which lead around to it again."""
    for one in _leaning(table, world):
        others = _targets(one, world) - {table}
        if any(table in _reached(other, world) for other in others):
            yield one


def _leaning(table: Table, world: World) -> tuple[SchemaObject, ...]:
    keys, policies = (of_table(world, table, kind) for kind in ("foreign key", "policy"))
    return (*keys, *policies)


def _targets(one: SchemaObject, world: World) -> set[Table]:
    """Return the tables that an object needs besides its own, as far as they go as well."""
    return {each for each in _mentioned(one) if _goes(each, world)}


def _mentioned(one: SchemaObject) -> Iterator[Table]:
    if one.kind == "foreign key":
        yield constraining.referenced(one)
        return
    for path in _QUALIFIED.findall(f"{value(one, 'using')} {value(one, 'check')}"):
        schema, name = clauses.names(path)
        yield schema, name


def _goes(table: Table, world: World) -> bool:
    key = ("table", table)
    return key in world.objects and (world.other is None or key not in world.other.objects)


def _reached(table: Table, world: World) -> set[Table]:
    """Return the tables to which a table leads, over others as well."""
    found: set[Table] = set()
    waiting = [table]
    while waiting:
        leaning = _leaning(waiting.pop(), world)
        fresh = {target for one in leaning for target in _targets(one, world)} - found
        found |= fresh
        waiting += fresh
    return found
