"""CREATE INDEX CONCURRENTLY IF NOT EXISTS, which takes a broken index for a good one."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    dropped: set[str] = set()
    for one in subject.operations:
        dropped |= _dropped(one)
        if one.kind != "CREATE INDEX" or not (one.node.concurrent and one.node.if_not_exists):
            continue
        name = one.node.idxname
        if name not in dropped:
            yield Problem(
                f"A build of {name} on {one.spelled} that fails leaves an INVALID index of that "
                "name behind. IF NOT EXISTS takes it for done: the next run succeeds, and no query "
                f"will ever use {name}.",
                f"Delete IF NOT EXISTS, or write DROP INDEX CONCURRENTLY IF EXISTS {name} above it "
                "(in a file with `-- migrate-hooks: no-transaction`).",
                one.line,
                one.column,
            )


def _dropped(one: Operation) -> set[str]:
    if one.kind != "DROP INDEX":
        return set()
    return {path[-1] for item in one.node.objects if (path := objects.name_path(item))}


_BUILD = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON orders (a);\n"

RULE = Rule(
    name="locks/concurrently-if-not-exists",
    severity=Severity.WARNING,
    summary="IF NOT EXISTS accepts the INVALID index that a failed concurrent build left.",
    why=(
        "A concurrent build can fail half-way: a duplicate, a deadlock, a timeout. What it leaves "
        "costs every write and serves no read, and IF NOT EXISTS asks only for its name."
    ),
    instead="Drop the index first if it exists, then build it without IF NOT EXISTS.",
    check=_check,
    bad=(Example(_BUILD),),
    good=(
        Example("CREATE INDEX CONCURRENTLY i ON orders (a);\n"),
        Example(
            "-- migrate-hooks: no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS i;\n" + _BUILD
        ),
        Example("CREATE TABLE orders (a int);\nCREATE INDEX IF NOT EXISTS i ON orders (a);\n"),
    ),
)
