"""What is remembered of a file makes it quicker to compare, and decides nothing else."""

from dataclasses import replace

import pytest

from migrate_hooks.actions import familiar
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts import detect
from migrate_hooks.layouts.base import migration
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.history import Applied, State
from migrate_hooks.model.migration import Contents, Migration, Version
from migrate_hooks.outside import shelf

PATH = "migrations/20260101000000_add_users.sql"
UP = "CREATE TABLE users (id bigint)"
ROW = Applied(Version((20260101000000,), "20260101000000"), "add_users", text=UP)


def read(up: str = UP) -> Migration:
    return LAYOUT.read(PATH, f"-- UP Migration\n{up};\n-- DOWN Migration\nDROP TABLE users;\n")


@pytest.fixture(autouse=True)
def own_shelf(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGRATE_HOOKS_CACHE_DIR", str(tmp_path_factory.mktemp("shelf")))


@pytest.fixture
def taken_apart(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the paths of migrations that are taken apart."""
    paths: list[str] = []

    def told(one: Migration) -> Contents:
        paths.append(one.path)
        return one.contents()

    monkeypatch.setattr(Migration, "up", property(lambda one: told(one).up))
    monkeypatch.setattr(Migration, "checksum", property(lambda one: told(one).checksum))
    return paths


def states(files: list[Migration]) -> list[State]:
    known = familiar.recognised(LAYOUT.name, files)
    entries = reconcile("dev", known, [ROW])
    familiar.remember(LAYOUT.name, entries)
    return [entry.state for entry in entries]


def test_a_file_is_taken_apart_once_and_never_again(taken_apart: list[str]) -> None:
    assert states([read()]) == [State.APPLIED]
    assert taken_apart
    taken_apart.clear()
    assert states([read()]) == [State.APPLIED]
    assert taken_apart == []


def test_an_edited_file_is_no_familiar_one() -> None:
    assert states([read()]) == [State.APPLIED]
    assert states([read("CREATE TABLE users (id int)")]) == [State.CHANGED]
    assert states([read()]) == [State.APPLIED]


def test_what_differs_from_the_ledger_is_not_remembered() -> None:
    assert states([read("CREATE TABLE users (id int)")]) == [State.CHANGED]
    found = familiar.recognised(LAYOUT.name, [read("CREATE TABLE users (id int)")])
    assert [one.up_sha256 for one in found] == [""]


def test_another_layout_has_a_memory_of_its_own() -> None:
    states([read()])
    assert [one.up_sha256 for one in familiar.recognised("supabase", [read()])] == [""]
    assert "supabase" in detect.layouts()


def test_a_wrong_answer_of_the_shelf_costs_time_and_nothing_else() -> None:
    states([read()])
    shelf.keep({familiar._key(LAYOUT.name, read()): "0" * 64})
    assert states([read()]) == [State.APPLIED]


def test_what_runs_is_what_the_file_says() -> None:
    states([read()])
    (known,) = familiar.recognised(LAYOUT.name, [read()])
    assert known.up_sha256
    assert known.up.text == UP
    assert known == read()


def test_contents_are_read_when_first_asked_for_and_then_kept() -> None:
    calls = []

    def take_apart() -> Contents:
        calls.append(1)
        return read().contents()

    one = migration(PATH, "", take_apart)
    assert calls == []
    assert one.up is one.up
    assert one.down is not None
    assert len(calls) == 1
    assert replace(one, name="other").up is one.up
