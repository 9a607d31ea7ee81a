"""The real sqlfluff: the repository's rules, no file too large, nothing left behind."""

import gc
from pathlib import Path

import pytest

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.outside.sqlfluff import Style

MIXED = "SELECT 1;\nselect 2;\n"


def codes(style: Style, text: str, path: str = "migrations/a.sql") -> set[str]:
    return {one.code for one in style.lint(path, text)}


def test_mixed_keyword_case_is_found_in_its_place(tmp_path: Path) -> None:
    found = [(one.code, one.line, one.column) for one in Style(tmp_path).lint("a.sql", MIXED)]
    assert found == [("CP01", 2, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "create table t (a int,b text);\n",
        "CREATE TABLE t (\n  a int\n, b text\n);\n",
        "CREATE INDEX i ON t(a);\n",
        'ALTER TABLE "Users" ADD COLUMN "createdAt" timestamptz DEFAULT NOW();\n',
        "SELECT '{{a,b}}'::text[];\n",
    ],
)
def test_reasonable_styles_are_left_alone(tmp_path: Path, text: str) -> None:
    assert codes(Style(tmp_path), text) == set()


def test_a_file_over_20000_bytes_is_read(tmp_path: Path) -> None:
    text = "INSERT INTO t (a) VALUES (1);\n" * 1_000 + "select 1;\n"
    assert [one.line for one in Style(tmp_path).lint("a.sql", text)] == [1_001]


def test_the_repositorys_own_rules_decide(tmp_path: Path) -> None:
    (tmp_path / ".sqlfluff").write_text(
        "[sqlfluff]\nrules = LT05\nmax_line_length = 20\ntemplater = jinja\n"
    )
    long = "SELECT 'a rather long line';\nselect '{{a}}';\n"
    assert codes(Style(tmp_path), long) == {"LT05"}


def test_a_folders_own_configuration_is_nearer(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / ".sqlfluff").write_text("[sqlfluff]\nexclude_rules = CP01\n")
    style = Style(tmp_path)
    assert codes(style, MIXED, "migrations/a.sql") == set()
    assert codes(style, MIXED, "elsewhere/a.sql") == {"CP01"}


def test_a_folder_that_only_the_commit_has_is_no_obstacle(tmp_path: Path) -> None:
    assert codes(Style(tmp_path), MIXED, "gone/migrations/a.sql") == {"CP01"}


def test_a_persons_private_configuration_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".sqlfluff").write_text("[sqlfluff]\nexclude_rules = CP01\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    repository = tmp_path / "repository"
    repository.mkdir()
    assert codes(Style(repository), MIXED) == {"CP01"}


def test_what_it_cannot_read_is_marked(tmp_path: Path) -> None:
    found = Style(tmp_path).lint("a.sql", "SELECT 1;\nALTER VIEW v SET (security_invoker = on);\n")
    assert [(one.line, one.unread) for one in found] == [(2, True)]


@pytest.mark.parametrize(
    "text",
    [
        "[sqlfluff\n",
        "[sqlfluff]\nrules\n",
        "[sqlfluff:rules:capitalisation.keywords]\ncapitalisation_policy = loud\n",
    ],
)
def test_a_broken_configuration_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / ".sqlfluff").write_text(text)
    with pytest.raises(ConfigProblem, match="sqlfluff refuses its configuration"):
        Style(tmp_path).lint("a.sql", MIXED)


def test_garbage_collection_is_on_again(tmp_path: Path) -> None:
    Style(tmp_path).lint("a.sql", MIXED)
    assert gc.isenabled()
