"""Where PostgreSQL stopped reading, counted in the file as it is."""

import pytest

from migrate_hooks.model.settings import LintSettings
from tests.lint.world import lint, places

ONLY_RULES = LintSettings(style=False, safety=False, down="optional")


@pytest.mark.parametrize(
    ("layout", "text", "place"),
    [
        ("sections", "-- Up\nSELECT 1;\n  SELEC 2;\n", (3, 3)),
        ("sections", "\ufeffSELEC 2;\n", (1, 1)),
        ("sections", "SELECT 'é';\r\nSELECT 'é' FRM t x;\r\n", (2, 16)),
        ("sections", "-- Up\nSELECT 1;\n-- Down\n\n DROP TABEL t;\n", (5, 7)),
        ("supabase", "-- Up\nSELECT 1;\n-- Down\n\n -- DROP TABLE t u;\n", (5, 18)),
        ("supabase", "-- Up\nSELECT 1;\n-- Down\n/*\nDROP TABLE t u;\n*/\n", (5, 14)),
        ("sections", "SELECT 1;\nSELECT 'never closed;\n", (2, 8)),
    ],
)
def test_the_place_is_true(layout: str, text: str, place: tuple[int, int]) -> None:
    found = lint(text, layout=layout, lint=ONLY_RULES)
    assert places(found) == [("structure/syntax", *place)]


def test_up_and_down_are_each_reported() -> None:
    found = lint("-- Up\nSELEC 1;\n-- Down\nSELEC 2;\n", lint=ONLY_RULES)
    assert [one.message for one in found] == [
        'PostgreSQL cannot read UP: syntax error at or near "SELEC".',
        'PostgreSQL cannot read DOWN: syntax error at or near "SELEC".',
    ]


@pytest.mark.parametrize(
    ("down", "layout", "severity"),
    [
        ("auto", "sections", "critical"),
        ("auto", "supabase", "warning"),
        ("required", "supabase", "critical"),
        ("optional", "sections", None),
    ],
)
def test_the_weight_of_a_missing_down(down: str, layout: str, severity: str | None) -> None:
    words = LintSettings(style=False, safety=False, down=down)
    found = lint("-- Up\nSELECT 1;\n", layout=layout, lint=words)
    assert [str(one.severity) for one in found] == ([severity] if severity else [])
