"""The demo, as a stranger runs it, and that an installed package carries what it needs."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from migrate_hooks.actions.demo import PREFIX
from migrate_hooks.outside import embedded, files
from tests.databases import IDLE_SECONDS
from tests.program import Program

ROOT = Path(__file__).parents[2]


@pytest.fixture
def stage(tmp_path: Path, embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A temporary folder of the demo's own, and the servers of this test run."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
    return {"TMPDIR": str(tmp_path), files.CACHE_VARIABLE: str(embedded_folder)}


def test_every_step_of_the_day_behaves_as_claimed(tmp_path: Path, stage: dict[str, str]) -> None:
    done = Program(tmp_path)("demo", env=stage)
    assert done.code == 0, done.stdout + done.stderr
    said = done.stdout
    milestones = (
        "sections/down-missing",
        "The commit was stopped",
        "1 of 1 applied to dev",
        "1 pending in staging",
        "staging (branch staging): BLOCKED",
        "staging (branch staging): passes",
        "1 of 1 applied to staging",
        "production: 4 applied, 1 pending",
        "production is protected",
        "1 of 1 applied to production",
        "verify/connection",
        "1 of 1 rolled back in staging",
        "Every step behaved as claimed",
    )
    places = [said.find(milestone) for milestone in milestones]
    assert -1 not in places, said
    assert places == sorted(places), "the day is told in another order"


def test_a_step_that_goes_another_way_fails_the_demo(tmp_path: Path, stage: dict[str, str]) -> None:
    """Where no DOWN is asked for, the commit that should be stopped says something else."""
    done = Program(tmp_path)("demo", env={**stage, "MIGRATE_HOOKS_LINT_DOWN": "optional"})
    assert done.code == 1, done
    assert "The demo went another way" in done.stderr


def test_the_databases_of_a_removed_demo_are_dropped_by_the_next(
    tmp_path: Path, stage: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    server = embedded.ensure()
    gone, kept = tmp_path / f"{PREFIX}gone" / "shop", tmp_path / f"{PREFIX}kept" / "shop"
    kept.mkdir(parents=True)
    own = tmp_path / "own"
    for repository in (gone, kept, own):
        name = embedded.database_name(repository, "dev")
        embedded.make_database(server, name, str(repository))
    embedded.drop_orphans(server, tmp_path / PREFIX)
    left = embedded.repositories(server)
    assert str(gone) not in left
    assert {str(kept), str(own)} <= left, "nothing but orphans of demos is dropped"


def test_a_wheel_carries_templates_and_the_reference_migrations(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    shutil.unpack_archive(wheel, tmp_path / "unpacked", "zip")
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in (ROOT / "migrations").glob("*.sql"):
        assert f"migrate_hooks/reference/{file.name}" in names
    for file in (ROOT / "src/migrate_hooks/actions/templates").glob("*.sql"):
        assert f"migrate_hooks/actions/templates/{file.name}" in names
    assert "migrate_hooks/py.typed" in names
