"""UP first, then DOWN, each once."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    markers = subject.sections.markers
    seen: dict[str, int] = {}
    for marker in markers:
        name = marker.kind.upper()
        if marker.kind in seen:
            yield Problem(
                f"{name} stands here a second time; the first is in line {seen[marker.kind]}.",
                f"Keep one {name} section and move its statements together.",
                marker.line,
                marker.column,
            )
        elif marker.kind == "up" and "down" in seen:
            yield Problem(
                f"UP stands below DOWN, which starts in line {seen['down']}.",
                "Move UP with its statements above DOWN.",
                marker.line,
                marker.column,
            )
        seen.setdefault(marker.kind, marker.line)


RULE = Rule(
    name="sections/order",
    severity=Severity.CRITICAL,
    summary="DOWN stands before UP, or a section stands there twice.",
    why=(
        "People and other tools read a migration from top to bottom; a second section is easily "
        "taken for part of the first, and its statements run in the wrong direction."
    ),
    instead="One UP section, then one DOWN section.",
    check=_check,
    bad=(
        Example("-- DOWN Migration\nSELECT 2;\n-- UP Migration\nSELECT 1;\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n-- Up\nSELECT 3;\n"),
        Example("-- Up\nSELECT 1;\n-- Up\nSELECT 3;\n-- Down\nSELECT 2;\n"),
    ),
    good=(
        Example("-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n"),
        Example("-- Up\nSELECT $$\n-- Up\n$$;\n-- Down\nSELECT 2;\n"),
    ),
)
