"""pre-commit, prek, lefthook and husky, the real ones: as the way to run us, and beside ours."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests import repo as repositories
from tests.program import Program
from tests.repo import Repo

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FRAMEWORKS = ("pre-commit", "prek")

# Where the developer's pip and uv are configured; a test's own home knows of no package index.
HOME = str(Path.home())
# And where they keep what they fetched; only what they make of it is the test's own.
CACHES = os.environ.get("XDG_CACHE_HOME", f"{HOME}/.cache")

GOOD = "migrations/20260102030405_add_orders.sql"
BAD = "migrations/20260102030406_add_items.sql"
UP = "-- UP Migration\nCREATE TABLE public.{0} (id bigint PRIMARY KEY);\n"
DOWN = "\n-- DOWN Migration (rollback)\nDROP TABLE public.{0};\n"

LOCAL = f"""\
repos:
  - repo: local
    hooks:
      - id: theirs
        name: their own hook
        entry: echo hello from theirs
        language: system
        stages: [pre-commit, pre-push]
        always_run: true
        verbose: true
      - id: migrate-hooks-pre-push
        name: ours through the framework
        entry: "'{sys.executable}' -P -m migrate_hooks hook pre-push"
        language: system
        stages: [pre-push]
        always_run: true
        pass_filenames: false
        verbose: true
"""


PINNED = """\
repos:
  - repo: {}
    rev: {}
    hooks:
      - id: migrate-hooks-lint
"""


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this checkout as they are now, committed to a repository of their own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = repositories.new(tmp_path_factory.mktemp("checkout"))
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy.path / name)
    who = ("-c", "user.name=Test Person", "-c", "user.email=test@example.invalid")
    copy.git("add", "--all")
    copy.git(*who, "commit", "--quiet", "--message", "as it is now")
    return copy.path


@pytest.fixture
def project(repo: Repo, tmp_path: Path) -> Repo:
    """A repository with one migration, a remote, and a configuration of its framework."""
    remote = repositories.new(tmp_path / "remote.git", "--bare")
    repo.git("remote", "add", "origin", str(remote.path))
    repo.write(".pre-commit-config.yaml", LOCAL)
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    repo.write(GOOD, (UP + DOWN).format("orders"))
    repo.commit("first")
    return repo


def framework(repo: Repo, name: str, *words: str | Path, **env: str) -> tuple[int, str]:
    """Run pre-commit or prek; return its exit code and what it printed."""
    done = subprocess.run(
        [BIN / name, *words],
        cwd=repo.path,
        # prek installs with uv, which trusts the system's certificates only when told to.
        env={**os.environ, "UV_NATIVE_TLS": "1", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def hook(repo: Repo, name: str = "pre-push") -> Path:
    return repo.path / ".git" / "hooks" / name


def is_ours(file: Path) -> bool:
    return file.exists() and "A shim of migrate-hooks" in file.read_text()


def judged(said: str) -> set[str]:
    """Return the environments that a push was judged for, whoever called us."""
    return set(re.findall(r"^\s*(\w+)\b.*: (?:passes|BLOCKED)\b", said, re.M))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_installs_us_once_and_judges(
    name: str, project: Repo, checkout: Path, tmp_path: Path
) -> None:
    revision = Repo(checkout).git("rev-parse", "HEAD")
    project.write(".pre-commit-config.yaml", PINNED.format(checkout, revision))
    project.write(BAD, UP.format("items"))
    project.git("add", "--all")
    homes = {
        "HOME": HOME,
        "XDG_CACHE_HOME": CACHES,
        "PIP_NO_COMPILE": "1",
        "PRE_COMMIT_HOME": str(tmp_path / "h"),
        "PREK_HOME": str(tmp_path / "p"),
    }
    words = ("run", "migrate-hooks-lint", "--files")
    code, said = framework(project, name, *words, GOOD, **homes)
    assert (code, "Passed" in said) == (0, True), said
    code, said = framework(project, name, *words, GOOD, BAD, **homes)
    assert code == 1, said
    assert "sections/down-missing" in said
    assert f"{BAD}:" in said
    assert f"{GOOD}:" not in said


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_our_hook_is_there_first_and_still_sees_every_ref(
    name: str, project: Repo, cli: Program
) -> None:
    cli("install", cwd=project.path)
    framework(project, name, "install", "--hook-type", "pre-push")
    assert is_ours(hook(project, "pre-push.legacy"))
    assert cli("install", "--check", cwd=project.path).code == 0
    said = project.git("push", "origin", "main:dev", "main:staging", "main:work")
    assert "hello from theirs" in said
    assert judged(said) == {"dev", "staging"}
    framework(project, name, "uninstall", "--hook-type", "pre-push")
    assert is_ours(hook(project))
    assert not hook(project, "pre-push.legacy").exists()


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_theirs_is_there_first_and_still_runs(name: str, project: Repo, cli: Program) -> None:
    framework(project, name, "install", "--hook-type", "pre-push")
    before = hook(project).read_text()
    cli("install", cwd=project.path)
    assert is_ours(hook(project))
    said = project.git("push", "origin", "main:dev", "main:staging")
    assert said.count("hello from theirs") == 1
    assert judged(said) == {"dev", "staging"}
    cli("uninstall", cwd=project.path)
    assert hook(project).read_text() == before
    assert not hook(project, "pre-push.before-migrate-hooks").exists()


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_installed_on_either_side_of_ours_it_runs_once(
    name: str, project: Repo, cli: Program
) -> None:
    framework(project, name, "install", "--hook-type", "pre-commit")
    cli("install", cwd=project.path)
    framework(project, name, "install", "--hook-type", "pre-commit")
    assert is_ours(hook(project, "pre-commit.legacy"))
    project.write(BAD, UP.format("items"))
    project.git("add", BAD)
    said = project.git("commit", "--message", "bad", check=False)
    assert said.count("hello from theirs") == 1, said
    assert said.count("sections/down-missing") == 1, said
    project.write(BAD, (UP + DOWN).format("items"))
    project.git("add", BAD)
    assert project.git("commit", "--message", "good").count("hello from theirs") == 1
    cli("uninstall", cwd=project.path)
    assert project.git("commit", "--allow-empty", "-m", "more").count("hello from theirs") == 1


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_through_the_framework_a_push_is_judged_by_its_first_ref(name: str, project: Repo) -> None:
    framework(project, name, "install", "--hook-type", "pre-push")
    # The whole history is new: no commits are named, only the refs.
    said = project.git("push", "origin", "main:staging", "main:dev")
    assert judged(said) in ({"dev"}, {"staging"}), said
    project.write(BAD, UP.format("items"))
    project.commit("bad", "--no-verify")
    said = project.git("push", "origin", "main:staging", check=False)
    assert "sections/down-missing" in said
    assert "BLOCKED" in said


@pytest.fixture(scope="session")
def husky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of husky, as npm installs it."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("there is no npm to fetch husky with")
    folder = tmp_path_factory.mktemp("husky")
    words = ["npm", "pack", "--silent", "husky@9.1.7"]
    home = {**os.environ, "HOME": HOME}
    if subprocess.run(words, cwd=folder, env=home, capture_output=True, check=False).returncode:
        pytest.skip("npm could not fetch husky; is there a network?")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def on_path() -> dict[str, str]:
    """Return an environment in which PATH knows the program, as shared files need it."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def run(repo: Repo, *words: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        words, cwd=repo.path, env=on_path(), capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_husky_runs_ours_and_then_ours_runs_theirs(
    project: Repo, cli: Program, husky: Path
) -> None:
    code, said = run(project, "node", "-e", f"import('{husky}/index.js').then(it => it.default())")
    assert (code, project.git("config", "core.hooksPath")) == (0, ".husky/_"), said
    project.write(".husky/pre-commit", "echo hello from theirs\ntest ! -e stop\necho all of it\n")
    cli("install", cwd=project.path)
    project.write(BAD, UP.format("items"))
    project.git("add", BAD)
    code, said = run(project, "git", "commit", "--message", "bad")
    assert code == 1
    assert "hello from theirs\nall of it\n" in said
    assert "sections/down-missing" in said
    project.write("stop", "")
    code, said = run(project, "git", "commit", "--message", "bad")
    assert code == 1
    assert "all of it" not in said
    assert "sections/down-missing" not in said
    _, said = run(project, "git", "push", "origin", "main:dev", "main:staging")
    assert judged(said) == {"dev", "staging"}


