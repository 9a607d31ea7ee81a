"""An index over half the table."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import index
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity

_MOST = 4


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "CREATE INDEX":
            continue
        found = index(one.node)
        name = found.name or f"on {one.spelled}"
        if found.method == "hash":
            yield Problem(
                f"The index {name} is a hash index: it answers only =, cannot be unique and "
                "cannot sort.",
                f"Use btree, the default, for {name}.",
                one.line,
                one.column,
            )
        elif found.method == "btree" and len(found.columns) > _MOST and not found.is_unique:
            yield Problem(
                f"The index {name} has {len(found.columns)} columns: every write to {one.spelled} "
                "keeps it up to date, and queries rarely use more than the first few.",
                f"Keep the columns of {name} that conditions start with; put others in INCLUDE.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="schema/wide-index",
    severity=Severity.WARNING,
    summary="An index has more than four columns, or is a hash index.",
    why="Wide indexes cost every write and serve few queries; hash indexes serve only equality.",
    instead="Index what conditions start with.",
    check=_check,
    bad=(
        Example("CREATE INDEX CONCURRENTLY wide ON orders (a, b, c, d, e);\n"),
        Example("CREATE INDEX CONCURRENTLY hashed ON orders USING hash (a);\n"),
    ),
    good=(
        Example("CREATE INDEX CONCURRENTLY narrow ON orders (a, b) INCLUDE (c, d, e);\n"),
        Example("CREATE UNIQUE INDEX CONCURRENTLY one ON orders (a, b, c, d, e);\n"),
    ),
    opt_in=True,
)
