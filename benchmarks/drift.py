"""How long `migrate-hooks drift` takes beside other tools and programs, and what each finds.

Milliseconds are this machine's, the ratios travel; beside the quickest and the middle round stands
the processor's time of the client, which is steadier. Two databases of the embedded server get a
thousand tables of eight columns with keys, indexes, policies and functions; then thirty differences
are planted in one. The promises: at most 0.25x of migra, 1.0x of `pg_dump -s` of both, 1.4x of a
program that only copies the same rows out; all of the differences found, none invented. `--env` of
one of them, whose migrations were replayed before, takes 1.3x of reading it. Five thousand tables
stay below 400 MB. `drift.py 100` takes another number of tables. Peers are fetched once; one that
cannot be had is not measured.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from urllib.parse import quote
from uuid import uuid4

import psycopg

from migrate_hooks.outside import embedded, pg_tools
from migrate_hooks.outside.files import cache_folder
from migrate_hooks.schema import rows, snapshot
from migrate_hooks.sql.split import statements

ROUNDS = 7
SLOW_ROUNDS = 2
MOST = 5_000
BIN = Path(sys.executable).parent
PEERS = cache_folder() / "benchmarks"
ENVIRONMENT = {name: text for name, text in os.environ.items() if name[:10] != "PYTHONDONT"}

TABLE = """
CREATE TABLE public.t{0} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner uuid NOT NULL,
    parent bigint REFERENCES public.t{0}, name text NOT NULL DEFAULT '',
    price numeric(10, 2) CHECK (price >= 0), tags text[], data jsonb,
    made timestamptz NOT NULL DEFAULT now());
CREATE INDEX t{0}_owner ON public.t{0} (owner);
CREATE INDEX t{0}_name ON public.t{0} (lower(name)) WHERE price > 0;
ALTER TABLE public.t{0} ENABLE ROW LEVEL SECURITY;
CREATE POLICY t{0}_own ON public.t{0} USING (owner = '00000000-0000-0000-0000-000000000000'::uuid);
"""
FUNCTION = "CREATE FUNCTION public.f{0}(n int) RETURNS int LANGUAGE sql AS 'SELECT $1 + {0}';"
# Beside what is planted: something to plant it in, with names that nothing else has.
GROUND = """
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN public.short AS text CHECK (length(VALUE) < 10);
CREATE SEQUENCE public.counter;
CREATE VIEW public.seen AS SELECT id FROM public.t1;
CREATE MATERIALIZED VIEW public.kept AS SELECT id FROM public.t2;
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON public.t3 FOR EACH ROW EXECUTE FUNCTION public.touch();
COMMENT ON TABLE public.t4 IS 'before';
"""

PLANTED = (
    ("CREATE TABLE public.extra (id int)", "public.extra"),
    ("DROP TABLE public.t10", "public.t10"),
    ("ALTER TABLE public.t11 ADD note text", "public.t11.note"),
    ("ALTER TABLE public.t12 DROP data", "public.t12.data"),
    ("ALTER TABLE public.t13 ALTER tags TYPE varchar[]", "public.t13.tags"),
    ("ALTER TABLE public.t14 ALTER name DROP NOT NULL", "public.t14.name"),
    ("ALTER TABLE public.t15 ALTER name SET DEFAULT 'x'", "public.t15.name"),
    ("ALTER TABLE public.t16 ALTER id DROP IDENTITY", "public.t16.id"),
    ("DROP INDEX public.t17_owner", "public.t17.t17_owner"),
    ("CREATE INDEX t18_more ON public.t18 (made)", "public.t18.t18_more"),
    (
        "DROP INDEX public.t19_owner; CREATE INDEX t19_owner ON public.t19 (owner, made)",
        "public.t19.t19_owner",
    ),
    ("ALTER TABLE public.t20 DROP CONSTRAINT t20_price_check", "public.t20.t20_price_check"),
    ("ALTER TABLE public.t21 DROP CONSTRAINT t21_parent_fkey", "public.t21.t21_parent_fkey"),
    ("ALTER TABLE public.t22 ADD UNIQUE (name)", "public.t22.t22_name_key"),
    ("ALTER TABLE public.t23 ADD CHECK (made > '2020-01-01')", "public.t23.t23_made_check"),
    ("DROP POLICY t24_own ON public.t24", "public.t24.t24_own"),
    ("ALTER POLICY t25_own ON public.t25 USING (true)", "public.t25.t25_own"),
    ("CREATE POLICY t26_new ON public.t26 FOR SELECT USING (true)", "public.t26.t26_new"),
    ("ALTER TABLE public.t27 DISABLE ROW LEVEL SECURITY", "public.t27"),
    ("ALTER TABLE public.t28 FORCE ROW LEVEL SECURITY", "public.t28"),
    ("CREATE OR REPLACE FUNCTION public.f1(n int) RETURNS int LANGUAGE sql AS 'SELECT 0'", "f1("),
    ("ALTER FUNCTION public.f2 SECURITY DEFINER", "f2("),
    ("DROP FUNCTION public.f3", "f3("),
    ("ALTER TYPE public.mood ADD VALUE 'glad'", "public.mood"),
    ("ALTER SEQUENCE public.counter INCREMENT 5", "public.counter"),
    ("CREATE OR REPLACE VIEW public.seen AS SELECT id FROM public.t5", "public.seen"),
    ("ALTER TABLE public.t3 DISABLE TRIGGER touched", "public.t3.touched"),
    ("COMMENT ON TABLE public.t4 IS 'after'", "public.t4"),
    ("GRANT SELECT ON public.t29 TO PUBLIC", "public.t29"),
    ("ALTER TABLE public.t30 REPLICA IDENTITY FULL", "public.t30"),
)  # fmt: skip
"""(what is done to one of the databases, how our report names the object)."""

BARE = """\
import os, psycopg
from concurrent.futures import ThreadPoolExecutor

