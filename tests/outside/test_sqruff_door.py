"""The real sqruff: true places, no options from file names, the repository's own configuration."""

from pathlib import Path

import pytest

from migrate_hooks.errors import ConfigProblem, Failure, ToolMissing
from migrate_hooks.outside import process, sqruff

MIXED = "SELECT 1 from t;\n"


def codes(root: Path, path: str, text: str) -> list[tuple[str, int, int]]:
    return [(one.code, one.line, one.column) for one in sqruff.begin(root, {path: text})()[path]]


def test_places_count_characters_from_one(tmp_path: Path) -> None:
    assert codes(tmp_path, "a.sql", "SELECT\n'é€𝄞' from t;\n") == [("CP01", 2, 7)]


@pytest.mark.parametrize(
    "path", ["--help.sql", "-c", "*.sql", "../out.sql", "/etc/x.sql", "é\n.sql"]
)
def test_a_hostile_name_is_a_name(tmp_path: Path, path: str) -> None:
    found = sqruff.begin(tmp_path, {path: MIXED, "plain/b.sql": "SELECT 1;\n"})()
    assert [one.code for one in found[path]] == ["CP01"]
    assert found["plain/b.sql"] == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".sqlfluff", "[sqlfluff]\nexclude_rules = CP01\n"),
        (".sqruff", "[sqruff]\nrules = LT12\n"),
        (".sqlfluff", "[sqlfluff:rules:capitalisation.keywords]\nignore_words = from\n"),
        ("migrations/.sqlfluff", "[sqlfluff]\nexclude_rules = CP01\n"),
    ],
)
def test_a_configuration_is_honoured_below_its_folder(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / name).write_text(text)
    found = sqruff.begin(tmp_path, {"migrations/a.sql": MIXED, "b.sql": MIXED})()
    assert found["migrations/a.sql"] == ()
    assert bool(found["b.sql"]) is ("/" in name)


def test_the_nearer_configuration_wins(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / ".sqruff").write_text("[sqruff]\nrules = LT12\n")
    (tmp_path / "migrations" / ".sqlfluff").write_text("[sqlfluff]\nrules = CP01\n")
    assert codes(tmp_path, "migrations/a.sql", MIXED.rstrip()) == [("CP01", 1, 10)]


def test_dialect_and_limits_are_ours(tmp_path: Path) -> None:
    (tmp_path / ".sqlfluff").write_text(
        "[sqlfluff]\ndialect = bigquery\nlarge_file_skip_byte_limit = 10\nmax_parse_nodes = 10\n"
    )
    long = "SELECT 1 FROM t;\n" * 3_000 + "SELECT a[1]::int from t;\n"
    assert [code for code, line, _ in codes(tmp_path, "a.sql", long) if line == 3_001] == ["CP01"]


@pytest.mark.parametrize(
    "text", ["[sqlfluff\n", "[sqlfluff]\nrules = XX99\n", "rules = CP01\n", "\xff"]
)
def test_a_refused_configuration_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / ".sqlfluff").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigProblem, match="sqruff refuses"):
        codes(tmp_path, "a.sql", MIXED)


def test_a_crash_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find", lambda _: "/bin/false")
    with pytest.raises(Failure, match="gave no answer"):
        codes(tmp_path, "a.sql", MIXED)


def test_a_missing_program_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "find", lambda _: None)
    with pytest.raises(ToolMissing) as missing:
        codes(tmp_path, "a.sql", MIXED)
    assert "pip install sqruff" in missing.value.hint
