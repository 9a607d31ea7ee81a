"""A name that running code uses is taken away."""

from collections.abc import Iterable

from migrate_hooks.lint import replaced_names
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_RELATIONS = {
    "TABLE": "table",
    "VIEW": "view",
    "MATVIEW": "materialized view",
    "FOREIGN_TABLE": "foreign table",
}
# Code names them, too, but rarely, or the file does not tell whether anybody does yet.
_RARER = {
    "FUNCTION": "function",
    "PROCEDURE": "procedure",
    "ROUTINE": "routine",
    "AGGREGATE": "aggregate",
    "TYPE": "type",
    "DOMAIN": "domain",
    "SEQUENCE": "sequence",
    "ATTRIBUTE": "attribute",
}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "SET SCHEMA":
            yield from _moved(subject, one)
        elif one.kind == "AlterEnumStmt" and one.node.old_val:
            yield _label(one)
        elif one.kind.startswith("RENAME "):
            yield from _renamed(subject, one, one.kind.removeprefix("RENAME "))


def _moved(subject: Subject, one: Operation) -> Iterable[Problem]:
    if one.table and (not subject.on_existing(one) or replaced_names.comes_back(subject, one)):
        return
    path = objects.name_path(one.node.object) if one.node.HasField("object") else []
    old, schema = one.spelled or ".".join(path), one.node.newschema
    new = f"{schema}.{one.table or path[-1]}"
    yield Problem(
        f"SET SCHEMA moves {old} to {new}: code that runs at that moment looks for {old} and "
        "fails, until the last server has been deployed.",
        f"Leave a view {old} of {new} behind in the same migration, and drop it when no code "
        "reads it."
        if one.table
        else f"Create {new} beside {old}, switch the code and drop {old} later.",
        one.line,
        one.column,
        None if one.table else Severity.WARNING,
    )


def _label(one: Operation) -> Problem:
    kind, old, new = (
        ".".join(objects.name_path(one.node.type_name)),
        one.node.old_val,
        one.node.new_val,
    )
    return Problem(
        f"The value '{old}' of {kind} is called '{new}' from now on: code that still writes or "
        f"compares '{old}' fails, until the last server has been deployed.",
        f"Add the value '{new}' beside '{old}', switch the code and update the rows in batches.",
        one.line,
        one.column,
        Severity.WARNING,
    )


def _renamed(subject: Subject, one: Operation, what: str) -> Iterable[Problem]:
    if what in _RELATIONS and _is_used(subject, one):
        back = replaced_names.comes_back(subject, one)
        if back is None:
            yield _gone(one, _RELATIONS[what])
        elif back.kind != "CREATE VIEW":
            yield _swapped(one, back)
    elif what == "COLUMN" and _is_used(subject, one):
        yield _column(one)
    elif (what in _RARER or what == "SCHEMA") and not _is_replaced(subject, one):
        yield _other(one, what)


def _is_replaced(subject: Subject, one: Operation) -> bool:
    return replaced_names.is_made_here(subject, one) or _is_created_again(subject, one)


def _is_created_again(subject: Subject, one: Operation) -> bool:
    """Return whether a function of the same name takes the renamed one's place."""
    path = objects.name_path(one.node.object) if one.node.HasField("object") else []
    later = subject.operations[subject.operations.index(one) :]
    made = (each.node for each in later if each.kind == "CreateFunctionStmt")
    return any(objects.name_path(node.funcname)[-1:] == path[-1:] for node in made)


def _is_used(subject: Subject, one: Operation) -> bool:
    return subject.on_existing(one) and not replaced_names.is_view_made_here(subject, one)


def _gone(one: Operation, what: str) -> Problem:
    return Problem(
        f"The {what} {one.spelled} is called {one.node.newname} from now on: code that runs at "
        f"that moment asks for {one.spelled} and fails, until the last server has been deployed.",
        f"Leave a view {one.spelled} of {one.node.newname} behind in the same migration, and drop "
        "it when no code reads it.",
        one.line,
        one.column,
    )


