"""Which objects of one migration another one uses, as far as the words of both tell."""

from migrate_hooks.model.migration import Migration
from migrate_hooks.sql import parse
from migrate_hooks.sql.parse import Name, Names

# A query does not say which kind of relation it reads.
_RELATIONS = frozenset({"table", "view", "materialized view", "sequence"})
# Parts come with their table; everything stands in a schema and may use an extension.
_TOO_SMALL = frozenset({"column", "constraint", "trigger", "policy", "rule"})
_TOO_LARGE = frozenset({"schema", "extension"})


def shared(one: Migration, later: Migration | None) -> tuple[str, ...] | None:
    """Return the names of what `one` makes or changes and `later` uses; None if not readable."""
    mine = _names(one)
    theirs = _names(later) if later else None
    if mine is None or theirs is None:
        return None
    made = _things(mine.created | mine.touched)
    used = _things(theirs.created | theirs.touched | theirs.referenced)
    return tuple(sorted({thing for _, thing in made & used}))


def _names(migration: Migration) -> Names | None:
    return parse.names(migration.up.text)


def _things(names: frozenset[Name]) -> set[tuple[str, str]]:
    """Return (kind, name) of whole objects; public goes without saying."""
    return {
        ("relation" if kind in _RELATIONS else kind, _spelled(schema, name))
        for kind, schema, name in names
        if kind not in _TOO_SMALL and kind not in _TOO_LARGE
    }


def _spelled(schema: str, name: str) -> str:
    return name if schema in ("", "public") else f"{schema}.{name}"
