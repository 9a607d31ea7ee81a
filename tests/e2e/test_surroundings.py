"""Strange surroundings: streams that are closed, no home, odd paths, another git, a crowd."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from migrate_hooks.outside import embedded
from tests import repo as repositories
from tests.databases import Database, drop, make
from tests.e2e.trouble import FIRST, GOOD, NO_STYLE, UP, ask, assert_harmless, contents, no_bug
from tests.program import Program
from tests.repo import Repo


def redirected(folder: Path, how: str) -> Program:
    """Return the program whose streams the shell changes, as in "lint >&-"."""
    program = Program(folder)
    program.start = ("sh", "-c", f'exec "$0" "$@" {how}', *Program.start)
    return program


@pytest.fixture
def simple(repo: Repo) -> Repo:
    repo.write("migrate-hooks.toml", NO_STYLE)
    repo.write(FIRST, GOOD)
    repo.commit()
    return repo


@pytest.mark.parametrize("how", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_change_no_outcome(simple: Repo, how: str) -> None:
    program = redirected(simple.path, how)
    for number, (line, code) in enumerate(
        (
            ("lint --all", 0),
            ("status --env=nope --format=json", 2),
            ("new thing{}", 0),
            ("nope", 2),
            ("--help", 0),
            ("hook pre-push origin url", 0),
        )
    ):
        done = no_bug(program(*line.format(number).split()))
        assert done.code == code, (line, done)
    fresh = [file for file in (simple.path / "migrations").iterdir() if "thing" in file.name]
    assert [file.read_text().startswith("-- ====") for file in fresh] == [True]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_report_that_cannot_be_written_is_not_lost_silently(
    simple: Repo, database: Database
) -> None:
    simple.write(".env.dev", f"DATABASE_URL={database.url}\n")
    program = redirected(simple.path, "> /dev/full")
    for line in ("config show", "lint --all --format=json", "--help", "--version"):
        done = no_bug(program(*line.split()))
        assert (done.code, "No space left on device" in done.stderr) == (1, True), (line, done)
    assert no_bug(program("status", "--env=nope")).code == 2
    deaf = redirected(simple.path, "2> /dev/full")
    assert no_bug(deaf("status", "--env=nope")).code == 2
    assert no_bug(deaf("apply", "--env=dev")).code == 0, "progress that nobody sees stops nothing"
    assert database.run("SELECT to_regclass('public.orders')") == [("orders",)]


def test_a_terminal_that_knows_only_ascii(simple: Repo) -> None:
    name = "migrations/20250102000000_ünï_日本_✓.sql"
    simple.write(name, UP)
    program = Program(simple.path)
    for variables in (
        {"LANG": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii:strict"},
    ):
        for line in ("lint --all", f"lint {name}", "lint --all --format=json", "new ünï2 -q"):
            done = no_bug(program(*line.split(), env=variables))
            assert (done.stdout + done.stderr).isascii()
        ask(program, f"lint {name}", 1, "naming/file-name", env=variables)
        for fresh in (simple.path / "migrations").glob("*_uni2.sql"):
            fresh.unlink()


def test_without_a_home(simple: Repo) -> None:
    program = Program(simple.path)
    program.start = ("env", "-u", "HOME", "-u", "XDG_CACHE_HOME", *Program.start)
    for line in ("lint --all", "config show", "install", "hook pre-commit"):
        ask(program, line, 0)


def test_in_a_folder_that_is_gone(tmp_path: Path, simple: Repo) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = Program(gone)
    program.start = ("sh", "-c", 'rmdir "$PWD" && exec "$0" "$@"', *Program.start)
    for line in ("lint --all", "config show", "install", "status --env=dev", "new thing"):
        ask(program, line, 2, "The current folder is not there any more")
        gone.mkdir()
    ask(program, f"lint --all -C {simple.path}", 0)


@pytest.mark.parametrize("name", ["quo'te\"s and ünï $HOME `id`", "new\nline \udcff"])
def test_a_repository_with_a_strange_path(
    tmp_path: Path, server: embedded.Server, name: str
) -> None:
    """The hooks that are installed there run there, and stop what is bad."""
    repo = repositories.new(tmp_path / name)
    repo.write("migrate-hooks.toml", NO_STYLE)
    repo.write(FIRST, GOOD)
    program = Program(repo.path)
    for line in ("install", "install --check", "lint --all", "new thing", "env check"):
        done = assert_harmless(program(*line.split()))
        assert done.code == (3 if line.startswith("env") else 0), done
    next(repo.path.glob("migrations/*_thing.sql")).unlink()
    repo.git("add", ".")
    repo.git("commit", "-q", "-m", "Good")
    repo.write("migrations/20250102000000_bad.sql", UP)
    repo.git("add", ".")
    assert "sections/down-missing" in repo.git("commit", "-m", "Bad", check=False)
    made = embedded.make_database(server, f"p_{len(name)}", str(repo.path))
    assert made["dbname"] == f"p_{len(name)}"


def test_a_calling_git_does_not_decide_which_repository_is_meant(
    simple: Repo, tmp_path: Path
) -> None:
    """Its GIT_DIR is that of the repository it was called in; -C and cd lead elsewhere."""
    other = repositories.new(tmp_path / "other")
    other.write("migrations/20250102000000_bad.sql", UP)
    other.git("add", ".")
    there = Program(other.path)
    bound = {"GIT_DIR": str(simple.path / ".git"), "GIT_WORK_TREE": str(simple.path)}
    ask(there, "lint --staged --no-style", 1, "Judged 1 staged migration", env=bound)
    ask(Program(simple.path), f"lint --staged --no-style -C {other.path}", 1, env=bound)
    before = contents(simple.path)
    assert ask(there, "install", 0, env=bound)
    assert contents(simple.path) == before
    assert (other.path / ".git/hooks/pre-commit").exists()
    ask(Program(simple.path), "lint --staged", 0, "Judged 0 staged migrations", env=bound)
    ask(there, "lint --staged --no-style", 1, env={"GIT_DIR": str(tmp_path / "nowhere")})
    shutil.rmtree(other.path / ".git")
    ask(there, "lint --staged", 0, "Judged 0 staged migrations against main", env=bound)


@pytest.fixture
def crowd(repo: Repo, server: embedded.Server) -> Iterator[Program]:
    """2,000 migrations, of which half are applied."""
    first = datetime(2020, 1, 1)
    versions = [f"{first + timedelta(minutes=number):%Y%m%d%H%M%S}" for number in range(2_000)]
    for number, version in enumerate(versions):
        text = GOOD.replace("orders", f"t{number}")
        repo.write(f"migrations/{version}_create_t{number}.sql", text)
    database = make(server)
    repo.write(".env.dev", f"DATABASE_URL={database.url}\n")
    database.run("CREATE SCHEMA supabase_migrations")
    database.run("CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY)")
    rows = ", ".join(f"('{version}')" for version in versions[:1_000])
    database.run(f"INSERT INTO supabase_migrations.schema_migrations VALUES {rows}")
    yield Program(repo.path)
    drop(server, database)


def test_two_thousand_migrations(crowd: Program) -> None:
    states = [one["state"] for one in ask(crowd, "status --env=dev", 0)["entries"]]
    assert (states.count("applied"), states.count("pending")) == (1_000, 1_000)
    found = ask(crowd, "lint --all --no-style", 0, "Judged 2000 migrations")
    assert [one for one in found["findings"] if one["severity"] == "critical"] == []
