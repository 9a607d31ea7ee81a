"""How long the hooks take beside what git would wait for anyway, in one run.

Milliseconds are this machine's, the ratios travel. A commit of one migration whose style is known,
beside `pre-commit run` with a hook that does nothing: at most 1.5x. A push of three branches with
200 tables behind each, beside a program that connects to the same three databases at once and reads
their ledgers and the same stamp of their catalogs: at most 1.6x where the same push was judged
before, at most 3x where the schema of one database has changed since.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg

from migrate_hooks.ledgers.adapters import supabase
from migrate_hooks.ledgers.base import placed
from migrate_hooks.outside import embedded
from migrate_hooks.schema import stamp

TABLES = 200
ROUNDS = 15
NAMES = ("dev", "staging", "production")
BRANCHES = ("dev", "staging", "main")
BIN = Path(sys.executable).parent
ENVIRONMENT = {
    **{name: text for name, text in os.environ.items() if name[:10] != "PYTHONDONT"},
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    "MIGRATE_HOOKS_PUSH_BUDGET": "60s",  # the first push replays everything
    "GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@example.invalid",
    "GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "bench@example.invalid",
}  # fmt: skip
TABLE = """
CREATE TABLE public.t{0} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner uuid NOT NULL,
    parent bigint REFERENCES public.t{0}, name text NOT NULL DEFAULT '',
    price numeric(10, 2) CHECK (price >= 0), made timestamptz NOT NULL DEFAULT now());
CREATE INDEX t{0}_owner ON public.t{0} (owner);
ALTER TABLE public.t{0} ENABLE ROW LEVEL SECURITY;
CREATE POLICY t{0}_own ON public.t{0} USING (owner = '00000000-0000-0000-0000-000000000000'::uuid);
"""
ONE_MORE = (
    "-- UP Migration\nCREATE TABLE u (id bigint PRIMARY KEY);\n\n-- DOWN Migration\nDROP TABLE u;\n"
)
NO_HOOK = """\
repos:
  - repo: local
    hooks: [{id: nothing, name: nothing, language: system, entry: "true", files: sql}]
"""
BARE = """\
import os, psycopg
from concurrent.futures import ThreadPoolExecutor

def read(url):
    with psycopg.connect(url, autocommit=True) as connection:
        texts = [open(name).read() for name in ("ledger.sql", "stamp.sql")]
        return [connection.execute(text).fetchall() for text in texts]

