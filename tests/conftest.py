"""Fixtures of every test: a world without accidents, a repository, the program."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.outside.files import CACHE_VARIABLE
from tests import repo as repositories
from tests import warm
from tests.databases import (  # noqa: F401 - fixtures
    claim_folder,
    database,
    database16,
    embedded_folder,
    release_folder,
    second_database,
    server,
    server16,
)
from tests.program import Program
from tests.repo import Repo

# What a shell starts in the background ignores ctrl-C; so would every program started from here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Variables of the developer's own shell that would make a test talk to a real database or a real
# repository, or change what is printed.
FOREIGN = ("DATABASE_URL", "SUPABASE_", "PG", "GIT_", "PRE_COMMIT", "MIGRATE_HOOKS_", "XDG_", "LC_")
LOUD = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8", "TERM")

# Some shells forbid it; then every worker and every program that a test starts would compile
# the same files again.
sys.dont_write_bytecode = False
SLOW = ("PYTHONDONTWRITEBYTECODE",)

GITCONFIG = """\
[user]
    name = Test Person
    email = test@example.invalid
[init]
    defaultBranch = main
    templateDir = {template}
[commit]
    gpgSign = false
[protocol "file"]
    allow = always
"""


# What takes longest goes first, so that no worker is left with it when the others are done.
LONGEST = tuple(
    f"tests/{name}.py"
    for name in (
        "e2e/test_frameworks",
        "docs/test_docs_blocks",
        "faults/test_fault_cut",
        "faults/test_fault_sweep",
        "schema/test_random_drift",
        "e2e/test_demo",
    )
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: tests wait for servers and for children."""
    return min((os.cpu_count() or 2) * 3 // 2, 8)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_configure(config: pytest.Config) -> None:
    claim_folder(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    warm.release()
    release_folder(config)


@pytest.fixture(autouse=True)
def no_accidents(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Give every test a home, a git and a clock of its own, and none of the developer's secrets."""
    for name in os.environ:
        if name.startswith(FOREIGN) or name in LOUD + SLOW:
            monkeypatch.delenv(name)
    # Not pytest's own way to name a folder: it reads all that are there, thousands in the end.
    homes = tmp_path_factory.getbasetemp() / "homes"
    homes.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(dir=homes))
    template = home / "git-template"
    template.mkdir()
    (home / ".gitconfig").write_text(GITCONFIG.format(template=template.as_posix()))
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv(CACHE_VARIABLE, str(home / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LANG", "C.UTF-8")
    # Other tests keep the machine busy, and a push must come to the same verdict.
    monkeypatch.setenv("MIGRATE_HOOKS_PUSH_BUDGET", "60s")
    # Far from UTC, so that a local time where UTC is meant fails everywhere, not only abroad.
    monkeypatch.setenv("TZ", "TEST-05:45")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository on branch main, without a commit."""
    return repositories.new(tmp_path / "repo")


@pytest.fixture
def cli(tmp_path: Path) -> Program:
    """The program, run in the test's own folder unless `cwd` says otherwise."""
    return Program(tmp_path)
