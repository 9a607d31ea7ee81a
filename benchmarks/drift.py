"""How long `migrate-hooks drift` takes beside other tools and programs, and what each finds.

Milliseconds are this machine's, the ratios travel. Two databases of the embedded server get a
thousand tables of eight columns with keys, indexes, policies and functions; then thirty differences
are planted in one. The promises: at most 0.25x of migra, 1.0x of `pg_dump -s` of both, 1.4x of a
program that only copies the same rows out; all of the differences found, none invented. Five
thousand tables stay below 400 MB. `drift.py 100` takes another number of tables. Peers are fetched
once; one that cannot be had is not measured.
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

ROUNDS = 5
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
def databases(server: embedded.Server, tables: int) -> Iterator[Pair]:
    """Make both databases, the second with everything planted, and drop them in the end."""
    names = [f"drift_{uuid4().hex[:12]}" for _ in range(2)]
    admin = psycopg.connect(host=str(server.sockets), user="postgres", autocommit=True)
    try:
        embedded.make_database(server, names[0])
        with connect(server, names[0]) as first:
            for words in build(tables):
                first.execute(words.encode())
        admin.execute(f'CREATE DATABASE "{names[1]}" TEMPLATE "{names[0]}"'.encode())
        with connect(server, names[1]) as second:
            for words, _ in PLANTED:
                second.execute(words.encode())
        for name in names:
            with connect(server, name) as each:
                each.execute("VACUUM ANALYZE")
        # Not as a host: a peer's library takes no folder there.
        host = quote(str(server.sockets), safe="")
        yield Pair(*(f"postgresql://postgres@/{name}?host={host}" for name in names))
    finally:
        for name in names:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        admin.close()


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


def seconds(commands: Sequence[Sequence[str]], folder: Path, pair: Pair) -> tuple[float, str]:
    """Run the commands one after the other; return how long that took, and what they printed."""
    started = time.perf_counter()
    said = [
        subprocess.run(words, cwd=folder, env=pair.variables, capture_output=True, text=True)
        for words in commands
    ]
    return time.perf_counter() - started, "".join(each.stdout for each in said)


def judge(name: str, said: str) -> str:
    """Return how many planted differences were found, and for ours how many were invented."""
    if name == "migrate-hooks":
        shown = [one["identity"] for one in json.loads(said)["differences"]]
        missed = [mark for _, mark in PLANTED if not any(mark in each for each in shown)]
        return (
            f"{len(PLANTED) - len(missed)} of {len(PLANTED)}, {len(shown) - len(PLANTED)} invented"
        )
    if "migra" not in name:
        return ""
    last = [mark.rstrip("(").rpartition(".")[2] for _, mark in PLANTED]
    return f"names {sum(mark in said for mark in last)} of {len(last)}"


def compete(tables: int, folder: Path, server: embedded.Server) -> None:
    """Measure all in turns, and print a line for each."""
    everything = dict(enumerate(snapshot.kinds()))
    version = server.major * 10_000
    with databases(server, tables) as pair:
        (folder / "statement.sql").write_text(rows.statement(everything, version))
        (folder / "bare.py").write_text(BARE)
        rivals = contestants(pair, server.major)
        taken: dict[str, list[float]] = {name: [] for name in rivals}
        said = {}
        for turn in range(ROUNDS):
            for name, commands in rivals.items():
                if turn > 1 and "migra" in name and name != "migrate-hooks":
                    continue  # slow, and the ratio is far from any promise
                spent, said[name] = seconds(commands, folder, pair)
                taken[name].append(spent)
    ours = statistics.median(taken["migrate-hooks"])
    for name, times in taken.items():
        spent = statistics.median(times)
        ratio = f"{ours / spent:.2f}x"
        print(f"{tables:,} tables  {name:18} {spent:6.2f} s  {ratio:>6}  {judge(name, said[name])}")


def largest(folder: Path, server: embedded.Server) -> None:
    """Print how large our process gets with many tables."""
    with databases(server, MOST) as pair:
        commands = contestants(pair, server.major)["migrate-hooks"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        spent, said = seconds(commands, folder, pair)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    size = f"{after // 1024} MiB" if after > before else f"below {before // 1024} MiB"
    found = judge("migrate-hooks", said)
    print(f"{MOST:,} tables  migrate-hooks      {spent:6.2f} s  {size}, {found}")


def main() -> None:
    """Measure, print."""
    server = embedded.ensure(18)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if len(sys.argv) > 1:
            compete(int(sys.argv[1]), folder, server)
            return
        largest(folder, server)
        compete(1_000, folder, server)


if __name__ == "__main__":
    main()
