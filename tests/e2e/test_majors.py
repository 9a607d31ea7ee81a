"""The main job on every PostgreSQL that this machine has: 16 and 18 always, others where found."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.outside import pg_tools
from tests.databases import Database, drop, make, start
from tests.program import Program

ROOT = Path(__file__).parents[2]
MAJORS = sorted({one.major for one in pg_tools.installations() if one.major >= 14})


def test_both_embedded_majors_are_there() -> None:
    assert {16, 18} <= set(MAJORS)


@pytest.fixture(params=MAJORS)
def pair(request: pytest.FixtureRequest, embedded_folder: Path) -> Iterator[tuple[Database, ...]]:
    """Two databases on a server of one major version."""
    server = start(embedded_folder, request.param)
    databases = make(server), make(server)
    yield databases
    for database in databases:
        drop(server, database)


def test_apply_status_and_drift_work_on_this_major(
    tmp_path: Path, pair: tuple[Database, Database]
) -> None:
    """The reference set; two databases made alike; a table dropped in one (Must show 4)."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    for name, database in zip(("dev", "staging"), pair, strict=True):
        (tmp_path / f".env.{name}").write_text(f"DATABASE_URL={database.url}\n")
    program = Program(tmp_path)
    for name in ("dev", "staging"):
        assert "4 of 4 applied" in program("apply", f"--env={name}").stdout
        assert f"{name}: 4 applied, 0 pending" in program("status", f"--env={name}").stdout
    drift = ("drift", "--source=dev", "--target=staging", "--format=json")
    same = program(*drift)
    assert same.code == 0, same
    pair[1].run("DROP TABLE health_checks")
    differs = program(*drift)
    assert differs.code == 1
    assert '"severity": "critical"' in differs.stdout
    assert "public.health_checks" in differs.stdout
