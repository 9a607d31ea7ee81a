"""A protected environment and its backup: without a good one nothing is applied."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate_hooks.outside import pg_tools
from tests.faults.scene import Ended, Scene, wait_until

PROTECTED = "[environments.staging]\nprotected = true\n"
APPLY = ("apply", "--force", "--yes=staging")


@pytest.fixture
def protected(scene: Scene) -> Scene:
    scene.configure(PROTECTED)
    scene.database.run(
        "CREATE TABLE data AS SELECT md5(n::text) AS v FROM generate_series(1, 20000) AS n"
    )
    return scene


def archives(scene: Scene) -> list[Path]:
    return sorted((scene.folder / ".migrate-hooks/backups/staging").glob("*.dump"))


def nothing(scene: Scene, done: Ended) -> None:
    assert done.code == 1, done
    assert (scene.applied(), scene.has("marks")) == ([], False)


def test_a_disk_that_fills_up_during_the_backup_applies_nothing(protected: Scene) -> None:
    done = protected.run(*APPLY, "--backup", largest_file=64 * 1024)
    nothing(protected, done)
    assert "the file may not grow any further" in done.words
    assert archives(protected) == []
    assert protected.run(*APPLY, "--backup").code == 0
    assert (len(archives(protected)), protected.applied()) == (1, [1])


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1000)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def tell_otherwise(path: Path) -> None:
    """Let the manifest speak of another archive, as one that was copied by hand would."""
    manifest = path.with_suffix(".json")
    said = json.loads(manifest.read_text())
    said["sha256"] = "0" * 64
    manifest.write_text(json.dumps(said))


@pytest.mark.parametrize("harm", [truncate, flip, tell_otherwise, Path.unlink])
def test_a_damaged_backup_is_none(protected: Scene, harm: Callable[[Path], object]) -> None:
    assert protected.run("backup").code == 0
    (archive,) = archives(protected)
    harm(archive)
    done = protected.run(*APPLY)
    nothing(protected, done)
    assert done.codes == ["guard/backup"]
    assert "--backup" in done.words, "the way on is shown"
    assert protected.run(*APPLY, "--backup").code == 0
    assert protected.applied() == [1]


@dataclass(frozen=True, slots=True)
class Lingering:
    """A real pg_dump that writes its archive and then does not come to an end."""

    file: Path

    @property
    def pid(self) -> int:
        """Wait until the archive is written; return the process that lingers."""
        wait_until(lambda: self.file.exists() and self.file.read_text().endswith("\n"))
        return int(self.file.read_text())


@pytest.fixture
def lingering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lingering:
    real = pg_tools.client(18, tls=False).bin
    folder = tmp_path / "slow"
    folder.mkdir()
    (folder / "pg_restore").symlink_to(real / "pg_restore")
    (folder / "pg_dump").write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exec {real}/pg_dump --version\n'
        f'{real}/pg_dump "$@" || exit\necho $$ >{folder}/pid\nexec sleep 600\n'
    )
    (folder / "pg_dump").chmod(0o755)
    monkeypatch.setenv(pg_tools.BINDIR_VARIABLE, str(folder))
    return Lingering(folder / "pid")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV], ids=["SIGKILL", "SIGSEGV"])
def test_a_pg_dump_that_dies_applies_nothing(
    protected: Scene, lingering: Lingering, number: int
) -> None:
    running = protected.start(*APPLY, "--backup")
    os.kill(lingering.pid, number)
    done = running.end()
    nothing(protected, done)
    assert f"it was ended by {signal.Signals(number).name}" in done.words
    assert archives(protected) == []


def test_kill_9_during_the_backup_applies_nothing_and_leaves_no_backup(
    protected: Scene, lingering: Lingering
) -> None:
    """The archive was whole; that it is a backup was never written down."""
    running = protected.start(*APPLY, "--backup")
    child = lingering.pid
    running.kill()
    os.kill(child, signal.SIGKILL)
    done = protected.run(*APPLY)
    nothing(protected, done)
    assert (done.codes, archives(protected)) == (["guard/backup"], [])
