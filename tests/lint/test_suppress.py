"""Waivers: what they cover, what they need, and what becomes of the findings they take away."""

from typing import Any

import pytest

from migrate_hooks.lint import codes, waived
from migrate_hooks.lint.hazards import RULES
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import process, squawk
from tests.lint.world import lint, places

SAFETY = LintSettings(style=False, down="optional")
IGNORE = "-- migrate-hooks: ignore"
DROP = "data/drop-table"
OLD = f"{IGNORE} {DROP} because nothing has read it since May\n"


def found(sql: str, **words: Any) -> list[tuple[str, int]]:
    """Return (code, line) of all findings for one file."""
    return [(code, line) for code, line, _ in places(lint(sql, lint=SAFETY, **words))]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"SELECT 1;\n{OLD}DROP TABLE t;\n", [(waived.APPLIED, 3)]),
        (f"SELECT 1;\n{OLD}-- why\n\nDROP TABLE t;\n", [(waived.APPLIED, 5)]),
        (f"{OLD}DROP TABLE t;\nDROP TABLE u;\n", [(waived.APPLIED, 2), (DROP, 3)]),
        (f"SELECT 1;\n{OLD}DROP TABLE t; DROP TABLE u;\n", [(waived.APPLIED, 3), (DROP, 3)]),
        (f"{OLD}\nDROP TABLE t;\nDROP TABLE u;\n", [(waived.APPLIED, 3), (waived.APPLIED, 4)]),
        (f"{OLD}-- Up\nDROP TABLE t;\nDROP TABLE u;\n", [(waived.APPLIED, n) for n in (3, 4)]),
        (f"-- Up\n{OLD}DROP TABLE t;\nDROP TABLE u;\n", [(waived.APPLIED, 3), (DROP, 4)]),
        (f"DROP TABLE t; {OLD}", [(waived.APPLIED, 1)]),
        (f"DROP TABLE\n  {OLD}  t;\n", [(waived.APPLIED, 1)]),
        (f"{OLD.replace(DROP, 'data/*')}DROP TABLE t;\n", [(waived.APPLIED, 2)]),
        (f"{OLD.upper().replace(DROP.upper(), DROP)}DROP TABLE t;\n", [(waived.APPLIED, 2)]),
        (f"{OLD}DROP TABLE t;\n".replace("\n", "\r\n"), [(waived.APPLIED, 2)]),
        (f"SELECT $$ {OLD} $$;\nDROP TABLE t;\n", [(DROP, 3)]),
    ],
)
def test_a_waiver_covers_its_statement_or_in_the_head_the_file(
    sql: str, expected: list[tuple[str, int]]
) -> None:
    assert found(sql) == expected


def test_a_waived_finding_is_an_info_with_the_reason_and_is_counted() -> None:
    findings = lint(f"{OLD}DROP TABLE t;\n", lint=SAFETY)
    (one,) = findings
    assert one.severity is Severity.INFO
    assert f"{DROP} is waived, because nothing has read it since May: DROP TABLE t" in one.message
    assert waived.count(findings).startswith("1 finding waived")
    assert waived.count(findings * 2).startswith("2 findings waived")
    assert waived.count(()) == ""


@pytest.mark.parametrize(
    ("comment", "codes_found"),
    [
        (f"{IGNORE} {DROP}", ["waiver/without-reason", DROP]),
        (f"{IGNORE} {DROP} because", ["waiver/without-reason", DROP]),
        (f"{IGNORE} {DROP} it is old", ["waiver/without-reason", DROP]),
        (f"{IGNORE} data/drop-tabel because of age", ["waiver/unknown-code", DROP]),
        (f"{IGNORE} because of age", ["waiver/unknown-code", DROP]),
        (
            f"{IGNORE} {DROP}, order/out-of-order because of age",
            ["waiver/unused", waived.APPLIED],
        ),
        (f"{IGNORE} {DROP},nothing/here because of age", ["waiver/unknown-code", waived.APPLIED]),
        (f"{IGNORE} sqlfluff/LT01 because style is off here", [DROP]),
        (f"{IGNORE} waiver/unused because of age", ["waiver/not-allowed", DROP]),
    ],
)
def test_what_a_waiver_needs(comment: str, codes_found: list[str]) -> None:
    assert [code for code, _ in found(f"SELECT 1;\n{comment}\nDROP TABLE t;\n")] == codes_found


@pytest.mark.parametrize(
    "comment",
    [
        "-- squawk-ignore require-concurrent-index-creation",
        "-- squawk-ignore ban-drop-table, require-concurrent-index-creation",
        "-- squawk-ignore",
        "-- squawk-ignore-file require-concurrent-index-creation",
        f"{IGNORE} squawk/require-concurrent-index-creation because t is small",
        f"{IGNORE} locks/index-build because t is small",
    ],
)
def test_a_rule_of_ours_obeys_what_waives_the_finding_that_it_replaces(comment: str) -> None:
    sql = f"SELECT 1;\n{comment}\nCREATE INDEX i ON t (a);\n"
    assert found("CREATE INDEX i ON t (a);\n") == [("locks/index-build", 1)]
    assert found(sql) == [(waived.APPLIED, 3)]


def test_the_hint_of_a_loss_shows_the_line_that_waives_it() -> None:
    (ours,) = lint("TRUNCATE t;\n", lint=SAFETY)
    assert f"`{IGNORE} data/truncate because ...`" in ours.hint
    (theirs,) = lint("DROP FUNCTION f();\n", lint=SAFETY)
    waiver = f"`{IGNORE} squawk/ban-drop-function because ...`"
    assert f"{waiver} (or `-- squawk-ignore ban-drop-function`)" in theirs.hint


def test_what_must_stay_stays() -> None:
    sql = f"{IGNORE} structure/* because the server is patched\n\nCREATE TABEL t (a int);\n"
    assert found(sql) == [("structure/syntax", 3)]


def test_an_excluded_code_needs_no_waiver_and_idle_waivers_may_be_excluded() -> None:
    words = {"style": False, "down": "optional"}
    sql = f"SELECT 1;\n{OLD}DROP TABLE t;\n"
    excluded = LintSettings(**words, exclude_rules=(DROP, "squawk/*"))  # type: ignore[arg-type]
    assert lint(sql, lint=excluded) == ()
    quiet = LintSettings(**words, exclude_rules=("waiver/unused",))  # type: ignore[arg-type]
    assert lint(f"{OLD}SELECT 1;\n", lint=quiet) == ()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("data/drop-tabel", DROP),
        ("squawk/drop-table", DROP),
        ("sections/syntax", "structure/syntax"),
        ("section/*", "sections/*"),
        ("completely different", ""),
    ],
)
def test_a_misspelt_code_is_recognised(word: str, meant: str) -> None:
    assert not codes.is_known(word)
    assert codes.nearest(word) == meant


def test_every_rule_of_squawk_is_known_by_the_name_that_squawk_knows() -> None:
    program = squawk.find_program()
    done = process.run([program, "--exclude", ",".join(RULES), "--version"], timeout=20)
    assert (done.code, done.stderr) == (0, b"")
    wrong = process.run([program, "--exclude", "no-such-rule", "--version"], timeout=20)
    assert wrong.code != 0