def read(url):
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        with cursor.copy(open("statement.sql").read()) as copy:
            return len(b"".join(copy))

with ThreadPoolExecutor(2) as pool:
    print(sum(pool.map(read, (os.environ["ONE"], os.environ["TWO"]))))
"""


READ = """\
from pathlib import Path
from migrate_hooks.actions import drift_read
from migrate_hooks.config import load, targets

settings = load.load(Path("."), None, {})
print(len(drift_read.one(targets.target(settings, "dev"), None).reading.lines))
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """One run: seconds by the clock, and seconds of the processor that its processes took."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two databases by their DSN, and the variables that programs find them in."""

    one: str
    two: str

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of every program that is measured."""
        return {
            **ENVIRONMENT, "ONE": self.one, "TWO": self.two,
            "DATABASE_URL_DEV": self.one, "DATABASE_URL_STAGING": self.two,
        }  # fmt: skip


def build(tables: int) -> Iterator[str]:
    """Yield the SQL of both databases, in transactions whose locks a server has room for."""
    for first in range(1, tables + 1, 100):
        numbers = range(first, min(first + 100, tables + 1))
        yield "".join(map(TABLE.format, numbers))
    yield "".join(map(FUNCTION.format, range(1, tables // 4 + 1))) + GROUND


@contextmanager
def database(server: embedded.Server) -> Iterator[tuple[str, str]]:
    """Make an empty database, and drop it in the end; yield its name and DSN."""
    name = f"drift_{uuid4().hex[:12]}"
    embedded.make_database(server, name)
    # Not as a host: a peer's library takes no folder there.
    host = quote(str(server.sockets), safe="")
    try:
        yield name, f"postgresql://postgres@/{name}?host={host}"
    finally:
        with connect(server, "postgres") as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def databases(server: embedded.Server, tables: int) -> Iterator[Pair]:
    """Make both databases, the second with everything planted, and drop them in the end."""
    with database(server) as (one, first), database(server) as (two, second):
        for name in (one, two):
            with connect(server, name) as each:
                for words in build(tables):
                    each.execute(words.encode())
        with connect(server, two) as other:
            for words, _ in PLANTED:
                other.execute(words.encode())
        for name in (one, two):
            with connect(server, name) as each:
                each.execute("VACUUM ANALYZE")
        yield Pair(first, second)


def connect(server: embedded.Server, name: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Open one database, each statement a transaction of its own."""
    return psycopg.connect(host=str(server.sockets), user="postgres", dbname=name, autocommit=True)


def contestants(pair: Pair, major: int) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the commands of each by name; ours is the first."""
    program = str(BIN / "migrate-hooks")
    ours = (program, "drift", "--format=json", "--source=dev", "--target=staging")
    found: dict[str, tuple[tuple[str, ...], ...]] = {"migrate-hooks": (ours,)}
    found["bare psycopg"] = ((sys.executable, "bare.py"),)
    dump = str(pg_tools.installation(major).bin / "pg_dump")
    found["pg_dump -s, twice"] = ((dump, "-s", pair.one), (dump, "-s", pair.two))
    if migra := _migra():
        found["migra"] = ((migra, "--unsafe", pair.one, pair.two),)
    if pgkit := _pgkit():
        found["@pgkit/migra"] = ((pgkit, "run", "--unsafe", "true", pair.one, pair.two),)
    return found


def _migra() -> str | None:
    folder = PEERS / "migra"
    if not (folder / "bin" / "migra").exists():
        packages = ("migra", "psycopg2-binary", "setuptools<80", "sqlalchemy<2.1")
        _fetch([sys.executable, "-m", "venv", str(folder)])
        _fetch([str(folder / "bin" / "pip"), "install", "-q", *packages])
    return which("migra", path=str(folder / "bin"))


def _pgkit() -> str | None:
    folder = PEERS / "pgkit"
    if not folder.exists() and which("npm"):
        folder.mkdir(parents=True)
        _fetch(["npm", "install", "--silent", "--prefix", str(folder), "@pgkit/migra"])
    return which("migra", path=str(folder / "node_modules" / ".bin"))


def _fetch(words: Sequence[str]) -> None:
    subprocess.run(words, check=False, capture_output=True, timeout=300)


def seconds(
    commands: Sequence[Sequence[str]], folder: Path, variables: Mapping[str, str]
) -> tuple[Spent, str]:
    """Run the commands one after the other; return what that took, and what they printed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    said = [
        subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True)
        for words in commands
    ]
    spent, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(spent, cpu), "".join(each.stdout for each in said)


