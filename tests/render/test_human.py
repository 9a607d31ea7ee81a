"""What people read: true, in a fixed order, and ending with its verdict."""

import re
from dataclasses import replace

import pytest

from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.render.base import Style
from migrate_hooks.render.formats.human import FORMAT
from tests.render.reports import (
    APPLY,
    CLEAN,
    CONFIG,
    DRIFT,
    LINT,
    REFUSED,
    REPORTS,
    STATUS,
    hostile,
)

PIPE = Style()
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def human(report: Report, style: Style = PIPE) -> str:
    return FORMAT.render(report, style)


def verdict(report: Report, style: Style = PIPE) -> str:
    return human(report, style).splitlines()[-1]


def test_lint_puts_each_finding_on_a_line_of_its_own_under_its_place() -> None:
    assert human(LINT) == (
        "migrations/b.sql:1:1  warning  name/case  Not snake case.\n"
        "migrations/b.sql:9:1  critical  down/missing  There is no DOWN section.\n"
        "    → Write one.\n"
        "\n"
        "1 critical, 1 warning  (1 info hidden, see --verbose)\n"
    )


def test_lint_on_a_terminal_puts_the_message_under_the_place() -> None:
    assert human(LINT, Style(width=60)).splitlines()[2:5] == [
        "migrations/b.sql:9:1  critical  down/missing",
        "    There is no DOWN section.",
        "    → Write one.",
    ]


def test_info_is_shown_when_asked_for() -> None:
    shown = human(LINT, Style(verbose=True))
    assert shown.startswith("migrations/a.sql:4:7  info  style/LT01  Two spaces.\n\n")
    assert shown.endswith("\n1 critical, 1 warning\n")


def test_status_is_a_table_for_each_environment() -> None:
    assert human(STATUS) == (
        "dev: 1 applied, 1 pending\n"
        "     state    version         name         applied at\n"
        "  ✓  applied  20260101000000  core_schema  2026-01-01 10:00:00+00\n"
        "  •  pending  20260102030405  add_orders\n"
        "\n"
        "staging: 0 applied, 0 pending, 1 unknown, 1 changed, 1 out-of-order\n"
        "     state                version         name\n"
        "  ?  unknown              20260103000000  日本\n"
        "  !  out-of-order         20260102030405  add_orders\n"
        "  !  changed (text only)  20260101000000  core_schema\n"
        "\n"
        "prod: 0 applied, 0 pending, 1 failed, 1 renumbered\n"
        "     state                            version         name\n"
        "  ✗  failed                           20260101000000  core_schema\n"
        "  =  renumbered (was 20260103000000)  20260102030405  add_orders\n"
        "\n"
        "production  critical  database/unreachable  "
        "Nothing listens on db.example:5432.\n"
        "    → Start it.\n"
        "\n"
        "dev is localhost:5432/app (DATABASE_URL_DEV in .env.dev).\n"
        "\n"
        "NOT CHECKED: production (1 critical)\n"
    )


def test_apply_shows_its_steps_and_its_sql_as_it_is() -> None:
    assert human(APPLY) == (
        "staging: 3 migrations\n"
        "     step          file\n"
        "  ✓  up applied    migrations/20260102030405_add_orders.sql\n"
        "  ✗  up failed     migrations/20260103000000_index_orders.sql  outside a transaction\n"
        "  -  down not-run  migrations/20260101000000_core_schema.sql\n"
        "\n"
        "BEGIN;\nSELECT\t1;\nCOMMIT;\n"
        "\n"
        "failed\n"
    )


def test_drift_shows_the_worst_first_and_both_values() -> None:
    assert human(DRIFT) == (
        "WARNING\n"
        '  ~ column public."Order items".qty  differs\n'
        "      type: integer on source, bigint on target\n"
        "      default: (none) on source, 0 on target\n"
        "  ~ view public.v  differs\n"
        "      definition, - on source, + on target:\n"
        "      @@ -1,3 +1,3 @@\n"
        "       SELECT a,\n"
        "      -  b\n"
        "      +  c\n"
        "       FROM t\n"
        "  + function public.f(integer)  only on target\n"
        "\n"
        "EXPLAINED\n"
        "  - table public.orders  missing on target "
        "(migrations/20260102030405_add_orders.sql)\n"
        "\n"
        # What a pending migration explains is listed and does not count.
        "3 warnings  (1 info hidden, see --verbose)\n"
    )


