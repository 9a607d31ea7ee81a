"""What goes wrong while a backup is taken: there is a good one afterwards, or none and no trace."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate_hooks.outside import pg_tools
from tests.actions.backups import Project
from tests.program import Finished
from tests.waiting import wait_until

CANARY = "kanarienvogel"
BACKUP = ("backup", "--env=staging")
RESTORE = ("restore", "--env=staging", "--latest", "--allow=replace")


@dataclass(frozen=True, slots=True)
class Slow:
    """Real programs of PostgreSQL in `folder`, but one takes a minute longer to end its work."""

    folder: Path

    @property
    def pid(self) -> int:
        """Wait until its work is done; return the process that lingers."""
        file = self.folder / "pid"
        wait_until(lambda: file.exists() and file.read_text().endswith("\n"))
        return int(file.read_text())

    def environment(self) -> dict[str, str]:
        """The variables that pg_dump got."""
        pairs = (self.folder / "environment").read_text().splitlines()
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """A pg_dump that lingers."""
    return linger(tmp_path / "slow", monkeypatch, "pg_dump", "--snapshot=")


def linger(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, word: str) -> Slow:
    """Make the program `name` linger when `word` is among its own."""
    real = pg_tools.client(18, tls=False).bin
    folder.mkdir()
    for program in ("pg_dump", "pg_restore"):
        (folder / program).symlink_to(real / program)
    (folder / name).unlink()
    (folder / name).write_text(
        f'#!/bin/sh\ncase "$*" in *{word}*) ;; *) exec {real}/{name} "$@" ;; esac\n'
        f'printf "%s\\n" "$@" >{folder}/words\nenv >{folder}/environment\n'
        f'while [ -e {folder}/hold ]; do sleep 0.05; done\n{real}/{name} "$@" || exit\n'
        f"echo $$ >{folder}/pid\nexec sleep 60\n"
    )
    (folder / name).chmod(0o755)
    monkeypatch.setenv(pg_tools.BINDIR_VARIABLE, str(folder))
    return Slow(folder)


def start(
    project: Project, words: Sequence[str] = BACKUP, **more: object
) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-P", "-m", "migrate_hooks", *words],
        cwd=project.repo.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def finish(running: "subprocess.Popen[str]") -> Finished:
    out, err = running.communicate(timeout=60)
    return Finished(running.returncode, out, err)


def assert_no_trace(project: Project) -> None:
    assert project.names() == []
    assert project.backups() == ()


def test_a_pg_dump_that_is_killed_leaves_no_backup(project: Project, slow: Slow) -> None:
    running = start(project)
    os.kill(slow.pid, signal.SIGKILL)
    done = finish(running)
    assert done.code == 1, done
    assert "staging was not backed up: it was ended by SIGKILL" in done.stderr
    assert_no_trace(project)


def test_ctrl_c_ends_pg_dump_and_removes_what_it_wrote(project: Project, slow: Slow) -> None:
    running = start(project)
    child = slow.pid
    assert len(project.names()) == 1
    running.send_signal(signal.SIGINT)
    done = finish(running)
    assert done.code == 130, done
    assert is_gone(child)
    assert_no_trace(project)


def test_what_a_killed_run_left_is_no_backup_and_is_swept_by_the_next(
    project: Project, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start(project)
    child = slow.pid
    running.kill()
    running.communicate()
    assert [name.endswith(".part") for name in project.names()] == [True]
    assert project.backups() == ()
    os.kill(child, signal.SIGKILL)
    monkeypatch.delenv(pg_tools.BINDIR_VARIABLE)
    assert finish(start(project)).code == 0
    assert not [name for name in project.names() if name.endswith(".part")]


def test_a_server_that_ends_our_session_leaves_no_backup(project: Project, slow: Slow) -> None:
    """pg_dump comes too late for the moment that our session held for it."""
    (slow.folder / "hold").touch()
    running = start(project)
    wait_until((slow.folder / "environment").exists)
    project.database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name LIKE 'migrate-hooks/%'"
    )
    (slow.folder / "hold").unlink()
    done = finish(running)
    assert done.code == 1, done
    assert "staging was not backed up: pg_dump: " in done.stderr
    assert_no_trace(project)


def test_a_full_disk_is_named_and_leaves_no_backup(project: Project) -> None:
    """The nearest thing to a full disk that every machine has: a file that may not grow."""
    project.database.run(
        "INSERT INTO notes SELECT n, md5(random()::text) FROM generate_series(1, 20000) AS n"
    )
    limit = 64 * 1024
    running = start(
        project, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    done = finish(running)
    assert done.code == 1, done
    assert "the file may not grow any further" in done.stderr
    assert_no_trace(project)


def test_a_folder_that_may_not_be_written_is_named(project: Project) -> None:
    project.repo.write(".migrate-hooks", "a file where a folder should be")
    done = finish(start(project))
    assert done.code == 1, done
    assert ".migrate-hooks/backups/staging could not be written" in done.stderr


def test_the_password_is_in_no_command_line_and_in_no_file(project: Project, slow: Slow) -> None:
    host = project.database.url.partition("@")[2]
    project.repo.write(".env.staging", f"DATABASE_URL=postgresql://postgres:{CANARY}@{host}\n")
    running = start(project, env={**os.environ, "PGHOST": "elsewhere.invalid", "PGUSER": "nobody"})
    slow.pid  # noqa: B018 - it waits until pg_dump has run
    lines = [
        file.read_bytes()
        for file in Path("/proc").glob("[0-9]*/cmdline")
        if os.access(file, os.R_OK)
    ]
    assert any(b"migrate_hooks" in line for line in lines)
    assert not [line for line in lines if CANARY.encode() in line]
    words = (slow.folder / "words").read_text()
    assert "--snapshot=" in words
    assert CANARY not in words
    got = slow.environment()
    assert got["PGPASSWORD"] == CANARY, "how else would it log in"
    assert [name for name in got if name.startswith("PG")] == ["PGPASSWORD"]
    running.send_signal(signal.SIGINT)
    done = finish(running)
    assert CANARY not in done.stdout + done.stderr


def test_neither_manifest_nor_report_holds_the_password(project: Project) -> None:
    host = project.database.url.partition("@")[2]
    project.repo.write(".env.staging", f"DATABASE_URL=postgresql://postgres:{CANARY}@{host}\n")
    done = finish(start(project))
    assert done.code == 0, done
    assert CANARY not in done.stdout + done.stderr
    assert not [file for file in project.folder.iterdir() if CANARY.encode() in file.read_bytes()]


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGKILL])
def test_a_restore_that_is_stopped_leaves_the_environment_as_it_was(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signal_: signal.Signals
) -> None:
    """Ctrl-C stops us, and SIGKILL its pg_restore: both before the swap."""
    project.back_up()
    slow = linger(tmp_path / "slow", monkeypatch, "pg_restore", "--dbname=")
    running = start(project, RESTORE)
    child = slow.pid
    assert len(like(project)) == 2
    if signal_ is signal.SIGINT:
        running.send_signal(signal_)
    else:
        os.kill(child, signal_)
    done = finish(running)
    assert done.code == (130 if signal_ is signal.SIGINT else 1), done
    assert is_gone(child)
    assert like(project) == [project.database.name]


def like(project: Project) -> list[str]:
    """The databases whose names begin like the project's."""
    found = project.database.run(
        "SELECT datname FROM pg_database "
        f"WHERE starts_with(datname, '{project.database.name}') ORDER BY 1"
    )
    return [str(row[0]) for row in found]
