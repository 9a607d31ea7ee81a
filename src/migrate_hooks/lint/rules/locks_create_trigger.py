"""CREATE TRIGGER on a table in use."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "CREATE TRIGGER" and subject.on_existing(one):
            yield Problem(
                f"CREATE TRIGGER {one.node.trigname} takes a SHARE ROW EXCLUSIVE lock on "
                f"{one.spelled}: every INSERT, UPDATE and DELETE on it waits until the migration "
                "is done.",
                f"Keep everything slow out of this migration, or move {one.node.trigname} to one "
                "of its own.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="locks/create-trigger",
    severity=Severity.INFO,
    summary="A trigger is created on a table that is in use.",
    why=(
        "The lock itself is short, but it waits for every transaction that is writing to the "
        "table, and the transaction keeps it until its end."
    ),
    instead="Create the trigger in a short migration.",
    check=_check,
    bad=(Example("CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();\n"),),
    good=(
        Example(
            "CREATE TABLE orders (id bigint);\n"
            "CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();\n"
        ),
        Example("DROP TRIGGER t ON orders;\n"),
    ),
)
