"""What the fault tests share: a folder of migrations, a database, and the program in between."""

import json
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.databases import Database
from tests.program import Finished, Program, Running

PATIENCE = 40.0
"""Seconds after which something that should have happened counts as not happening."""


class Ended(NamedTuple):
    """How a run ended: its exit code, its JSON report, what it said meanwhile."""

    code: int
    report: dict[str, Any]
    said: str

    @property
    def states(self) -> list[str]:
        return [step["state"] for step in self.report["steps"]]

    @property
    def codes(self) -> list[str]:
        found = self.report["findings"]
        return [one["code"] for one in found if one["severity"] == "critical"]

    @property
    def words(self) -> str:
        """Everything that people read: messages with hints, and the notes."""
        found = self.report["findings"]
        return "\n".join([f"{one['message']} {one['hint']}" for one in found] + self.notes)

    @property
    def notes(self) -> list[str]:
        return list(self.report["notes"])


@dataclass(frozen=True, slots=True)
class Run:
    """A run in a process of its own."""

    process: Running

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> Ended:
        """Wait for the end and check that it is one."""
        return _ended(self.process.end(PATIENCE))

    def kill(self) -> None:
        """End the process as a power cut would, and wait until it is gone."""
        self.process.kill()
        self.process.communicate(PATIENCE)


def _ended(done: Finished) -> Ended:
    """Check that a run ended as one should: with a report that agrees with the exit code."""
    assert "Traceback" not in done.stderr, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["exit_code"] == done.code, (report, done.stderr)
    return Ended(done.code, report, done.stderr)


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder whose environment staging is `database`."""

    folder: Path
    database: Database

    def write(
        self, number: int, up: str, down: str = "SELECT 1;", *, outside: bool = False
    ) -> Path:
        """Write migration `number`; `outside` is for one that runs outside a transaction."""
        head = "-- migrate-hooks: no-transaction\n" if outside else ""
        path = self.folder / f"migrations/2025{number:04}000000_step_{number}.sql"
        path.write_text(f"-- UP Migration\n{head}{up}\n-- DOWN Migration\n{head}{down}\n")
        return path

    def configure(self, text: str) -> None:
        (self.folder / "migrate-hooks.toml").write_text(text)

    def point(self, url: str) -> None:
        """Let the connection string of staging be `url`."""
        (self.folder / ".env.staging").write_text(f"DATABASE_URL={url}\n")

    def through(self, sockets: Path) -> None:
        """Reach the database through the socket in another folder."""
        user, name = self.database.parameters["user"], self.database.name
        place = f"{user}@{quote(str(sockets), safe='')}:5432/{name}"
        self.point(f"postgresql://{place}?connect_timeout=2")

    def start(self, *words: str) -> Run:
        """Start a run."""
        return Run(Program(self.folder).begin(*_whole(words)))

    def run(self, *words: str, largest_file: int | None = None) -> Ended:
        """Run to the end; the run's own files cannot grow beyond `largest_file` bytes."""
        if largest_file is None:
            return self.start(*words).end()
        done = subprocess.run(
            [*Program.start, *_whole(words)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            preexec_fn=partial(limit_files, largest_file),
        )
        return _ended(Finished(done.returncode, done.stdout, done.stderr))

    def applied(self) -> list[int]:
        """Return the numbers in the ledger, read over a connection of its own."""
        there = self.database.run("SELECT to_regclass('supabase_migrations.schema_migrations')")
        if there == [(None,)]:
            return []
        rows = self.database.run("SELECT version FROM supabase_migrations.schema_migrations")
        return sorted(int(version[4:8]) for (version,) in rows)

    def has(self, relation: str) -> bool:
        return bool(self.database.run(f"SELECT to_regclass('{relation}') IS NOT NULL")[0][0])

    def marks(self) -> list[int]:
        """Return what migrations have put into table marks, sorted."""
        return [n for (n,) in self.database.run("SELECT n FROM marks ORDER BY n")]

    def active(self, words: str) -> list[int]:
        """Return the process ids of backends that are inside a statement with these words."""
        rows = self.database.run(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state ="
            f" 'active' AND query LIKE '%{words}%' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in rows]

    def until_active(self, words: str) -> int:
        """Wait until a backend is inside such a statement; return its process id."""
        wait_until(lambda: self.active(words))
        return self.active(words)[0]


def _whole(words: tuple[str, ...]) -> list[str]:
    return [*(words or ("apply",)), "--env=staging", "--format=json"]


def make(folder: Path, database: Database) -> Scene:
    """Make the scene: one migration, which makes table marks."""
    (folder / "migrations").mkdir(parents=True)
    scene = Scene(folder, database)
    scene.point(database.url)
    scene.write(1, "CREATE TABLE marks (n int NOT NULL);")
    return scene


def limit_files(size: int) -> None:
    """Let no file of this process grow beyond `size` bytes: the nearest thing to a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.03)
