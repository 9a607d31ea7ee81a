"""How long `migrate-hooks apply` and `status` take beside other tools and programs, in one run.

Milliseconds are this machine's, the ratios travel. A thousand small migrations, each in a
transaction of its own with its own ledger row, go into an empty database of the embedded server.
The promises: applying them at most 0.9x of dbmate; with nothing to do, and for `status`, at most
1.6x of a program that only connects and reads the ledger, and at most 0.6x of Alembic and of
node-pg-migrate. Peers are fetched once with pip and npm; one that cannot be had is not measured.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from urllib.parse import quote
from uuid import uuid4

import psycopg

from migrate_hooks.outside import embedded
from migrate_hooks.outside.files import cache_folder

COUNT = 1_000
ROUNDS_OF_APPLY, ROUNDS_OF_READING = 3, 9
BIN = Path(sys.executable).parent
PEERS = cache_folder() / "benchmarks"
# An installed package has its bytecode; a shell that forbids writing it would measure compiling.
ENVIRONMENT = {name: text for name, text in os.environ.items() if name[:10] != "PYTHONDONT"}

UP = "CREATE TABLE item_{0} (id bigint PRIMARY KEY, name text NOT NULL)"
DOWN = "DROP TABLE item_{0}"
OURS = f"-- UP Migration\n{UP};\n\n-- DOWN Migration\n{DOWN};\n"
DBMATE = f"-- migrate:up\n{UP};\n\n-- migrate:down\n{DOWN};\n"
NODE = f"-- Up Migration\n{UP};\n\n-- Down Migration\n{DOWN};\n"
ALEMBIC = f'''\
from alembic import op

revision = "r{{0}}"
down_revision = {{1}}


def upgrade():
    op.execute("{UP}")


def downgrade():
    op.execute("{DOWN}")
'''
ALEMBIC_INI = "[alembic]\nscript_location = %(here)s\npath_separator = os\n"
ALEMBIC_ENV = """\
import os
from alembic import context
from sqlalchemy import create_engine

url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
with create_engine(url).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
LEDGER = "CREATE TABLE IF NOT EXISTS ledger (version text PRIMARY KEY)"
BARE_APPLY = f"""\
import os, pathlib, psycopg
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
    connection.execute("{LEDGER}")
    for file in sorted(pathlib.Path("migrations").iterdir()):
        up = file.read_text().partition("-- DOWN")[0]
        with connection.transaction():
            connection.execute(up)
            connection.execute("INSERT INTO ledger VALUES (%s)", [file.name])
"""
BARE_READ = """\
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
    assert len(connection.execute("SELECT * FROM ledger").fetchall()) == 1000
"""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A tool: how its files are written into a folder, and its commands there.

    `status` is empty where the tool has none.
    """

    name: str
    write: Callable[[Path], None]
    apply: tuple[str, ...]
    nothing: tuple[str, ...]
    status: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The cost of one process: wall and processor time in seconds, its largest size in MiB.

    Processor time is steadier on a busy machine, and leaves out what the server does.
    """

    seconds: float
    busy: float
    mebibytes: float


def main() -> None:
    """Measure applying on empty databases, then what reads a full one."""
    known = {one.name: one for one in contestants()}
    server = embedded.ensure(18)
    with tempfile.TemporaryDirectory() as base:
        folders = {name: Path(base, name.replace(" ", "-")) for name in known}
        for name, one in known.items():
            folders[name].mkdir()
            one.write(folders[name])
        applied: dict[str, list[Taken]] = {name: [] for name in known}
        databases: dict[str, str] = {}
        for _ in range(ROUNDS_OF_APPLY):
            for name, one in known.items():
                drop(server, databases.pop(name, ""))
                databases[name] = make(server)
                applied[name].append(run(one.apply, folders[name], url(server, databases[name])))
        show(f"{COUNT:,} migrations", applied, "dbmate")
        urls = {name: url(server, database) for name, database in databases.items()}
        show("nothing to do", read(known, folders, urls, lambda one: one.nothing), "bare psycopg")
        show("status", read(known, folders, urls, lambda one: one.status), "bare psycopg")
        for database in databases.values():
            drop(server, database)


def contestants() -> Iterator[Contestant]:
    """Yield us, the bare programs, and every peer that can be had here."""
    program = str(BIN / "migrate-hooks")
    apply, status = (program, "apply", "--env=dev"), (program, "status", "--env=dev")
    yield Contestant("migrate-hooks", write_ours, apply, apply, status)
    bare = (sys.executable, "-c", BARE_READ)
    yield Contestant(
        "bare psycopg", lambda at: write(at, OURS), (sys.executable, "-c", BARE_APPLY), bare, bare
    )
    if which("psql"):
        words = 'exec psql -qX -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f all.sql'
        yield Contestant("psql", write_psql, ("sh", "-c", words), ())
    else:
        print("psql: not measured, it is not installed")
    yield from python_peers()
    yield from node_peers()


def python_peers() -> Iterator[Contestant]:
    """Yield Alembic from an environment of its own."""
    home = PEERS / "python"
    program = home / "bin" / "alembic"
    if not program.exists():
        fetch(sys.executable, "-m", "venv", str(home))
        fetch(str(home / "bin" / "pip"), "install", "-q", "alembic", "psycopg[binary]")
    if program.exists():
        apply, status = (str(program), "upgrade", "head"), (str(program), "current")
        yield Contestant("Alembic", write_alembic, apply, apply, status)
    else:
        print("Alembic: not measured, pip could not install it")