def judge(name: str, said: str) -> str:
    """Return how many planted differences were found, and how much else was.

    Ours lists differences; of a peer's script each statement counts by the names in it.
    """
    if name == "migrate-hooks":
        shown = [one["identity"] for one in json.loads(said)["differences"]]
        found = sum(any(mark in each for each in shown) for _, mark in PLANTED)
        return f"{found} of {len(PLANTED)}, {len(shown) - len(PLANTED)} invented"
    if "migra" not in name:
        return ""
    last = [mark.rstrip("(").rpartition(".")[2] for _, mark in PLANTED]
    other = [
        text
        for text in (one.text for one in statements(said))
        if not any(mark in text for mark in last) and not text.lower().startswith("set ")
    ]
    return f"{sum(mark in said for mark in last)} of {len(last)} names, {len(other)} invented"


def show(taken: Mapping[str, Sequence[Spent]], judged: Mapping[str, str], title: str) -> None:
    """Print a line for each, the first one's time over its own."""
    ours = next(iter(taken.values()))
    for name, runs in taken.items():
        quickest = min(one.wall for one in runs)
        middle = statistics.median(one.wall for one in runs)
        cpu = min(one.cpu for one in runs)
        ratios = (
            min(one.wall for one in ours) / quickest,
            statistics.median(one.wall for one in ours) / middle,
        )
        print(
            f"{title}  {name:20} {quickest:6.2f} s {ratios[0]:6.2f}x   middle {middle:6.2f} s "
            f"{ratios[1]:6.2f}x   cpu {cpu:5.2f} s  {judged.get(name, '')}"
        )


def compete(tables: int, folder: Path, server: embedded.Server) -> None:
    """Measure all in turns, and print a line for each."""
    everything = dict(enumerate(snapshot.kinds()))
    version = server.major * 10_000
    with databases(server, tables) as pair:
        (folder / "statement.sql").write_text(rows.statement(everything, version))
        (folder / "bare.py").write_text(BARE)
        rivals = contestants(pair, server.major)
        taken: dict[str, list[Spent]] = {name: [] for name in rivals}
        said = {}
        for turn in range(ROUNDS):
            for name, commands in rivals.items():
                if turn >= SLOW_ROUNDS and "migra" in name and name != "migrate-hooks":
                    continue  # slow, and two are enough to know the ratio
                spent, said[name] = seconds(commands, folder, pair.variables)
                taken[name].append(spent)
    show(taken, {name: judge(name, text) for name, text in said.items()}, f"{tables:,} tables")


def alone(tables: int, folder: Path, server: embedded.Server) -> None:
    """Measure `drift --env` of an environment whose migrations were replayed before."""
    home = folder / "env"
    texts = [TABLE.format(number) for number in range(1, tables + 1)] + [GROUND]
    for number, text in enumerate(texts):
        file = home / "migrations" / f"{20260101000000 + number}_part.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"-- UP Migration\n{text}\n-- DOWN: irreversible because of a benchmark\n")
    (home / "migrate-hooks.toml").write_text("[environments.dev]\n")
    (home / "read.py").write_text(READ)
    subprocess.run(["git", "init", "-q"], cwd=home, check=True)
    program = str(BIN / "migrate-hooks")
    drift = (program, "drift", "--env=dev")
    with database(server) as (_, url):
        variables = {**ENVIRONMENT, "DATABASE_URL_DEV": url}
        apply = (program, "apply", "--env=dev", "--allow=branch", "--allow=dirty")
        seconds((apply, drift, drift), home, variables)
        taken: dict[str, list[Spent]] = {"drift --env": [], "reading it": []}
        for _ in range(ROUNDS):
            taken["drift --env"].append(seconds((drift,), home, variables)[0])
            taken["reading it"].append(seconds(((sys.executable, "read.py"),), home, variables)[0])
    show(taken, {}, f"{tables:,} tables")


def largest(folder: Path, server: embedded.Server) -> None:
    """Print how large our process gets with many tables."""
    with databases(server, MOST) as pair:
        commands = contestants(pair, server.major)["migrate-hooks"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        spent, said = seconds(commands, folder, pair.variables)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    size = f"{after // 1024} MiB" if after > before else f"below {before // 1024} MiB"
    found = judge("migrate-hooks", said)
    print(f"{MOST:,} tables  migrate-hooks      {spent.wall:6.2f} s  {size}, {found}")


def main() -> None:
    """Measure, print."""
    server = embedded.ensure(18)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if len(sys.argv) > 1:
            compete(int(sys.argv[1]), folder, server)
            alone(int(sys.argv[1]), folder, server)
            return
        largest(folder, server)
        compete(1_000, folder, server)
        alone(1_000, folder, server)


if __name__ == "__main__":
    main()
