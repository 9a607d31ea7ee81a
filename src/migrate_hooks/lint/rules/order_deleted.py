"""A migration that the target branch has already, deleted or renamed."""

from collections.abc import Iterable
from shlex import quote

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import called


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    name = called(subject.path)
    there = f"{name} is on {context.target} already, and this change"
    ours, moved = subject.migration, context.shared.moved.get(subject.path)
    if ours is None or moved is None:
        revision = quote(context.shared.revision)
        yield Problem(
            f"{there} deletes it. Databases that have run it know a version that no file explains, "
            "and fresh ones lack what it made.",
            f"Restore it: git checkout {revision} -- {quote(subject.path)}. To take back what it "
            "does, write a new migration.",
        )
        return
    back = f"Rename it back: git mv {quote(moved.path)} {quote(subject.path)}"
    renamed = f"{there} renames it to {called(moved.path)}"
    if moved.version != ours.version:
        yield Problem(
            f"{renamed}. Under another version it is a new migration: databases that have run it "
            "would run it a second time.",
            back,
        )
    elif moved.checksum != ours.checksum:
        yield Problem(
            f"{renamed} and edits its UP. Databases that have run that version do not run it "
            "again, so they and fresh ones end up with different schemas.",
            f"{back}, restore its text and write the change as a new migration.",
        )
    else:
        yield Problem(
            f"{renamed}. Its version stays, so it does not run again; ledgers keep the old name.",
            back,
            severity=Severity.WARNING,
        )


_OLD = "migrations/20260102030401_add_users.sql"
_TEXT = "CREATE TABLE users (id bigint);\n"
_RELEASED = ((_OLD, _TEXT),)

RULE = Rule(
    name="order/deleted",
    severity=Severity.CRITICAL,
    summary="A migration that the target branch has already is deleted or renamed.",
    why=(
        "Ledgers know it by its version. Without the file they hold a version that nothing "
        "explains, and a fresh database is built without it; under another version it runs twice. "
        "Other words behind the same version are a warning."
    ),
    instead="Leave released files where they are; take back what one does with a new migration.",
    check=_check,
    bad=(
        Example("SELECT 1;\n", before=_RELEASED),
        Example(_TEXT, before=_RELEASED),
        Example(_TEXT, path="migrations/20260102030401_create_users.sql", before=_RELEASED),
        Example("SELECT 2;\n", path="migrations/20260102030401_create_users.sql", before=_RELEASED),
    ),
    good=(
        Example("SELECT 1;\n", known=(_OLD,)),
        Example("SELECT 1;\n", path=_OLD, known=(_OLD,), before=_RELEASED),
    ),
    needs_text=False,
    about_gone=True,
)
