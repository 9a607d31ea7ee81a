"""`.pre-commit-hooks.yaml`: what it offers, and which files its lint is given."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from migrate_hooks.events import base, manifest

ROOT = Path(__file__).parents[2]


def entries(text: str) -> dict[str, dict[str, str]]:
    """Return {id: {key: what stands after it}}; the manifest has no value of more than a line."""
    parts = [part for part in text.split("- id: ") if not part.startswith("#")]
    tables = [dict(re.findall(r"^(?:  )?(\w+): (.+)$", f"id: {part}", re.M)) for part in parts]
    return {table["id"]: table for table in tables}


ENTRIES = entries(manifest.text(base.every()))
FILES = ENTRIES["migrate-hooks-lint"]["files"].strip("'")


def test_every_event_is_offered() -> None:
    stages = {name: entry["stages"] for name, entry in ENTRIES.items()}
    assert stages == {
        f"migrate-hooks-{'lint' if event.by_file else event.name}": f"[{event.name}]"
        for event in base.every()
    }


def test_what_each_entry_runs() -> None:
    entries = {name: entry["entry"] for name, entry in ENTRIES.items()}
    assert entries.pop("migrate-hooks-lint") == "migrate-hooks lint"
    for name, entry in entries.items():
        assert entry == f"migrate-hooks hook {name.removeprefix('migrate-hooks-')}"


def test_a_hook_without_files_always_runs_and_gets_none() -> None:
    without = [entry for entry in ENTRIES.values() if "files" not in entry]
    assert len(without) == len(ENTRIES) - 1
    for entry in without:
        assert (entry["always_run"], entry["pass_filenames"]) == ("true", "false")


def test_a_hook_that_never_fails_is_heard() -> None:
    heard = {name for name, entry in ENTRIES.items() if entry.get("verbose")}
    assert heard == {f"migrate-hooks-{one.name}" for one in base.every() if not one.blocks}


def test_the_limit_of_pre_push_is_told() -> None:
    assert "only the first ref" in ENTRIES["migrate-hooks-pre-push"]["description"]


@pytest.mark.parametrize(
    ("path", "is_given"),
    [
        ("migrations/20260102030405_add_orders.sql", True),
        ("supabase/migrations/20260102030405_add_orders.sql", True),
        ("services/shop/migrations/20260102030405_add_orders.sql", True),
        ("prisma/migrations/20260102030405_add_orders/migration.sql", True),
        ("migrations/--help.sql", True),
        ("migrations/20260102030405_add_orders.sql.bak", False),
        ("migrations/README.md", False),
        ("old_migrations/1.sql", False),
        ("seed.sql", False),
        ("migrations/a/b/c.sql", False),
    ],
)
def test_which_files_lint_is_given(path: str, is_given: bool) -> None:
    assert bool(re.search(FILES, path)) == is_given


@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_the_frameworks_accept_the_manifest(program: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name(program), "validate-manifest", ".pre-commit-hooks.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_the_frameworks_can_refuse_a_manifest(program: str, tmp_path: Path) -> None:
    broken = manifest.text(base.every()).replace("  language: python\n", "", 1)
    (tmp_path / "broken.yaml").write_text(broken)
    done = subprocess.run(
        [Path(sys.executable).with_name(program), "validate-manifest", tmp_path / "broken.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
