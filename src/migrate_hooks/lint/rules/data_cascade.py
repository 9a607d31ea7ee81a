"""DROP ... CASCADE: gone is also what nobody named."""

from collections.abc import Iterable
from typing import Any

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_COLUMNS = "every column that has it, with its data"
_TAKES = {
    "TABLE": "its rows, foreign keys of other tables to it, and views that read it",
    "FOREIGN TABLE": "views that read it",
    "VIEW": "views and rules that read it",
    "MATVIEW": "views that read it",
    "TYPE": f"{_COLUMNS}, and functions that take or return it",
    "DOMAIN": f"{_COLUMNS}, and functions that take or return it",
    "EXTENSION": "every column of its types, with its data, and indexes and functions that use it",
    "SEQUENCE": "the defaults of columns that draw from it",
    "FUNCTION": "triggers, views, policies, defaults and indexes that call it",
    "PROCEDURE": "what calls it",
    "ROUTINE": "triggers, views, policies, defaults and indexes that call it",
    "AGGREGATE": "views that call it",
    "COLLATION": "indexes and columns that use it",
    "FOREIGN SERVER": "its foreign tables and user mappings",
    "FDW": "its servers, their foreign tables and user mappings",
    "OPERATOR": "views and indexes that use it",
    "COLUMN": "views, indexes, constraints and policies that use it",
    "TRUNCATE": "every table with a foreign key to it, and those that point to them",
    "CONSTRAINT": "foreign keys of other tables that rely on it",
}
_SPELLED = {
    "MATVIEW": "MATERIALIZED VIEW",
    "FOREIGN SERVER": "SERVER",
    "FDW": "FOREIGN DATA WRAPPER",
}
_FORMS = {"ALTER TABLE DropColumn": "COLUMN", "ALTER TABLE DropConstraint": "CONSTRAINT"}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        what = _FORMS.get(one.kind) or one.kind.removeprefix("DROP ")
        if not _cascades(one, what) or (one.table and not subject.on_existing(one)):
            continue
        for name in _names(one):
            yield _problem(one, what, name)


def _problem(one: Operation, what: str, name: str) -> Problem:
    words = _SPELLED.get(what, what)
    done = f"DROP {words}" if what != "TRUNCATE" else what
    also = "drops what depends on it" if what != "TRUNCATE" else "empties what depends on it"
    return Problem(
        f"{done} {name} CASCADE also {also}: {_TAKES[what]}. Which those are depends on the "
        "database that it runs in.",
        f"Name what else shall go, and write {done} {name} without CASCADE: PostgreSQL then "
        "refuses where something was forgotten.",
        one.line,
        one.column,
    )


def _cascades(one: Operation, what: str) -> bool:
    named = one.kind in _FORMS or one.kind == "TRUNCATE" or one.kind.startswith("DROP ")
    if not named or what not in _TAKES:
        return False
    return objects.enum_name(one.node, "behavior") == "DROP_CASCADE"


def _names(one: Operation) -> Iterable[str]:
    if one.kind in _FORMS:
        return (f"{one.spelled}.{one.node.name}",)
    if one.table:
        return (one.spelled,)
    return _own(one)


def _own(one: Operation) -> Iterable[str]:
    """Return the name of the one object that this operation of the statement is about."""
    same = _spelled(one.node)
    return same if len(same) == 1 else (", ".join(same),)


def _spelled(node: Any) -> list[str]:
    return [".".join(objects.name_path(item)) for item in node.objects]


RULE = Rule(
    name="data/cascade",
    severity=Severity.CRITICAL,
    summary="DROP or TRUNCATE ... CASCADE takes along what the migration does not name.",
    why=(
        "CASCADE follows every dependency of the database it runs in. In production that may be a "
        "report's view or a column that the developer's database never had."
    ),
    instead="Drop the dependents by name, then the object without CASCADE.",
    check=_check,
    bad=(
        Example("DROP TABLE orders CASCADE;\n"),
        Example("DROP TYPE sales.mood CASCADE;\n"),
        Example("DROP FUNCTION IF EXISTS total(int) CASCADE;\n"),
        Example("ALTER TABLE orders DROP COLUMN total CASCADE;\n"),
        Example("TRUNCATE orders CASCADE;\n"),
        Example("DROP SERVER warehouse CASCADE;\n"),
    ),
    good=(
        Example("TRUNCATE orders, lines;\n"),
        Example("DROP VIEW totals;\nDROP TABLE orders;\n"),
        Example("CREATE TABLE draft (id int);\nDROP TABLE draft CASCADE;\n"),
        Example("DROP TRIGGER touch ON orders CASCADE;\n"),
    ),
    replaces=(
        "squawk/ban-drop-function",
        "squawk/ban-drop-type",
        "squawk/ban-truncate-cascade",
    ),
)
