"""Which objects a row of migrations leaves behind: what a database must have to be at that point.

Read from the words of UP; what a DO block makes is not seen. Columns, constraints, triggers and
policies are parts of tables and are not asked for.
"""

from collections.abc import Iterable

from migrate_hooks.model.migration import Migration, Statement
from migrate_hooks.sql import parse
from migrate_hooks.sql.parse import Name

KINDS = frozenset(
    {
        "table",
        "view",
        "materialized view",
        "index",
        "sequence",
        "function",
        "aggregate",
        "type",
        "domain",
        "schema",
        "extension",
    }
)
_DROPS = {
    **{f"DROP {kind.upper()}": kind for kind in KINDS},
    "DROP FOREIGN TABLE": "table",
    "DROP PROCEDURE": "function",
    "DROP ROUTINE": "function",
}
_NAME_BYTES = 63


def expected(migrations: Iterable[Migration]) -> dict[Name, str]:
    """Return {object: path of the file that made it last} of what is there behind all of them."""
    there: dict[Name, str] = {}
    owners: dict[Name, Name] = {}
    for migration in migrations:
        for statement in migration.up.statements:
            _follow(there, owners, statement, migration.path)
    return there


def missing(wanted: dict[Name, str], found: frozenset[Name]) -> tuple[tuple[Name, str], ...]:
    """Return the (object, path) that are not among `found`; without a schema any one will do."""
    anywhere = {(kind, name) for kind, _, name in found}
    return tuple(
        (each, path)
        for each, path in wanted.items()
        if (each not in found if each[1] else (each[0], each[2]) not in anywhere)
    )


def _follow(
    there: dict[Name, str], owners: dict[Name, Name], statement: Statement, path: str
) -> None:
    names = parse.names(statement.text)
    if names is None or " TEMP" in statement.text[:40].upper():
        return
    made, touched = _ours(names.created), _ours(names.touched)
    dropped = _DROPS.get(statement.verb)
    for gone in touched:
        if gone[0] == dropped:
            _forget(there, owners, gone)
    for new in made:
        for old in touched:
            if old[0] == new[0]:  # a new name, or a new schema
                _forget(there, owners, old)
        there[new] = path
        for table in touched if new[0] == "index" else ():
            owners[new] = table


def _ours(names: Iterable[Name]) -> frozenset[Name]:
    return frozenset((kind, schema, _cut(name)) for kind, schema, name in names if kind in KINDS)


def _cut(name: str) -> str:
    """Return a name as the server keeps it."""
    return name.encode()[:_NAME_BYTES].decode(errors="ignore")


def _forget(there: dict[Name, str], owners: dict[Name, Name], gone: Name) -> None:
    """Forget what was dropped, also if its schema was named at one of both places only."""
    for known in [one for one in there if _is_same(one, gone)]:
        del there[known]
    if gone[0] in ("table", "materialized view"):
        for index in [one for one, owner in owners.items() if _is_same(owner, gone)]:
            there.pop(index, None)
    if gone[0] == "schema":
        for inside in [one for one in there if one[1] == gone[2]]:
            del there[inside]


def _is_same(one: Name, other: Name) -> bool:
    same = one[0] == other[0] and one[2] == other[2]
    return same and (one[1] == other[1] or not one[1] or not other[1])
