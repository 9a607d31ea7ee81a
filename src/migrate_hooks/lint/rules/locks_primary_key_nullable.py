"""PRIMARY KEY USING INDEX over columns that may hold NULL."""

from collections.abc import Iterable

from migrate_hooks.lint import not_null
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_SETTLED = frozenset({"ALTER TABLE SetNotNull", "ALTER TABLE DropConstraint"})


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    done = subject.operations
    for one in done:
        index = _index(one)
        if not index or not subject.on_existing(one):
            continue
        proved = any(table == one.key for table, _ in context.neighbours.proved)
        if proved or any(other.kind in _SETTLED and other.key == one.key for other in done):
            continue
        yield Problem(
            f"PRIMARY KEY makes every column of {index} NOT NULL. One that is not yet has to be "
            f"looked through under an ACCESS EXCLUSIVE lock on {one.spelled}: nobody reads or "
            "writes it meanwhile.",
            f"Look with \\d {one.spelled}: where a column of {index} is nullable, prove it first "
            "with a CHECK (... IS NOT NULL) NOT VALID and VALIDATE in a migration before this one.",
            one.line,
            one.column,
        )


def _index(one: Operation) -> str:
    if one.kind != "ALTER TABLE AddConstraint":
        return ""
    found = not_null.constraint(one)
    return found.indexname if objects.enum_name(found, "contype") == "CONSTR_PRIMARY" else ""


_KEY = "ALTER TABLE orders ADD PRIMARY KEY USING INDEX orders_id_key;\n"

RULE = Rule(
    name="locks/primary-key-nullable",
    severity=Severity.WARNING,
    summary="A primary key takes over an index whose columns may be nullable.",
    why=(
        "USING INDEX spares the build of the index, not the search for NULLs. Whether the columns "
        "are NOT NULL already is not in the file."
    ),
    instead="Make the columns NOT NULL first, by way of a validated check.",
    check=_check,
    bad=(Example(_KEY),),
    good=(
        Example("ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX orders_id_key;\n"),
        Example("ALTER TABLE orders VALIDATE CONSTRAINT id_not_null;\n" + _KEY),
        Example(_KEY + "ALTER TABLE orders DROP CONSTRAINT id_not_null;\n"),
        Example("CREATE TABLE orders (id bigint);\n" + _KEY),
    ),
)
