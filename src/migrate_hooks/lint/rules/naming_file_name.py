"""A file name that says when and what."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from migrate_hooks.lint import names
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    name = PurePosixPath(subject.path).name
    if names.is_file_name(name):
        return
    if not subject.is_new:
        yield Problem(
            f"{name} is not named YYYYMMDDHHMMSS_snake_case.sql; ledgers already know its version.",
            "Leave it as it is: under another name it would count as a new migration.",
            severity=Severity.WARNING,
        )
        return
    better = names.corrected(name)
    yield Problem(f"{name} {_reason(name)}.", _hint(subject.path, better))


def _reason(name: str) -> str:
    digits = name[:14]
    if digits.isascii() and digits.isdigit() and names.moment(digits) is None:
        return f"starts with {digits}, and the calendar has no such time"
    return "is not named YYYYMMDDHHMMSS_snake_case.sql, so its place in the order is a guess"


def _hint(path: str, better: str) -> str:
    if better.startswith("Y"):
        return f"Rename it to {better}, with the present UTC time in front."
    return f"Rename it to {PurePosixPath(path).with_name(better)}."


RULE = Rule(
    name="naming/file-name",
    severity=Severity.CRITICAL,
    summary="A migration's file is not named YYYYMMDDHHMMSS_snake_case.sql.",
    why=(
        "The digits are the migration's version: files run in their order, and ledgers remember "
        "them. A name without a real time has no certain place in that order."
    ),
    instead="Let `migrate-hooks new` name the file, or write 14 digits, an underscore and words.",
    check=_check,
    bad=(
        Example("SELECT 1;", path="migrations/add_users.sql"),
        Example("SELECT 1;", path="migrations/20260230101010_add_users.sql"),
        Example("SELECT 1;", path="migrations/20260101101010_AddUsers.sql"),
        Example("SELECT 1;", path="migrations/20260101_add-users.sql"),
        Example("SELECT 1;", path="migrations/--help.sql"),
    ),
    good=(Example("SELECT 1;", path="migrations/20240229235959_add_users_2.sql"),),
    needs_text=False,
)
