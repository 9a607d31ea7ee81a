"""DROP INDEX on what is a constraint."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_BACKED = frozenset({"CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"})


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    constraints: set[str] = set()
    seen = set()
    for one in subject.operations:
        constraints.update(_made(one))
        if one.kind != "DROP INDEX" or one.statement in seen:
            continue
        seen.add(one.statement)
        for path in map(objects.name_path, one.node.objects):
            if path[-1].endswith("_pkey") or path[-1] in constraints:
                name = ".".join(path)
                yield Problem(
                    f"{name} is the index of a constraint of the same name: PostgreSQL refuses to "
                    "drop it while the constraint is there.",
                    f"Write ALTER TABLE ... DROP CONSTRAINT {path[-1]}, which drops the index, "
                    "too.",
                    one.line,
                    one.column,
                )


def _made(one: Operation) -> Iterator[str]:
    """Yield the names of constraints with an index of their own that an operation makes."""
    if one.kind == "ALTER TABLE AddConstraint":
        nodes = [objects.unwrapped(getattr(one.node, "def"))[1]]
    elif one.kind == "CREATE TABLE":
        parts = (objects.unwrapped(each)[1] for each in one.node.table_elts)
        nodes = [each for each in parts if each.DESCRIPTOR.name == "Constraint"]
    else:
        nodes = []
    for each in nodes:
        if objects.enum_name(each, "contype") in _BACKED and each.conname:
            yield each.conname


RULE = Rule(
    name="data/drop-constraint-index",
    severity=Severity.CRITICAL,
    summary="DROP INDEX names an index that belongs to a constraint.",
    why="The server refuses: the index can only go with its constraint.",
    instead="Drop the constraint.",
    check=_check,
    bad=(
        Example("DROP INDEX orders_pkey;\n"),
        Example(
            "ALTER TABLE orders ADD CONSTRAINT one_each UNIQUE USING INDEX orders_number;\n"
            "DROP INDEX one_each;\n"
        ),
    ),
    good=(
        Example("DROP INDEX CONCURRENTLY orders_number;\n"),
        Example("ALTER TABLE orders DROP CONSTRAINT one_each;\n"),
        Example(
            "DROP INDEX one_each;\nALTER TABLE orders ADD CONSTRAINT one_each UNIQUE (number);\n"
        ),
    ),
)
