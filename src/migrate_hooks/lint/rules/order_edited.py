"""A migration that the target branch has already, edited."""

from collections.abc import Iterable, Sequence
from shlex import quote

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import Migration, Script, Statement, called
from migrate_hooks.sql.checksum import checksum


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    ours, versions = subject.migration, context.shared.before.get(subject.path, ())
    if ours is None or not versions:
        return
    name = called(subject.path)
    there = f"{name} is on {context.target} already, and this change edits"
    restore = f"git checkout {quote(context.shared.revision)} -- {quote(subject.path)}"
    if all(one.checksum != ours.checksum for one in versions):
        line, column = _first_difference(ours, versions[0])
        yield Problem(
            f"{there} its UP. Databases that have run it do not run it again, so they and fresh "
            "ones end up with different schemas.",
            f"Restore it ({restore}) and write the change as a new migration: "
            "`migrate-hooks new NAME`.",
            line,
            column,
        )
    elif all(_sum(one.down) != _sum(ours.down) for one in versions):
        yield Problem(
            f"{there} its DOWN. What it takes back was made by the UP that stands: nobody has "
            "proved that this DOWN fits it.",
            f"Run UP and DOWN once on a scratch database, or restore it: {restore}",
            severity=Severity.WARNING,
        )
    else:
        yield Problem(
            f"{there} only comments or white space. It is the same migration here; a tool that "
            "sums up whole files would call it modified.",
            f"Keep it if the comment is worth it, or restore it: {restore}",
            severity=Severity.INFO,
        )


def _sum(script: Script | None) -> str:
    return checksum(script.text) if script else ""


def _first_difference(ours: Migration, theirs: Migration) -> tuple[int, int]:
    """Return where the first statement stands that is not the same, or the file's start."""
    old = [checksum(one.text) for one in theirs.up.statements]
    place = _first_new(ours.up.statements, old)
    return (place.line, place.column) if place else (1, 1)


def _first_new(statements: Sequence[Statement], old: Sequence[str]) -> Statement | None:
    for number, one in enumerate(statements):
        if number >= len(old) or checksum(one.text) != old[number]:
            return one
    return None


_PATH = "migrations/20260102030405_add_orders.sql"
_TEXT = "-- Up\nCREATE TABLE orders (id bigint);\n-- Down\nDROP TABLE orders;\n"

RULE = Rule(
    name="order/edited",
    severity=Severity.CRITICAL,
    summary="A migration that the target branch has already is edited.",
    why=(
        "Whoever has that branch has run it, or will before this change arrives. A ledger "
        "remembers that a version ran, not what it said: the edit reaches fresh databases and no "
        "others. An edited DOWN is a warning, comments and white space are an info."
    ),
    instead="Leave released files alone and write the next migration.",
    check=_check,
    bad=(
        Example(
            _TEXT.replace("bigint", "uuid"),
            known=(_PATH,),
            before=((_PATH, _TEXT),),
        ),
        Example(
            _TEXT.replace("-- Down", "CREATE INDEX ON orders (id);\n-- Down"),
            known=(_PATH,),
            before=((_PATH, _TEXT),),
        ),
        Example(
            _TEXT.replace("DROP TABLE", "DROP TABLE IF EXISTS"),
            known=(_PATH,),
            before=((_PATH, _TEXT),),
        ),
        Example(f"-- Customers' orders\n{_TEXT}", known=(_PATH,), before=((_PATH, _TEXT),)),
    ),
    good=(Example(_TEXT, known=(_PATH,)), Example(_TEXT)),
)
