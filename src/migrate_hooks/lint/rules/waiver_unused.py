"""A waiver that waives nothing."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(_subject: Subject, _context: Context) -> Iterable[Problem]:
    """Return nothing: `lint.suppress` says it, when every other rule and engine has spoken."""
    return ()


_ROW = "CREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN: irreversible because of a test\n"

RULE = Rule(
    name="waiver/unused",
    severity=Severity.WARNING,
    summary="A waiver waives nothing.",
    why=(
        "It stands for a danger that is gone or was never there, and it will silently wave through "
        "the next one."
    ),
    instead="Delete it, or move it to where the finding is.",
    check=_check,
    bad=(
        Example("-- migrate-hooks: ignore sections/order because DOWN is short\n\n" + _ROW),
        Example(_ROW + "-- migrate-hooks: ignore sections/* because nothing follows\n"),
    ),
    good=(
        Example(
            "-- migrate-hooks: ignore sections/down-missing because it is a draft\n\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        ),
    ),
)
