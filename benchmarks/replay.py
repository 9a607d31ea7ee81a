"""How much of real projects' migrations the scratch server takes: a count for each set.

The sets come from npm and pip, into our cache folder; one that cannot be had is named. Each
becomes a repository of files that our layouts read, and is replayed like an environment to which
all of it was applied: one that fails is named with PostgreSQL's reason, and the rest goes on.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from migrate_hooks.actions import replay, replay_ground, sources
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import Piece, Setup, Shot
from migrate_hooks.actions.sources import Source
from migrate_hooks.config import load
from migrate_hooks.errors import ReplayFailed
from migrate_hooks.model.environment import Target
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside.files import cache_folder
from migrate_hooks.schema.snapshot import Reading

FETCHED = cache_folder() / "benchmarks" / "sets"
PGPM = ("verify", "types", "base32", "inflection", "database-jobs")
MAJOR = 18

Texts = Iterable[tuple[str, str]]
"""(name, SQL) of migrations, in order."""


@dataclass(frozen=True, slots=True)
class Real:
    """One set: `package` with its installer, the folder inside, and how its files are read.

    `prelude` is what its own tool makes before the first file; `layout` is Prisma's or Supabase's
    where the set has one of these itself.
    """

    package: str
    folder: str
    read: Callable[[Path], Texts]
    prelude: str = ""
    layout: str = ""
    also: tuple[str, ...] = field(default=())


def sorted_files(folder: Path) -> Texts:
    """Yield the files of a folder by name."""
    for file in sorted(folder.glob("*.sql")):
        yield file.stem, file.read_text("utf-8")


def graphile(folder: Path) -> Texts:
    """Yield files with a placeholder for the schema that the tool makes."""
    for name, text in sorted_files(folder):
        yield name, text.replace(":GRAPHILE_WORKER_SCHEMA", "graphile_worker")


def folders(folder: Path) -> Texts:
    """Yield one file of each folder: Prisma's way."""
    for file in sorted(folder.glob("*/migration.sql")):
        yield file.parent.name, file.read_text("utf-8")


def planned(folder: Path) -> Texts:
    """Yield what the plans of several sqitch projects deploy, one project behind the other."""
    for project in PGPM:
        home = folder / project
        plan = (home / "pgpm.plan").read_text("utf-8")
        for name in re.findall(r"^([^%@\s]\S*)", plan, re.MULTILINE):
            yield f"{project}/{name}", (home / "deploy" / f"{name}.sql").read_text("utf-8")


SETS = (
    Real("pip:litellm-proxy-extras", "litellm_proxy_extras/migrations", folders, layout="prisma"),
    Real("pip:procrastinate", "procrastinate/sql/migrations", sorted_files),
    Real("npm:@paperclipai/db", "dist/migrations", sorted_files),
    Real("npm:graphile-worker", "sql", graphile, "CREATE SCHEMA graphile_worker;"),
    Real(
        "npm:@supabase/stripe-sync-engine",
        "dist/migrations",
        sorted_files,
        "CREATE SCHEMA stripe; SET search_path = stripe, public;",
    ),
    Real("npm:@pgflow/core", "dist/supabase/migrations", sorted_files, layout="supabase"),
    Real(
        "npm:@pgpm/verify",
        "..",
        planned,
        'CREATE EXTENSION citext; CREATE EXTENSION unaccent; CREATE EXTENSION "uuid-ossp";'
        "CREATE EXTENSION pgcrypto; CREATE ROLE administrator; CREATE ROLE authenticated;"
        "CREATE ROLE anonymous;",
        also=tuple(f"@pgpm/{name}" for name in PGPM[1:]),
    ),
)


def fetch(real: Real) -> Path | None:
    """Return the folder with the files of a set; None when the package is not to be had."""
    installer, _, name = real.package.partition(":")
    FETCHED.mkdir(parents=True, exist_ok=True)
    place = FETCHED / ("node_modules" if installer == "npm" else "python") / name
    if installer == "npm":
        words = ["npm", "install", "--silent", "--no-audit", "--ignore-scripts", name, *real.also]
        home = place
    else:
        words = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "-t", str(place), name]
        home = place
    if not home.exists():
        subprocess.run(words, cwd=FETCHED, check=False, capture_output=True, timeout=300)
    found = (home / real.folder).resolve()
    return found if found.is_dir() else None


def lay_out(real: Real, folder: Path, root: Path) -> None:
    """Write a set as a repository: in its own layout, or one file a migration."""
    place = root / ("prisma/migrations" if real.layout == "prisma" else "supabase/migrations")
    for number, (name, text) in enumerate(real.read(folder), 1):
        plain = re.sub(r"\W+", "_", name)
        if real.layout == "prisma":
            file = place / name / "migration.sql"
        elif real.layout:
            file = place / f"{name}.sql"
        else:
            file = place / f"{20000101000000 + number}_{plain}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (root / "prelude.sql").write_text(real.prelude, "utf-8")
    prelude = [] if real.layout == "supabase" else ["prelude.sql" if real.prelude else "none"]
    words = f"[environments.dev]\n[scratch]\nprelude = {json.dumps(prelude)}\n"
    (root / "migrate-hooks.toml").write_text(words, "utf-8")
    subprocess.run(["git", "init", "-q", str(root)], check=True)


def whoever() -> Seen:
    """Return an environment of which only the version and the role are known."""
    nowhere = Target("dev", "nowhere", {}, None, "", "", "", "")
    return Seen(nowhere, (), MAJOR, "postgres", "postgres", Reading("dev", frozenset()))


def taken(settings: Settings, source: Source) -> Iterator[str]:
    """Yield a line for each migration that cannot be replayed; the rest is."""
    pieces = [Piece(one.path, one.up) for one in source.migrations]
    while True:
        try:
            shot = replay_ground.on_first_that_fits(
                settings, source, whoever(), partial(last, pieces)
            )
        except ReplayFailed as wrong:
            broken = next(one for one in pieces if wrong.message.startswith(one.label))
            pieces.remove(broken)
            yield wrong.message
        else:
            yield f"PostgreSQL {shot.reading.version // 10_000}, {_pretended(shot.standins)}"
            return


def _pretended(names: Iterable[str]) -> str:
    return f"stand-ins for {', '.join(names)}" if names else "no stand-ins"


def last(pieces: list[Piece], setup: Setup) -> Shot:
    """Return what is there after all pieces."""
    return replay.shots(setup, pieces, {len(pieces)})[len(pieces)]


def main() -> None:
    """Replay every set, print."""
    for real in SETS:
        folder = fetch(real)
        if folder is None:
            print(f"{real.package:34} not to be had, so not counted")
            continue
        with tempfile.TemporaryDirectory() as made:
            lay_out(real, folder, Path(made))
            settings = load.load(Path(made), None, {})
            source = sources.from_worktree(settings)
            started = time.perf_counter()
            *failed, where = taken(settings, source)
            spent = time.perf_counter() - started
        total = len(source.migrations)
        print(f"{real.package:34} {total - len(failed):4} of {total:4} {spent:6.1f} s  {where}")
        for line in failed[:5]:
            print(f"    {line}")


if __name__ == "__main__":
    main()
