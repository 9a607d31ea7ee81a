"""The shelf of known answers: quicker, or nothing; never wrong, never in the way."""

import multiprocessing
from pathlib import Path

import pytest

from migrate_hooks.outside import files, shelf


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_was_kept_is_found_and_nothing_else() -> None:
    shelf.keep({"a": "1", "b": "2"})
    assert shelf.find(["a", "b", "c"]) == {"a": "1", "b": "2"}


def test_parts_of_a_key_cannot_be_taken_for_each_other() -> None:
    assert shelf.key("ab", "c") != shelf.key("a", "bc") != shelf.key("abc")


def test_only_its_owner_can_read_it(folder: Path) -> None:
    shelf.keep({"a": "1"})
    assert (folder / "lint.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(200)])
def test_a_corrupt_file_knows_nothing_and_harms_nothing(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "lint.sqlite").write_bytes(content)
    shelf.keep({"a": "1"})
    assert shelf.find(["a"]) in ({}, {"a": "1"})


def test_a_folder_that_cannot_be_made_is_no_error(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    shelf.keep({"a": "1"})
    assert shelf.find(["a"]) == {}


def _keep_many(start: int) -> None:
    for number in range(start, start + 50):
        shelf.keep({str(number): "x"})


def test_two_processes_at_once_do_not_disturb_each_other() -> None:
    spawned = multiprocessing.get_context("spawn")
    workers = [spawned.Process(target=_keep_many, args=(start,)) for start in (0, 1000)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    found = shelf.find([str(number) for start in (0, 1000) for number in range(start, start + 50)])
    assert len(found) > 50, "a busy shelf may lose an answer, not most of them"
