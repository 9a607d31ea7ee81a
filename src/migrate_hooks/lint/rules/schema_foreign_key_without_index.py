"""A foreign key that makes every DELETE of the other table read this one."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import columns, constraints, indexed, place_of
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    done = subject.operations
    new = {(one.key, column.colname) for one in done for column in columns(one)}
    for one in done:
        for key in constraints(one):
            if key.kind != "foreign key" or (one.key, key.columns[0]) not in new:
                continue  # an old column may have its index for years
            if not any(
                set(found[: len(key.columns)]) == set(key.columns)
                for found in indexed(done, one.key)
            ):
                names = ", ".join(key.columns)
                line, column = place_of(one, key.node)
                yield Problem(
                    f"The foreign key on {one.spelled} ({names}) has no index: every DELETE or "
                    f"change of a key in {key.node.pktable.relname} reads all of {one.spelled}.",
                    f"Create an index on {one.spelled} ({names}).",
                    line,
                    column,
                )


_COLUMN = "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders{});\n"

RULE = Rule(
    name="schema/foreign-key-without-index",
    severity=Severity.WARNING,
    summary="A foreign key on new columns has no index.",
    why=(
        "PostgreSQL makes no index for the referencing side. Each DELETE on the referenced table "
        "looks for rows that point to it, and holds its locks that long."
    ),
    instead="Create an index that starts with the key's columns.",
    check=_check,
    bad=(
        Example(_COLUMN.format("")),
        Example("ALTER TABLE lines ADD COLUMN order_id bigint REFERENCES orders;\n"),
        Example(_COLUMN.format("") + "CREATE INDEX ON lines (id, order_id);\n"),
    ),
    good=(
        Example(_COLUMN.format("") + "CREATE INDEX ON lines (order_id);\n"),
        Example(_COLUMN.format(" UNIQUE")),
        Example("ALTER TABLE lines ADD FOREIGN KEY (order_id) REFERENCES orders;\n"),
        Example(
            "CREATE TABLE lines (a int, b int, PRIMARY KEY (a, b), "
            "FOREIGN KEY (b, a) REFERENCES orders);\n"
        ),
    ),
    opt_in=True,
)
