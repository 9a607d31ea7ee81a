"""DROP SCHEMA ... CASCADE, DROP DATABASE, DROP OWNED BY: everything at once."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_PLACES = {
    "DROP SCHEMA": "in it, and what uses them elsewhere",
    "DropOwnedStmt": "of that role",
}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    made: set[str] = set()
    told: set[tuple[int, int]] = set()
    for one in subject.operations:
        if one.kind == "CreateSchemaStmt":
            made.add(one.node.schemaname)
        elif (one.line, one.column) not in told:
            told.add((one.line, one.column))
            for what in _dropped(one, made):
                where = _PLACES.get(one.kind, "in it")
                yield Problem(
                    f"{what} loses every table, row, view and function {where}, and code that uses "
                    "any of them fails at once.",
                    "Drop what shall go by name, table by table, when no code uses it any more and "
                    "a backup has been taken.",
                    one.line,
                    one.column,
                )


def _dropped(one: Operation, made: set[str]) -> Iterator[str]:
    if one.kind == "DROP SCHEMA" and objects.enum_name(one.node, "behavior") == "DROP_CASCADE":
        names = (".".join(objects.name_path(item)) for item in one.node.objects)
        yield from (f"DROP SCHEMA {name} CASCADE" for name in names if name not in made)
    elif one.kind == "DropdbStmt":
        yield f"DROP DATABASE {one.node.dbname}"
    elif one.kind == "DropOwnedStmt":
        roles = ", ".join(objects.unwrapped(role)[1].rolename for role in one.node.roles)
        yield f"DROP OWNED BY {roles}"


RULE = Rule(
    name="data/drop-schema",
    severity=Severity.CRITICAL,
    summary="A schema with all its tables, a database, or all that a role owns is dropped.",
    why=(
        "One line takes everything, and which tables that are depends on the database it runs in. "
        "Without CASCADE PostgreSQL drops a schema only when it is empty, which loses nothing."
    ),
    instead="Drop tables by name, then the empty schema without CASCADE.",
    check=_check,
    bad=(
        Example("DROP SCHEMA shop CASCADE;\n"),
        Example("-- migrate-hooks: no-transaction\nDROP DATABASE shop;\n"),
        Example("DROP OWNED BY reporting;\n"),
    ),
    good=(
        Example("DROP SCHEMA shop;\n"),
        Example("CREATE SCHEMA draft;\nDROP SCHEMA draft CASCADE;\n"),
        Example("REASSIGN OWNED BY reporting TO admin;\n"),
    ),
    replaces=("squawk/ban-drop-schema", "squawk/ban-drop-database"),
)
