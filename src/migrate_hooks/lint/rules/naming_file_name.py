"""A file name that says when and what."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from migrate_hooks.lint import names
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity

# What Prisma's own instructions call the migration that stands for a database's beginning.
_BEGINNING = "0_init"


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    place, ending = _own_place(subject)
    name = place.name.removesuffix(ending)
    if names.is_file_name(f"{name}.sql") or (not ending and name == _BEGINNING):
        return
    form = f"is not named YYYYMMDDHHMMSS_snake_case{ending}"
    if not subject.is_new:
        yield Problem(
            f"{place.name} {form}; ledgers already know its version.",
            "Leave it as it is: under another name it would count as a new migration.",
            severity=Severity.WARNING,
        )
        return
    better = names.corrected(f"{name}.sql").removesuffix(".sql") + ending
    yield Problem(f"{place.name} {_reason(name) or form + _GUESS}.", _hint(place, better))


def _own_place(subject: Subject) -> tuple[PurePosixPath, str]:
    """Return what names the migration, its file or the folder that it is, and how that ends."""
    place = PurePosixPath(subject.path)
    is_folder = subject.version is not None and subject.version.text == place.parent.name
    return (place.parent, "") if is_folder else (place, ".sql")


_GUESS = ", so its place in the order is a guess"


def _reason(name: str) -> str:
    """Return what is wrong with the digits, or ""."""
    digits = name[:14]
    if digits.isascii() and digits.isdigit() and names.moment(digits) is None:
        return f"starts with {digits}, and the calendar has no such time"
    return ""


def _hint(place: PurePosixPath, better: str) -> str:
    if better.startswith("Y"):
        return f"Rename it to {better}, with the present UTC time in front."
    return f"Rename it to {place.with_name(better)}."


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
        Example("SELECT 1;", layout="prisma", path="m/20260101_add-users/migration.sql"),
    ),
    good=(
        Example("SELECT 1;", path="migrations/20240229235959_add_users_2.sql"),
        Example("SELECT 1;", layout="prisma", path="m/20240229235959_add_users/migration.sql"),
        Example("SELECT 1;", layout="prisma", path="m/0_init/migration.sql"),
    ),
    needs_text=False,
)
