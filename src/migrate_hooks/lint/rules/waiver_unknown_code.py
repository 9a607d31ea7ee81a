"""A waiver of something that no finding is called."""

from collections.abc import Iterable

from migrate_hooks.lint import codes, waivers
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity

_LIST = "`migrate-hooks rule --list` shows every code."


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for waiver in waivers.read(subject):
        if not waiver.codes:
            yield Problem(
                "The waiver names no code, so it waives nothing.",
                f"Name what it waives: `-- migrate-hooks: ignore CODE because ...`; {_LIST}",
                waiver.line,
                waiver.column,
            )
        for code in waiver.codes:
            if not codes.is_known(code):
                yield Problem(
                    f"No finding is called {code}, so it waives nothing.",
                    _hint(code),
                    waiver.line,
                    waiver.column,
                )


def _hint(code: str) -> str:
    meant = codes.nearest(code)
    return f"Write {meant} if that is meant; {_LIST}" if meant else f"Correct it; {_LIST}"


_ROW = "CREATE TABLE orders (id bigint PRIMARY KEY);\n"

RULE = Rule(
    name="waiver/unknown-code",
    severity=Severity.CRITICAL,
    summary="A waiver names a code that does not exist.",
    why=(
        "Whoever wrote it believes that something is waived and decided. After a typing error, or "
        "a rule that got another name, nothing is."
    ),
    instead="Name the code that the finding shows, or a whole room such as `sections/*`.",
    check=_check,
    bad=(
        Example("-- migrate-hooks: ignore sections/down-mising because it is a draft\n" + _ROW),
        Example("-- migrate-hooks: ignore because it is a draft\n" + _ROW),
    ),
    good=(
        Example("-- migrate-hooks: ignore sections/* because it is a draft\n\n" + _ROW),
        Example("SELECT '-- migrate-hooks: ignore nothing/at-all because it is a text';\n"),
    ),
)