def _swapped(one: Operation, back: Operation) -> Problem:
    return Problem(
        f"Another table becomes {one.spelled} in line {back.line}. Foreign keys, views, triggers, "
        f"policies and grants stay with the old one, which is {one.node.newname} now.",
        f"Create them on the new {one.spelled} in the same transaction, and point foreign keys of "
        f"other tables to it.",
        one.line,
        one.column,
        Severity.WARNING,
    )


def _column(one: Operation) -> Problem:
    old, new = one.node.subname, one.node.newname
    return Problem(
        f"The column {old} of {one.spelled} is called {new} from now on: code that runs at that "
        f"moment asks for {old} and fails, until the last server has been deployed.",
        f"Add {new} beside {old}, keep both in step, switch the code and drop {old} later "
        "(`migrate-hooks new NAME --template rename-column` writes the first step).",
        one.line,
        one.column,
    )


def _other(one: Operation, what: str) -> Problem:
    path = objects.name_path(one.node.object) if one.node.HasField("object") else []
    old = one.spelled or ".".join(path) or one.node.subname
    old = f"{old}.{one.node.subname}" if what == "ATTRIBUTE" else old
    word = _RARER.get(what, "schema")
    return Problem(
        f"The {word} {old} is called {one.node.newname} from now on: code that still says {old} "
        "fails, and so do bodies of functions that name it.",
        f"Create {one.node.newname} beside {old}, switch the code and drop {old} later.",
        one.line,
        one.column,
        Severity.CRITICAL if what == "SCHEMA" else Severity.WARNING,
    )


RULE = Rule(
    name="data/rename",
    severity=Severity.CRITICAL,
    summary="A table, view or column that running code uses gets another name or schema.",
    why=(
        "A migration and the code that fits to it never go live in the same moment. Between the "
        "two, every query that asks for the old name fails. A view with the old name, or a second "
        "column, serves both."
    ),
    instead="Keep the old name alive until no code uses it.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders RENAME TO purchases;\n"),
        Example('ALTER TABLE IF EXISTS ONLY shop.orders RENAME COLUMN "No" TO number;\n'),
        Example("ALTER VIEW totals RENAME TO sums;\n"),
        Example("ALTER VIEW totals RENAME COLUMN a TO b;\n"),
        Example("ALTER MATERIALIZED VIEW totals RENAME TO sums;\n"),
        Example("ALTER SCHEMA shop RENAME TO store;\n"),
        Example("ALTER TABLE orders SET SCHEMA archive;\n"),
        Example("ALTER FUNCTION total(int) RENAME TO sum_of;\n"),
        Example("ALTER FUNCTION total(int) SET SCHEMA private;\n"),
        Example("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';\n"),
        Example("ALTER TYPE address RENAME ATTRIBUTE zip TO postcode;\n"),
        Example("ALTER TABLE orders RENAME TO o;\nALTER TABLE orders_new RENAME TO orders;\n"),
    ),
    good=(
        Example("CREATE TYPE mood_2 AS ENUM ('a');\nALTER TYPE mood_2 RENAME TO mood;\n"),
        Example("ALTER INDEX orders_idx RENAME TO orders_state_idx;\n"),
        Example("ALTER TABLE orders RENAME CONSTRAINT a TO b;\n"),
        Example("ALTER TYPE mood ADD VALUE 'blue';\n"),
        Example("ALTER TRIGGER touch ON orders RENAME TO touched;\n"),
        Example("ALTER POLICY mine ON orders RENAME TO own;\n"),
        Example("ALTER TABLE orders RENAME TO o;\nCREATE VIEW orders AS SELECT * FROM o;\n"),
        Example("CREATE TABLE orders (a int);\nALTER TABLE orders RENAME a TO b;\n"),
        Example("CREATE TABLE orders (a int);\nALTER TABLE orders RENAME TO purchases;\n"),
        Example(
            "ALTER FUNCTION total(int) RENAME TO old_total;\n"
            "CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql RETURN n;\n"
        ),
        Example("CREATE VIEW totals AS SELECT 1 AS a;\nALTER VIEW totals RENAME TO sums;\n"),
        Example("CREATE TABLE orders (a int);\nALTER TABLE orders SET SCHEMA archive;\n"),
    ),
    replaces=(
        "squawk/renaming-table",
        "squawk/renaming-column",
        "squawk/renaming-object",
        "squawk/ban-set-schema",
    ),
)