def test_a_listing_is_a_table_and_no_verdict_on_anything() -> None:
    assert human(CONFIG) == (
        "Effective configuration\n"
        "  key         value        from\n"
        "  migrations  migrations/  default\n"
        "  lint.down   auto         default\n"
        "\n"
        "done\n"
    )


def test_what_stopped_an_action_is_its_verdict_and_stands_there_once() -> None:
    assert human(REFUSED) == (
        "refused: production is protected, and 2 migrations would run there.\n"
        "    → Add --force when that is what you want.\n"
    )


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (CLEAN, "clean"),
        (replace(CLEAN, findings=LINT.findings[1:2]), "clean: 1 warning"),
        (replace(CLEAN, findings=LINT.findings[2:]), "clean  (1 info hidden, see --verbose)"),
        (replace(CLEAN, action="apply"), "done"),
        (replace(CLEAN, action="config show"), "done"),
        (Report("apply", Outcome.PARTIAL, Exit.PARTIAL), "PARTIAL OR UNKNOWN"),
        (Report("drift", Outcome.UNCHECKED, Exit.UNCHECKED), "NOT CHECKED"),
        (Report("drift", Outcome.FINDINGS, Exit.FINDINGS), "findings"),
    ],
)
def test_the_verdict_says_how_it_ended(report: Report, line: str) -> None:
    assert verdict(report) == line


def test_not_checked_names_each_environment_once() -> None:
    finding = Finding("c", Severity.CRITICAL, "m", ObjectPlace("dev", "environment", "a"))
    other = replace(finding, place=ObjectPlace("test", "environment", "a"))
    report = Report("status", Outcome.UNCHECKED, Exit.UNCHECKED, findings=(finding, finding, other))
    assert verdict(report) == "NOT CHECKED: dev, test (3 critical)"


def test_an_environment_that_answered_is_not_called_not_checked() -> None:
    silent = Finding("c", Severity.WARNING, "m", ObjectPlace("dev", "environment", "dev"))
    unknown = replace(silent, place=ObjectPlace("test", "version", "20260101000000"))
    report = Report("status", Outcome.UNCHECKED, Exit.UNCHECKED, findings=(unknown, silent))
    assert verdict(report) == "NOT CHECKED: dev (2 warnings)"


def test_a_hook_that_found_nothing_is_not_called_clean_as_well() -> None:
    passes = replace(CLEAN, action="hook pre-push", notes=("dev (branch dev): passes",))
    assert human(passes) == "dev (branch dev): passes\n"
    assert verdict(replace(passes, findings=LINT.findings[1:2])) == "clean: 1 warning"


def test_an_environment_is_named_once_where_it_is_what_the_finding_is_about() -> None:
    place = ObjectPlace("staging", "environment", "staging")
    finding = Finding("environment/no-dsn", Severity.WARNING, "No DSN.", place)
    shown = human(replace(CLEAN, findings=(finding,)))
    assert shown.startswith("staging  warning  environment/no-dsn  No DSN.\n")


@pytest.mark.parametrize("outcome", [each for each in Outcome if each != Outcome.CLEAN])
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_only_clean_is_called_clean(report: Report, outcome: Outcome) -> None:
    said = human(replace(report, outcome=outcome))
    assert "clean" not in said
    assert "done" not in said


@pytest.mark.parametrize("width", [0, 30, 80])
@pytest.mark.parametrize("color", [False, True])
def test_hostile_names_are_escaped_wherever_they_stand(width: int, color: bool) -> None:
    said = human(hostile(), Style(color=color, verbose=True, width=width))
    text = ANSI.sub("", said) if color else said
    assert not set(text) & set("\x1b\x07\x9b\x7f\u202e\u200b\u2066\ud800\r")
    assert r"a\x1b[2J\x07\x9b31m\x7f\u202eb" in text


@pytest.mark.parametrize("report", [LINT, APPLY, DRIFT, CONFIG, REFUSED])
def test_ascii_is_enough(report: Report) -> None:
    assert human(report, Style(unicode=False)).isascii()


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_colour_adds_nothing_but_colour(report: Report) -> None:
    painted = human(report, Style(color=True))
    assert painted != human(report)
    assert ANSI.sub("", painted) == human(report)


def test_long_sentences_hang_under_their_beginning() -> None:
    message = "CREATE INDEX on public.orders blocks writes until the index is built."
    report = replace(CLEAN, findings=(replace(LINT.findings[0], message=message),))
    shown = human(report, Style(width=44)).splitlines()
    assert shown[1:3] == [
        "    CREATE INDEX on public.orders blocks",
        "    writes until the index is built.",
    ]
    assert max(map(len, shown)) <= 44