with ThreadPoolExecutor(3) as pool:
    urls = [os.environ["DATABASE_URL_" + name] for name in ("DEV", "STAGING", "PRODUCTION")]
    print(sum(len(found[0]) for found in pool.map(read, urls)))
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A repository with hooks and three branches, and the DSNs of its databases by environment."""

    folder: Path
    urls: Mapping[str, str]
    lines: str = ""

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of everything that runs in it."""
        named = {f"DATABASE_URL_{name.upper()}": url for name, url in self.urls.items()}
        return {**ENVIRONMENT, **named}

    def run(self, *words: str, stdin: str = "") -> str:
        """Run a command that must end well; return what it printed."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.variables, input=stdin, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout + done.stderr

    def change(self, number: int) -> None:
        """Change the schema of staging by hand, in a way that blocks nothing."""
        with psycopg.connect(self.urls["staging"], autocommit=True) as connection:
            connection.execute(f"COMMENT ON TABLE public.t1 IS 'round {number}'".encode())


@contextmanager
def databases(server: embedded.Server) -> Iterator[dict[str, str]]:
    """Make three databases with DSNs, and drop them in the end."""
    made = {name: f"hooks_{uuid4().hex[:12]}" for name in NAMES}
    host = quote(str(server.sockets), safe="")
    with psycopg.connect(host=str(server.sockets), user="postgres", autocommit=True) as admin:
        try:
            for database in made.values():
                embedded.make_database(server, database)
            yield {n: f"postgresql://postgres@/{one}?host={host}" for n, one in made.items()}
        finally:
            for database in made.values():
                admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())


def project(folder: Path, urls: Mapping[str, str]) -> Project:
    """Make a repository whose one migration is applied everywhere, with a commit to push."""
    made = Project(folder / "shop", urls)
    (made.folder / "migrations").mkdir(parents=True)
    up = "".join(map(TABLE.format, range(1, TABLES + 1)))
    down = "".join(f"DROP TABLE public.t{number};\n" for number in range(1, TABLES + 1))
    file = made.folder / "migrations" / "20260101000000_create_tables.sql"
    file.write_text(f"-- UP Migration\n{up}\n-- DOWN Migration\n{down}")
    made.run("git", "init", "-q", "-b", "main", ".")
    made.run("git", "init", "-q", "--bare", "../remote.git")
    made.run("git", "remote", "add", "origin", "../remote.git")
    made.run("git", "add", ".")
    made.run("git", "commit", "-q", "-m", "Start")
    for branch in BRANCHES[:2]:
        made.run("git", "branch", branch)
    made.run("git", "push", "-q", "origin", *BRANCHES)
    for name in NAMES:
        said = ("--force", f"--yes={name}", "--allow=stale-backup", "--allow=branch")
        made.run("migrate-hooks", "apply", f"--env={name}", *said)
    made.run("migrate-hooks", "install")
    before = made.run("git", "rev-parse", "HEAD").strip()
    made.run("git", "commit", "-q", "--allow-empty", "-m", "Work")
    head = made.run("git", "rev-parse", "HEAD").strip()
    lines = (f"refs/heads/main {head} refs/heads/{branch} {before}\n" for branch in BRANCHES)
    return Project(made.folder, urls, "".join(lines))


def write_peers(made: Project, version: int) -> None:
    """Write what the bare program reads, and a pre-commit configuration that does nothing."""
    (made.folder / "ledger.sql").write_text(placed(supabase.LEDGER).select)
    (made.folder / "stamp.sql").write_text(stamp.query(version))
    (made.folder / "bare.py").write_text(BARE)
    (made.folder / ".pre-commit-config.yaml").write_text(NO_HOOK)
    (made.folder / "migrations" / "20260102000000_create_u.sql").write_text(ONE_MORE)
    made.run("git", "add", "migrations", ".pre-commit-config.yaml")


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compete(
    title: str,
    promise: str,
    rivals: Mapping[str, Callable[[], object]],
    before: Callable[[int], None] = lambda _number: None,
) -> None:
    """Measure all in turns, ours first, and print the medians and our ratio.

    `before` is done before each turn, by its number, and not measured.
    """
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for number in range(ROUNDS):
        before(number)
        for name, work in rivals.items():
            taken[name].append(seconds(work))
    tell(title, promise, *((name, statistics.median(times)) for name, times in taken.items()))


def tell(title: str, promise: str, ours: tuple[str, float], peer: tuple[str, float]) -> None:
    """Print two medians by name, and our ratio."""
    told = ", ".join(f"{name} {spent * 1000:.0f} ms" for name, spent in (ours, peer))
    print(f"{title}: {told}, {ours[1] / peer[1]:.2f}x (promised {promise})")


def hook(made: Project, name: str, *words: str, stdin: str = "") -> Callable[[], str]:
    """Return what calls an installed hook as git does."""
    return partial(made.run, f".git/hooks/{name}", *words, stdin=stdin)


def main() -> None:
    """Measure, print."""
    server = embedded.ensure(18)
    with tempfile.TemporaryDirectory() as folder, databases(server) as urls:
        made = project(Path(folder), urls)
        write_peers(made, server.major * 10_000)
        commit, push = (
            hook(made, "pre-commit"),
            hook(made, "pre-push", "origin", "url", stdin=made.lines),
        )
        commit()
        push()
        bare = partial(made.run, sys.executable, "bare.py")
        nothing = partial(made.run, "pre-commit", "run")
        nothing()
        both: dict[str, Callable[[], object]] = {"ours": push, "bare psycopg": bare}
        compete("commit of one migration", "1.5x", {"ours": commit, "pre-commit": nothing})
        compete("push as before", "1.6x", both)
        compete("push after a change", "3x", both, made.change)


if __name__ == "__main__":
    main()
