"""autovacuum_enabled = false on a table."""

from collections.abc import Iterable, Iterator
from typing import Any

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_OFF = frozenset({"false", "off", "no", "0", "f", "n"})


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if any(_is_off(option) for option in _options(one)):
            yield Problem(
                f"autovacuum_enabled = false: dead rows of {one.spelled} are never reclaimed and "
                "its statistics grow stale, until one day a vacuum against wraparound starts, "
                "which nothing can switch off.",
                f"Tune {one.spelled} instead (autovacuum_vacuum_scale_factor, "
                "autovacuum_vacuum_cost_delay), or switch autovacuum on again when the load is "
                "over.",
                one.line,
                one.column,
            )


def _options(one: Operation) -> Iterator[Any]:
    found: Iterable[Any] = ()
    if one.kind == "ALTER TABLE SetRelOptions":
        found = getattr(one.node, "def").list.items
    elif one.kind == "CREATE TABLE":
        found = one.node.options
    yield from (objects.unwrapped(each)[1] for each in found)


def _is_off(option: Any) -> bool:
    if option.defname != "autovacuum_enabled" or not option.HasField("arg"):
        return False
    kind, value = objects.unwrapped(option.arg)
    if kind == "boolean":
        return not value.boolval
    words = [str(value.ival)] if kind == "integer" else objects.name_path(option.arg)
    return bool(words) and words[-1].lower() in _OFF


RULE = Rule(
    name="schema/autovacuum-off",
    severity=Severity.WARNING,
    summary="Autovacuum is switched off for a table.",
    why=(
        "The switch is forgotten more often than it is turned back. The table swells, its plans "
        "get worse, and the vacuum that PostgreSQL forces in the end comes at the worst time."
    ),
    instead="Make autovacuum gentler or rarer, not silent.",
    check=_check,
    bad=(
        Example("ALTER TABLE events SET (autovacuum_enabled = false);\n"),
        Example("ALTER TABLE events SET (fillfactor = 90, toast.autovacuum_enabled = off);\n"),
        Example("CREATE TABLE events (id bigint) WITH (autovacuum_enabled = 'off');\n"),
        Example("ALTER TABLE events SET (autovacuum_enabled = 0);\n"),
    ),
    good=(
        Example("ALTER TABLE events SET (autovacuum_enabled = true);\n"),
        Example("ALTER TABLE events SET (autovacuum_enabled);\n"),
        Example("ALTER TABLE events SET (autovacuum_vacuum_scale_factor = 0.02);\n"),
        Example("ALTER TABLE events RESET (autovacuum_enabled);\n"),
    ),
)
