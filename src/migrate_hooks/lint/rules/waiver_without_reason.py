"""A waiver that does not say why."""

from collections.abc import Iterable

from migrate_hooks.lint import waivers
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for waiver in waivers.read(subject):
        if waiver.codes and not waiver.reason:
            named = ", ".join(waiver.codes)
            yield Problem(
                f"The waiver of {named} gives no reason, so it waives nothing.",
                f"Say why it is safe here: `-- migrate-hooks: ignore {named} because ...`.",
                waiver.line,
                waiver.column,
            )


_ROW = "CREATE TABLE orders (id bigint PRIMARY KEY);\n"

RULE = Rule(
    name="waiver/without-reason",
    severity=Severity.WARNING,
    summary="A waiver does not say why, so it does not count.",
    why=(
        "Whoever reads the waiver in a year cannot ask. The reason is what a reviewer judges, and "
        "what tells later whether it still holds."
    ),
    instead="End the line with `because` and the reason.",
    check=_check,
    bad=(
        Example("-- migrate-hooks: ignore sections/down-missing\n\n" + _ROW),
        Example("-- migrate-hooks: ignore sections/down-missing because\n\n" + _ROW),
        Example("-- migrate-hooks: ignore sections/down-missing it is a draft\n\n" + _ROW),
    ),
    good=(
        Example("-- migrate-hooks: ignore sections/down-missing because it is a draft\n\n" + _ROW),
    ),
)
