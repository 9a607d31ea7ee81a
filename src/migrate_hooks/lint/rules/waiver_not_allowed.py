"""A waiver of what cannot be waived."""

from collections.abc import Iterable

from migrate_hooks.lint import codes, waivers
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for waiver in waivers.read(subject):
        for code in waiver.codes:
            if codes.is_never(code):
                yield Problem(
                    f"{code} cannot be waived: {codes.why_never(code)}.",
                    f"Take {code} out of this line and correct what it reports.",
                    waiver.line,
                    waiver.column,
                )


_NEVER = ", ".join(f"`{code}`" for code in sorted(codes.NEVER))

RULE = Rule(
    name="waiver/not-allowed",
    severity=Severity.WARNING,
    summary="A waiver names a code that cannot be waived.",
    why=f"These stay, whatever the reason, and so does all that waivers themselves do: {_NEVER}.",
    instead="Correct what the finding reports.",
    check=_check,
    bad=(
        Example(
            "-- migrate-hooks: ignore structure/syntax because the server is patched\n\n"
            "CREATE TABEL orders (id bigint);\n"
        ),
        Example(
            "-- migrate-hooks: ignore waiver/unused because it may come back\n\nSELECT 1;\n",
        ),
    ),
    good=(
        Example(
            "-- migrate-hooks: ignore structure/empty because it holds a place\n\n-- nothing yet\n"
        ),
    ),
)
