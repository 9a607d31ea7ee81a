"""Five hundred databases of one environment: kill -9 in the middle of `apply`, go on, ask for all.

Milliseconds are this machine's, the ratio travels: `status` of all of them beside a bare program
that connects to one after the other and reads its ledger. It is an error if a database is not as
the others are at the end, or if its migration ran twice.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg

from migrate_hooks.outside import embedded
from migrate_hooks.outside.files import CACHE_VARIABLE

COUNT = 500
PROGRAM = (sys.executable, "-P", "-m", "migrate_hooks")
QUERY = "SELECT datname::text FROM pg_catalog.pg_database WHERE datname LIKE 'tenant%'"
CONFIG = f'[environments.tenants]\nbranch = "main"\ndatabases = {{ query = "{QUERY}" }}\n'
UP = "CREATE TABLE marks (n int);\nINSERT INTO marks VALUES (1);"
FILE = f"-- UP\n{UP}\n-- DOWN\nDROP TABLE marks;\n"
LEDGER = "SELECT version FROM supabase_migrations.schema_migrations"
BARE = f"""
import sys, psycopg
for name in {[f"tenant{number:03}" for number in range(COUNT)]!r}:
    with psycopg.connect(sys.argv[1], dbname=name, autocommit=True) as one:
        one.execute("{LEDGER}").fetchall()
"""


def main() -> int:
    """Print what was seen; 1 if the databases are not alike at the end."""
    with tempfile.TemporaryDirectory(prefix="migrate-hooks-fleets-") as folder:
        Path(folder).chmod(0o711)
        os.environ[CACHE_VARIABLE] = str(Path(folder) / "cache")
        server = embedded.ensure()
        words = {"host": str(server.sockets), "port": server.port, "user": server.user}
        create(psycopg.conninfo.make_conninfo(**words, dbname="postgres"))
        url = f"postgresql://{server.user}@{quote(str(server.sockets), safe='')}/postgres"
        os.environ["DATABASE_URL_TENANTS"] = url
        return played(make_project(Path(folder)), psycopg.conninfo.make_conninfo(**words))


def create(dsn: str) -> None:
    """Make the databases; durability would only cost time here."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        for number in range(COUNT):
            connection.execute(f"CREATE DATABASE tenant{number:03} TEMPLATE template0".encode())


def make_project(folder: Path) -> Path:
    """Return a repository with one migration for all of them."""
    project = folder / "project"
    (project / "migrations").mkdir(parents=True)
    (project / "migrate-hooks.toml").write_text(CONFIG)
    (project / "migrations" / "20260101000000_marks.sql").write_text(FILE)
    author = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.invalid")
    for git in (("init", "-q", "-b", "main"), ("add", "."), (*author, "commit", "-qm", "First")):
        subprocess.run(["git", *git], cwd=project, check=True)
    return project


def played(project: Path, dsn: str) -> int:
    """Apply, kill in the middle, go on, and compare."""
    apply = (*PROGRAM, "apply", "--env=tenants", "--wave=500", "--parallel=8")
    running = subprocess.Popen(apply, cwd=project, stderr=subprocess.DEVNULL)
    while not reached(dsn, COUNT // 3):
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = sum(one[0] > 0 for one in standing(dsn))
    print(f"killed when {done} of {COUNT} had it")
    seconds = timed(apply, project)
    print(f"the other {COUNT - done}: {seconds:.1f} s")
    alike = set(standing(dsn))
    print(f"{COUNT} databases, alike: {alike == {(1, 1)}}")
    bare = timed((sys.executable, "-c", BARE, dsn), project)
    ours = timed((*PROGRAM, "status", "--env=tenants"), project)
    print(f"status of all: {ours:.2f} s, {ours / bare:.2f}x of one connection after the other")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"most memory of any of these programs: {peak} MiB")
    return 0 if alike == {(1, 1)} else 1


def reached(dsn: str, number: int) -> bool:
    """Say whether database `number` has the table."""
    return one_standing(dsn, number)[0] > 0


def standing(dsn: str) -> list[tuple[int, int]]:
    """Return (rows of the table, rows of the ledger) of every database."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda number: one_standing(dsn, number), range(COUNT)))


def one_standing(dsn: str, number: int) -> tuple[int, int]:
    """Return (rows of the table, rows of the ledger), 0 where there is no such table."""
    with closing(psycopg.connect(dsn, dbname=f"tenant{number:03}", autocommit=True)) as one:
        if one.execute("SELECT to_regclass('marks') IS NULL").fetchone() == (True,):
            return 0, 0
        marks = one.execute("SELECT count(*) FROM marks").fetchone()
        rows = one.execute(f"SELECT count(*) FROM ({LEDGER}) AS l".encode()).fetchone()
    return (marks or (0,))[0], (rows or (0,))[0]


def timed(words: tuple[str, ...], project: Path) -> float:
    """Run to the end and return seconds; raises when it fails."""
    begun = time.perf_counter()
    subprocess.run(words, cwd=project, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
