"""A new migration that is older than what its environment already has."""

from collections.abc import Iterable
from shlex import quote

from migrate_hooks.lint import names
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import Version, called


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    version, newest = subject.version, context.newest
    if not subject.is_new or version is None or newest is None or not version < newest.version:
        return
    there = f" on {context.target}" if context.target else ""
    yield Problem(
        f"{called(subject.path)} is new but older than "
        f"{called(newest.path)}, the newest migration{there}. Databases that have that "
        "one would run this one after it, fresh ones before it.",
        _hint(subject.path, version, newest.version),
    )


def _hint(path: str, mine: Version, newest: Version) -> str:
    name = called(path)
    if names.moment(newest.digits) is None or not mine.digits or not name.startswith(mine.digits):
        return "Give it a later time in its name."
    here = path[: path.rindex(name)]
    moved = here + name.replace(mine.digits, names.after(newest.digits), 1)
    return f"Give it a later time: git mv {quote(here + name)} {quote(moved)}"


_RELEASED = ("migrations/20260102030406_add_users.sql",)

RULE = Rule(
    name="order/out-of-order",
    severity=Severity.CRITICAL,
    summary="A new migration is older than the newest one on the target branch.",
    why=(
        "Two branches were made side by side and the other one was merged first. Its databases "
        "have already gone past this version, so the order differs from one database to the next."
    ),
    instead="Rename the new file so that it is the newest.",
    check=_check,
    bad=(Example("SELECT 1;", known=_RELEASED),),
    good=(
        Example("SELECT 1;", known=("migrations/20260102030404_add_users.sql",)),
        Example("SELECT 1;"),
    ),
    needs_text=False,
)
