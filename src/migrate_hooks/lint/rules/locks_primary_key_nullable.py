"""PRIMARY KEY USING INDEX over columns that may hold NULL."""

from collections.abc import Iterable

from migrate_hooks.lint import not_null, past
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
        when = past.at(subject.version, one)
        columns = context.past.indexed(one.key[0], index, when)
        states = {each: context.past.is_required(one.key, each, when) for each in columns}
        nullable = [column for column, state in states.items() if state is False]
        if nullable:
            yield _scanned(one, ", ".join(nullable))
        elif not states or None in states.values():
            yield _unsure(one, index)


def _scanned(one: Operation, columns: str) -> Problem:
    return Problem(
        f"PRIMARY KEY makes {columns} of {one.spelled} NOT NULL, which no migration has done yet: "
        f"every row is looked through under an ACCESS EXCLUSIVE lock, and nobody reads or writes "
        f"{one.spelled} meanwhile.",
        f"Prove it first: CHECK ({columns} IS NOT NULL) NOT VALID, then VALIDATE in a migration "
        f"before this one, then SET NOT NULL."
        if ", " not in columns
        else f"Prove it first, for each of {columns}: CHECK (... IS NOT NULL) NOT VALID, then "
        "VALIDATE in a migration before this one, then SET NOT NULL.",
        one.line,
        one.column,
        Severity.CRITICAL,
    )


def _unsure(one: Operation, index: str) -> Problem:
    return Problem(
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
        "are NOT NULL already is not in the file; where an older migration of the folder tells "
        "that one is not, the finding is critical, and where it tells that all are, there is none."
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
