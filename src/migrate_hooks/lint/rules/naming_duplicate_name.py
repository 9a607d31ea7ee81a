"""Two migrations that have the same words in their names."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import called


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    words = _words(subject.path)
    twins = [
        called(one.path)
        for one in context.files
        if one.version != subject.version and _words(one.path) == words
    ]
    if subject.is_new and subject.version is not None and words and twins:
        yield Problem(
            f"{called(subject.path)} is called like {max(twins)}: a name without its "
            "version, as people type and say it, does not tell the two apart.",
            "Say in the new file's name what only it does; if it is a copy that was left behind, "
            "delete one of the two.",
        )


def _words(path: str) -> str:
    return called(path).removesuffix(".sql").partition("_")[2]


RULE = Rule(
    name="naming/duplicate-name",
    severity=Severity.INFO,
    summary="Two migrations have the same words behind different versions.",
    why=(
        "It runs, but `apply NAME` has to ask which one is meant, and a renumbered file whose old "
        "copy was left behind looks just like this."
    ),
    instead="Name a migration after what it changes, with the table and the column.",
    check=_check,
    bad=(
        Example("SELECT 1;", known=("migrations/20260102030401_add_orders.sql",)),
        Example("SELECT 1;", others=(("migrations/20260102030401_add_orders.sql", "SELECT 1;"),)),
    ),
    good=(
        Example("SELECT 1;", known=("migrations/20260102030401_add_order.sql",)),
        Example("SELECT 1;"),
    ),
    needs_text=False,
)
