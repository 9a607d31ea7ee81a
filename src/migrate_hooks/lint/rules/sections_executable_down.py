"""A DOWN that the repository's own tool would run right after UP."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    if not context.down_in_comments:
        return
    for found in subject.code_below_down():
        yield Problem(
            f"{found.verb} {found.target}".strip()
            + " stands below DOWN as plain SQL. The Supabase "
            "CLI runs the whole file, so it would undo the migration right after applying it.",
            "Put `-- ` in front of every line of DOWN; it is read from there when it is needed.",
            found.line,
            found.column,
        )
        return


RULE = Rule(
    name="sections/executable-down",
    severity=Severity.CRITICAL,
    summary="In the supabase layout DOWN is not commented out.",
    why="`supabase db push` knows no sections: it runs every statement of the file, DOWN too.",
    instead="Comment every line of DOWN out; migrate-hooks reads it from the comments.",
    check=_check,
    bad=(
        Example(
            "-- Up\nCREATE TABLE orders (id bigint);\n-- Down\nDROP TABLE orders;\n",
            layout="supabase",
        ),
    ),
    good=(
        Example(
            "-- Up\nCREATE TABLE orders (id bigint);\n-- Down\n-- DROP TABLE orders;\n",
            layout="supabase",
        ),
        Example("-- Up\nCREATE TABLE orders (id bigint);\n-- Down\nDROP TABLE orders;\n"),
    ),
)