def node_peers() -> Iterator[Contestant]:
    """Yield dbmate and node-pg-migrate as npm installs them."""
    home = PEERS / "node"
    programs = home / "node_modules" / ".bin"
    wanted = ("dbmate", "node-pg-migrate")
    if not all((programs / name).exists() for name in wanted):
        fetch("npm", "install", "--silent", "--prefix", str(home), *wanted, "pg")
    missing = [name for name in wanted if not (programs / name).exists()]
    if missing:
        print(f"{', '.join(missing)}: not measured, npm could not install it")
        return
    dbmate = (native_dbmate(home), "--no-dump-schema", "--migrations-dir", "migrations")
    apply, status = (*dbmate, "migrate"), (*dbmate, "status")
    yield Contestant("dbmate", lambda at: write(at, DBMATE), apply, apply, status)
    up = (str(programs / "node-pg-migrate"), "up", "--no-single-transaction")
    yield Contestant("node-pg-migrate", lambda at: write(at, NODE), up, up)


def native_dbmate(home: Path) -> str:
    """Return dbmate itself: what npm puts in front of it starts node first."""
    return str(next((home / "node_modules" / "@dbmate").glob("*/bin/dbmate*")))


def fetch(*words: str) -> None:
    """Run an installer; without a network its tool stays away."""
    PEERS.mkdir(parents=True, exist_ok=True)
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(words, capture_output=True, timeout=300, check=True)


def write(folder: Path, text: str) -> None:
    """Write the migrations in one tool's form."""
    (folder / "migrations").mkdir()
    for number in range(COUNT):
        path = folder / "migrations" / f"20260101{number:06}_item_{number}.sql"
        path.write_text(text.format(number))


def write_ours(folder: Path) -> None:
    """Write a repository, committed, as a developer has it."""
    write(folder, OURS)
    for words in ("init -qb dev", "add .", "-c user.name=b -c user.email=b@b commit -qm new"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True)


def write_psql(folder: Path) -> None:
    """Write one script in which everything stands."""
    each = f"BEGIN;\n{UP};\nINSERT INTO ledger VALUES ('{{0}}');\nCOMMIT;\n"
    text = "".join(each.format(number) for number in range(COUNT))
    (folder / "all.sql").write_text(f"{LEDGER};\n{text}")


def write_alembic(folder: Path) -> None:
    """Write a chain of revisions and what Alembic needs beside them."""
    (folder / "versions").mkdir()
    (folder / "alembic.ini").write_text(ALEMBIC_INI)
    (folder / "env.py").write_text(ALEMBIC_ENV)
    for number in range(COUNT):
        before = f'"r{number - 1}"' if number else "None"
        (folder / "versions" / f"r{number}.py").write_text(ALEMBIC.format(number, before))


def make(server: embedded.Server) -> str:
    """Return the name of a new empty database."""
    name = f"bench_{uuid4().hex[:12]}"
    embedded.make_database(server, name)
    return name


def drop(server: embedded.Server, database: str) -> None:
    """Drop a database that one contestant filled."""
    if database:
        with psycopg.connect(url(server, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {database}".encode())


def url(server: embedded.Server, database: str) -> str:
    """Return a DSN that all contestants understand."""
    return f"postgresql://{server.user}@/{database}?host={quote(str(server.sockets), safe='')}"


def run(words: tuple[str, ...], folder: Path, dsn: str) -> Taken:
    """Run one command to its end and return what it took; it must succeed."""
    env = {**ENVIRONMENT, "DATABASE_URL": dsn, "DATABASE_URL_DEV": dsn}
    env |= {"XDG_STATE_HOME": str(folder.parent)}
    start = time.perf_counter()
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(words, cwd=folder, env=env, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words}\n{(folder / 'said').read_text()[-2000:]}"
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def read(
    known: Mapping[str, Contestant],
    folders: Mapping[str, Path],
    urls: Mapping[str, str],
    command: Callable[[Contestant], tuple[str, ...]],
) -> dict[str, list[Taken]]:
    """Return what a command that changes nothing takes for all that have it, in turns."""
    able = {name: command(one) for name, one in known.items() if command(one)}
    taken: dict[str, list[Taken]] = {name: [] for name in able}
    for number in range(ROUNDS_OF_READING + 1):
        for name, words in able.items():
            cost = run(words, folders[name], urls[name])
            if number:  # the first fills bytecode and caches of the file system
                taken[name].append(cost)
    return taken


def show(title: str, taken: Mapping[str, list[Taken]], peer: str) -> None:
    """Print the medians; ratios are of wall time in the same turn, to `peer` where measured."""
    print(f"\n{title}")
    peers = [one for one in (peer, "Alembic", "node-pg-migrate") if one in taken]
    print(" " * 48 + "".join(f"{f'/ {one}':>18}" for one in peers))
    for name, runs in taken.items():
        middle = statistics.median(one.seconds for one in runs)
        busy = statistics.median(one.busy for one in runs)
        size = max(one.mebibytes for one in runs)
        ratios = (
            statistics.median(
                one.seconds / other.seconds for one, other in zip(runs, taken[each], strict=True)
            )
            for each in peers
        )
        told = "".join(f"{f'{ratio:.2f}x':>18}" for ratio in ratios)
        print(f"{name:<16}{middle * 1000:8.0f} ms{busy * 1000:8.0f} cpu{size:5.0f} MiB{told}")


if __name__ == "__main__":
    main()
