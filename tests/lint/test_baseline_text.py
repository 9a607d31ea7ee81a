"""The text of a baseline: what it holds, what is refused, and which finding an entry knows."""

import json
from dataclasses import replace

import pytest

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint import baseline, codes
from migrate_hooks.lint.baseline import Entry
from migrate_hooks.lint.waived import KNOWN
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.outside.files import FileText

PATH = "migrations/20260102030405_old.sql"
HEAD = '{"migrate-hooks-baseline": 1}\n'
SQL = "-- Up\nCREATE INDEX a ON t (a); -- first\nDROP TABLE u;\n-- Down\nSELECT 1;\n"


def finding(code: str, line: int, column: int = 1, path: str = PATH) -> Finding:
    return Finding(code, Severity.CRITICAL, "m.", FilePlace(path, line, column), "h", "x")


def entries(sql: str, *found: Finding) -> tuple[Entry, ...]:
    return baseline.recorded(found, {PATH: FileText(PATH, sql)})


def hidden(before: str, now: str, line: int, code: str = "locks/index-build") -> int:
    """Return how many findings at `line` of `now` are known from line 2 of `before`."""
    known = entries(before, finding(code, 2))
    return baseline.match([finding(code, line)], {PATH: FileText(PATH, now)}, known).hidden


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (SQL, 2),
        (SQL.replace("CREATE", "SELECT 7;\n\n\nCREATE"), 5),
        (SQL.replace("CREATE INDEX a ON", "create index a /* new */\n  ON"), 2),
        (SQL.replace("\n", "\r\n"), 2),
        ("DROP TABLE u;\nCREATE INDEX a ON t (a);\n", 2),
    ],
)
def test_a_statement_that_moves_is_known(now: str, line: int) -> None:
    assert hidden(SQL, now, line) == 1


@pytest.mark.parametrize(
    "now",
    [
        SQL.replace("ON t", "ON v"),
        SQL.replace("CREATE", "CREATE UNIQUE"),
        SQL.replace("(a)", '("A")'),
    ],
)
def test_a_statement_that_changes_is_not(now: str) -> None:
    assert hidden(SQL, now, 2) == 0


def test_another_path_or_code_is_not_known() -> None:
    texts = {path: FileText(path, SQL) for path in (PATH, "migrations/other.sql")}
    known = entries(SQL, finding("locks/rewrite", 2))
    others = [
        finding("locks/index-build", 2),
        finding("locks/rewrite", 2, 1, "migrations/other.sql"),
    ]
    assert baseline.match(others, texts, known).hidden == 0


def test_a_copy_of_a_known_statement_is_new() -> None:
    now = SQL.replace("DROP TABLE u", "CREATE INDEX a ON t (a)")
    known = entries(SQL, finding("locks/index-build", 2))
    found = [finding("locks/index-build", line) for line in (2, 3)]
    seen = baseline.match(found, {PATH: FileText(PATH, now)}, known)
    assert [one.code for one in seen.findings] == [KNOWN, "locks/index-build"]


@pytest.mark.parametrize(
    ("code", "survives_sql", "survives_comment"),
    [
        ("naming/file-name", True, True),
        ("order/out-of-order", True, True),
        ("order/edited", False, True),
        ("sections/down-missing", False, True),
    ],
)
def test_what_is_about_the_file_is_known_while_that_stays(
    code: str, survives_sql: bool, survives_comment: bool
) -> None:
    assert hidden(SQL, SQL.replace("SELECT 1", "SELECT 2"), 2, code) == survives_sql
    assert hidden(SQL, f"-- words\n{SQL}", 2, code) == survives_comment


def test_a_hidden_finding_is_an_info_that_still_says_it_all() -> None:
    known = entries(SQL, finding("locks/rewrite", 2))
    (one,) = baseline.match(
        [finding("locks/rewrite", 2)], {PATH: FileText(PATH, SQL)}, known
    ).findings
    assert (one.code, one.severity, one.hint) == (KNOWN, Severity.INFO, "h")
    assert one.message == "locks/rewrite is in the baseline: m."


def test_what_nobody_is_shown_or_nothing_may_hide_is_not_recorded() -> None:
    told = finding("locks/rewrite", 2)
    for one in (
        replace(told, severity=Severity.INFO),
        replace(told, place=None),
        replace(told, place=ObjectPlace("dev", "table", "t")),
        *(replace(told, code=code) for code in (*codes.NEVER, "waiver/unused")),
    ):
        assert entries(SQL, one) == ()
    assert len(entries(SQL, told)) == 1


def test_the_text_is_sorted_one_finding_a_line_and_reads_back() -> None:
    strange = Entry('migrations/a "b"\nü\udce9.sql', "locks/rewrite", "")
    known = (strange, *entries(SQL, finding("b/b", 3), finding("a/a", 3), finding("a/a", 2)))
    text = baseline.dump(known)
    rows = text.splitlines()
    assert text.isascii()
    assert rows[0] == HEAD.strip()
    assert len(rows) == 1 + len(known)
    assert all(json.loads(row) for row in rows)
    assert baseline.parse(text, "b") == tuple(sorted(known))
    assert baseline.dump(reversed(known)) == text


def test_lines_of_both_sides_of_a_merge_are_one_baseline() -> None:
    ours, theirs = (baseline.dump(entries(SQL, finding(one, 2))) for one in ("a/a", "b/b"))
    both = ours + theirs.splitlines()[1] + "\n"
    assert [one.code for one in baseline.parse(both, "b")] == ["a/a", "b/b"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("[]\n", "is no baseline"),
        ("import os\n", "is no baseline"),
        ("[" * 100_000, "is no baseline"),
        ('{"migrate-hooks-baseline": 2}\n', "format 2, and this version reads 1"),
        (f"{HEAD}nonsense\n", "line 2 of b is no finding"),
        (f'{HEAD}{{"path": "a", "code": "b/c"}}\n', "line 2 of b is no finding"),
        (f'{HEAD}{{"path": 1, "code": "b/c", "statement": ""}}\n', "line 2 of b is no finding"),
        (f"{HEAD}<<<<<<< HEAD\n", "line 2 of b is a mark of a merge conflict"),
        (f"{HEAD}=======\n", "line 2 of b is a mark of a merge conflict"),
        (
            f'{HEAD}{{"path": "a", "code": "structure/syntax", "statement": ""}}\n',
            "hides structure/syntax, which no baseline may",
        ),
    ],
)
def test_what_is_no_baseline_is_refused_with_help(text: str, words: str) -> None:
    with pytest.raises(ConfigProblem) as caught:
        baseline.parse(text, "b")
    assert words in caught.value.message
    assert len(caught.value.message) < 200
    assert caught.value.hint[0].isupper()