def test_lefthook_calls_us_and_tells_every_ref(project: Repo) -> None:
    project.write("lefthook.yml", "pre-commit:\n  jobs:\n    - run: echo hello from theirs\n")
    run(project, BIN / "migrate-hooks", "install")
    run(project, BIN / "lefthook", "install")
    code, said = run(project, BIN / "migrate-hooks", "install", "--check")
    assert (code, "through lefthook" in said) == (0, True), said
    project.write(BAD, UP.format("items"))
    project.git("add", BAD)
    code, said = run(project, "git", "commit", "--message", "bad")
    assert code == 1
    assert "hello from theirs" in said
    assert "sections/down-missing" in said
    code, said = run(project, "git", "push", "origin", "main:dev", "main:staging")
    assert (code, judged(said)) == (0, {"dev", "staging"}), said


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_lines_that_we_write_for_a_framework_work(name: str, project: Repo) -> None:
    config = project.path / ".pre-commit-config.yaml"
    config.write_text(config.read_text().partition("      - id: migrate-hooks-pre-push")[0])
    _, said = run(project, BIN / "migrate-hooks", "install", "--via=pre-commit")
    told = next(line for line in said.splitlines() if "Now let it write its hooks" in line)
    framework(project, name, *told.partition(": pre-commit ")[2].split())
    code, said = run(project, BIN / "migrate-hooks", "install", "--check")
    assert (code, said.count("through pre-commit")) == (0, said.count(config.name)), said
    project.write(BAD, UP.format("items"))
    project.git("add", BAD, config.name)
    code, said = run(project, "git", "commit", "--message", "bad")
    assert (code, said.count("sections/down-missing")) == (1, 1), said
    assert "hello from theirs" in said


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_with_fix_the_commit_stops_once_and_goes_through_when_the_files_are_added(
    name: str, project: Repo
) -> None:
    entry = f"\"'{sys.executable}' -P -m migrate_hooks lint\""
    project.write(
        ".pre-commit-config.yaml",
        "repos:\n  - repo: local\n    hooks:\n      - id: migrate-hooks-lint\n"
        f"        name: ours\n        entry: {entry}\n        args: [--fix]\n"
        "        language: system\n        require_serial: true\n        files: migrations/\n",
    )
    project.git("checkout", "--quiet", "-b", "feature")
    framework(project, name, "install", "--hook-type", "pre-commit")
    index = "CREATE INDEX orders_id_idx ON public.orders (id);\n"
    down = "-- DOWN Migration\nDROP INDEX public.orders_id_idx;\n"
    project.write(BAD, f"-- UP Migration\n{index}{down}")
    project.git("add", "--all")
    said = project.git("commit", "--message", "index", check=False)
    assert "files were modified by this hook" in said, said
    assert "CREATE INDEX CONCURRENTLY" in (project.path / BAD).read_text()
    project.git("add", "--all")
    project.git("commit", "--message", "index")
    assert "CREATE INDEX CONCURRENTLY" in project.git("show", f"HEAD:{BAD}")
