"""The real squawk: true places, no options from file names, the repository's own configuration."""

from pathlib import Path

import pytest

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.outside import squawk
from migrate_hooks.outside.squawk import RawFinding


def drops(found: tuple[RawFinding, ...]) -> list[tuple[str, int, int]]:
    return [(one.path, one.line, one.column) for one in found if one.rule.startswith("ban-drop")]


def test_places_count_characters_from_one() -> None:
    text = "SELECT 'é€𝄞'; DROP TABLE a;\r\n\r\n  DROP TABLE b;\n"
    found = squawk.begin({"a.sql": text}, in_transaction=True)()
    assert drops(found) == [("a.sql", 1, 15), ("a.sql", 3, 3)]


def test_a_byte_order_mark_takes_no_column() -> None:
    found = squawk.begin({"a.sql": "\ufeffDROP TABLE a;"}, in_transaction=True)()
    assert drops(found) == [("a.sql", 1, 1)]


@pytest.mark.parametrize(
    "path",
    ["--help.sql", "-c", "a[1].sql", "*.sql", "../out.sql", "/etc/x.sql", "é b.sql", "a\nb.sql"],
)
def test_a_hostile_name_is_a_name(path: str) -> None:
    texts = {path: "DROP TABLE a;", "plain/b.sql": "DROP TABLE b;"}
    found = squawk.begin(texts, in_transaction=True)()
    assert sorted(drops(found)) == sorted([(path, 1, 1), ("plain/b.sql", 1, 1)])


def test_the_transaction_mode_is_told() -> None:
    text = {"a.sql": "SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a);"}
    rule = "ban-concurrent-index-creation-in-transaction"
    inside = {one.rule for one in squawk.begin(text, in_transaction=True)()}
    outside = {one.rule for one in squawk.begin(text, in_transaction=False)()}
    assert rule in inside - outside


def test_the_server_version_is_told() -> None:
    text = {"a.sql": "ALTER TABLE t ADD COLUMN a bigint DEFAULT 1;"}
    old = squawk.begin(text, in_transaction=True, server_version=10)()
    new = squawk.begin(text, in_transaction=True, server_version=18)()
    assert "adding-field-with-default" in {one.rule for one in old} - {one.rule for one in new}


def test_a_configuration_is_honoured_with_its_paths(tmp_path: Path) -> None:
    config = tmp_path / ".squawk.toml"
    config.write_text('excluded_rules = ["ban-drop-table"]\nexcluded_paths = ["old/*"]\n')
    texts = {"old/a.sql": "DROP INDEX i;", "new/b.sql": "DROP TABLE t; DROP VIEW v;"}
    found = squawk.begin(texts, in_transaction=True, config=config)()
    assert drops(found) == [("new/b.sql", 1, 15)]


def test_everything_excluded_is_an_answer(tmp_path: Path) -> None:
    config = tmp_path / ".squawk.toml"
    config.write_text('excluded_paths = ["*"]\n')
    assert squawk.begin({"a.sql": "DROP TABLE a;"}, in_transaction=True, config=config)() == ()


@pytest.mark.parametrize("text", ["excluded_rules = [", 'excluded_rules = ["no-such-rule"]'])
def test_a_broken_configuration_is_named(tmp_path: Path, text: str) -> None:
    config = tmp_path / ".squawk.toml"
    config.write_text(text)
    with pytest.raises(ConfigProblem, match=r"squawk refuses \.squawk\.toml"):
        squawk.begin({"a.sql": "SELECT 1;"}, in_transaction=True, config=config)()


def test_a_configuration_above_the_temporary_folder_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".squawk.toml").write_text('excluded_rules = ["ban-drop-table"]\n')
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert drops(squawk.begin({"a.sql": "DROP TABLE a;"}, in_transaction=True)())
