"""Two files that claim the same version."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import called


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for twin in context.files:
        if twin.version == subject.version and twin.path != subject.path:
            yield Problem(
                f"{called(subject.path)} and {called(twin.path)} have the "
                f"same version {twin.version.text}: a ledger has one row for it, so only one of "
                "the two would ever run.",
                f"Give one of them a later time: rename {_younger(subject.path, twin.path)}, if it "
                "was not applied anywhere.",
            )


def _younger(one: str, other: str) -> str:
    return called(max(one, other))


_TWINS = "migrations/20260102030405_add_users.sql"

RULE = Rule(
    name="naming/duplicate-version",
    severity=Severity.CRITICAL,
    summary="Two migrations have the same version.",
    why=(
        "A ledger remembers versions. Once the first file is applied, the second one looks applied "
        "too and never runs."
    ),
    instead="Give the file that was not applied yet a later time.",
    check=_check,
    bad=(
        Example("SELECT 1;", others=((_TWINS, "SELECT 2;"),)),
        Example("SELECT 1;", known=(_TWINS,)),
    ),
    good=(Example("SELECT 1;", known=("migrations/20260102030404_add_users.sql",)),),
    needs_text=False,
)
