"""Tables that lean on each other in a circle, so that none of them could be dropped first."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining
from migrate_hooks.schema.remedy import World, value

Table = tuple[str, ...]
_Leads = Mapping[Table, frozenset[Table]]

_KINDS = ("foreign key", "policy")
_NAME = r'(?:"(?:[^"]|"")+"|[a-z_][\w$]*)'
_QUALIFIED = re.compile(rf"(?<![\w.$\"]){_NAME}\.{_NAME}")


def closing(table: SchemaObject, world: World) -> Iterator[SchemaObject]:
    """Yield the foreign keys and policies of a table that goes which are part of a circle."""
    others = _entangled(world) - {table.identity}
    for one in _leaning(table.identity, world):
        if others & _targets(one):
            yield one


@lru_cache(maxsize=1)  # every table of a world asks
def _entangled(world: World) -> frozenset[Table]:
    """Return the tables that go and are in a circle, or between two."""
    there = world.other.objects if world.other else {}
    going = (key for key in world.objects if key[0] == "table" and key not in there)
    leads = {table: _led(table, world) for _, table in going}
    return frozenset(_peeled(_turned(_peeled(leads))))


def _led(table: Table, world: World) -> frozenset[Table]:
    """Return the other tables that a table leads to."""
    found = frozenset(target for one in _leaning(table, world) for target in _targets(one))
    return found - {table}


def _leaning(table: Table, world: World) -> Iterator[SchemaObject]:
    belonging = world.by_table.get((table[0], table[1]), ())
    return (one for one in belonging if one.kind in _KINDS)


def _targets(one: SchemaObject) -> frozenset[Table]:
    """Return the tables that an object needs, or whatever else it calls by such a name."""
    if one.kind == "foreign key":
        return frozenset((constraining.referenced(one),))
    text = f"{value(one, 'using')} {value(one, 'check')}"
    return frozenset(map(clauses.names, _QUALIFIED.findall(text)))


def _peeled(leads: _Leads) -> _Leads:
    """Return the graph without the tables that lead to no other, again and again."""
    kept = dict(leads)
    while ends := [table for table, targets in kept.items() if not kept.keys() & targets]:
        for table in ends:
            del kept[table]
    return kept


def _turned(leads: _Leads) -> _Leads:
    """Return the graph with every arrow the other way round."""
    turned: dict[Table, set[Table]] = {table: set() for table in leads}
    for table, targets in leads.items():
        for target in targets & turned.keys():
            turned[target].add(table)
    return {table: frozenset(targets) for table, targets in turned.items()}
