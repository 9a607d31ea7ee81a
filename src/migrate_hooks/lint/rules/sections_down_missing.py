"""No DOWN, and no reason for it."""

from collections.abc import Iterable
from shlex import quote

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    sections = subject.sections
    if context.down is None or sections.down is not None or sections.waiver_line is not None:
        return
    undo = f"what undoes {subject.first_words()}"
    if context.down_in_comments:
        undo += ", each line behind `-- `"
    yield Problem(
        "There is no DOWN section, so nothing says how to undo this migration.",
        f"Add `-- DOWN Migration` and {undo}, or let it be written: `migrate-hooks new "
        f"{quote(subject.path)} --down-from-up`; or say why nothing can: "
        "`-- DOWN: irreversible because ...`.",
        subject.last_line,
        severity=context.down,
    )


_UP = "-- UP Migration\nCREATE TABLE orders (id bigint PRIMARY KEY);\n"

RULE = Rule(
    name="sections/down-missing",
    severity=Severity.CRITICAL,
    summary="A migration has no DOWN section and does not say why.",
    why=(
        "At night, with a broken release, the way back must already be written. It is critical in "
        "the sections layout, a warning where the repository's own tool has no DOWN; "
        '`down = "required"` or `"optional"` under [lint] decides otherwise.'
    ),
    instead="Write DOWN together with UP, or a line that says why there cannot be one.",
    check=_check,
    bad=(
        Example(_UP),
        Example(_UP, layout="supabase"),
        Example(_UP, layout="supabase", down="required"),
    ),
    good=(
        Example(_UP + "-- DOWN Migration\nDROP TABLE orders;\n"),
        Example(_UP + "-- DOWN: irreversible because the old rows are kept nowhere\n"),
        Example(_UP, down="optional"),
        Example(_UP + "-- DOWN Migration\n-- DROP TABLE orders;\n", layout="supabase"),
    ),
)
