"""A PostgreSQL of one test's own: to be killed, starved and restarted."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg

from migrate_hooks.outside import embedded
from tests.databases import SERVERS, Database
from tests.faults.scene import limit_files


@dataclass(slots=True)
class OwnServer:
    """A cluster in `folder`/data, run by the binaries in `bin` as user `uid`."""

    folder: Path
    bin: Path
    uid: int
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def database(self) -> Database:
        words = {"host": str(self.folder), "port": "5432", "user": "postgres", "dbname": "postgres"}
        return Database("postgres", words)

    def start(self, *settings: str, largest_file: int | None = None) -> None:
        """Start it with settings such as "wal_level=logical"; files grow to `largest_file`."""
        words = [f"-c{setting}" for setting in ("listen_addresses=", "fsync=off", *settings)]
        self.process = subprocess.Popen(
            [self.bin / "postgres", f"-D{self.folder / 'data'}", f"-k{self.folder}", *words],
            user=self.uid if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=None if largest_file is None else partial(limit_files, largest_file),
        )
        self.wait_until_it_answers()

    def stop(self, how: int) -> None:
        """Stop it: SIGINT is a fast shutdown, SIGQUIT one without a checkpoint, like a crash."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(30)
        self.process = None

    def close(self) -> None:
        if self.process is not None:
            self.stop(signal.SIGQUIT)

    def wait_until_it_answers(self) -> None:
        words = psycopg.conninfo.make_conninfo(**self.database.parameters)
        deadline = time.monotonic() + 30
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(words).close()
                return
            assert self.process is not None
            assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.03)


def template(server: embedded.Server) -> Iterator[Path]:
    """Yield a folder with a new cluster; it belongs to the user of the run's server."""
    beside = Path(os.environ[SERVERS]).parent
    folder = Path(tempfile.mkdtemp(prefix="migrate-hooks-own-", dir=beside))
    uid = _owner(server)
    os.chown(folder, uid, -1)
    words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [_bin(server) / "initdb", "-D", folder / "data", *words],
        user=uid if os.geteuid() == 0 else None,
        cwd=folder,
        check=True,
        capture_output=True,
    )
    yield folder
    shutil.rmtree(folder)


def copied(made: Path, server: embedded.Server) -> Iterator[OwnServer]:
    """Yield a server on a copy of that cluster, not started."""
    beside = Path(os.environ[SERVERS]).parent
    folder = Path(tempfile.mkdtemp(prefix="migrate-hooks-own-", dir=beside))
    subprocess.run(["cp", "-a", f"{made}/.", folder], check=True)
    own = OwnServer(folder, _bin(server), _owner(server))
    yield own
    own.close()
    shutil.rmtree(folder)


def _bin(server: embedded.Server) -> Path:
    """Return where the programs are that the run's server was started from."""
    words = (server.base / "data" / "postmaster.opts").read_text()
    return Path(words.split(maxsplit=1)[0]).parent


def _owner(server: embedded.Server) -> int:
    return (server.base / "data").stat().st_uid
