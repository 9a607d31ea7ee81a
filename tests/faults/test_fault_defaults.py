"""Databases, roles and users that are set up in an unusual way are served like all others."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.outside import files, person, run_log
from tests.faults.scene import Scene

PROTECTED = '[environments.staging]\nprotected = true\nmax_backup_age = "30min"\n'
NOBODY = 54321
"""The number of a user that this machine has no name for."""


def test_a_database_that_spells_dates_in_its_own_way(scene: Scene) -> None:
    """Times are asked for in seconds; a file's own literals are read as the database reads them."""
    scene.configure(PROTECTED)
    scene.database.run(f"ALTER DATABASE {scene.database.name} SET DateStyle = 'SQL, DMY'")
    assert scene.run("apply", "--backup", "--force", "--yes=staging").code == 0
    scene.write(2, "CREATE TABLE days AS SELECT '13/02/2026'::date AS day;")
    assert scene.run("apply", "--force", "--yes=staging").code == 0
    assert scene.database.run("SELECT day = DATE '2026-02-13' FROM days") == [(True,)]
    ended = scene.run("restore", "--latest", "--dry-run")
    assert "internal" not in ended.codes, ended


@pytest.fixture
def guest(scene: Scene) -> Iterator[str]:
    """A role that logs in without rights and begins every session as the owner of everything."""
    name = scene.database.name
    owner, guest = f"owner_{name}", f"guest_{name}"
    scene.database.run(f"CREATE ROLE {owner}; CREATE ROLE {guest} LOGIN NOINHERIT")
    scene.database.run(f"GRANT {owner} TO {guest}; ALTER ROLE {guest} SET role = '{owner}'")
    scene.database.run(f"GRANT ALL ON DATABASE {name} TO {owner}")
    scene.database.run(f"GRANT ALL ON SCHEMA public TO {owner}")
    yield guest
    scene.database.run(f"DROP OWNED BY {owner}; DROP ROLE {guest}; DROP ROLE {owner}")


@pytest.mark.parametrize("outside", [True, False])
def test_a_role_that_begins_as_another_one(scene: Scene, guest: str, outside: bool) -> None:
    scene.point(scene.database.url.replace("://postgres@", f"://{guest}@"))
    scene.write(2, "INSERT INTO marks VALUES (2);", outside=outside)
    ended = scene.run()
    assert (ended.code, ended.states) == (0, ["applied", "applied"]), ended
    assert scene.marks() == [2]


def test_a_container_whose_user_has_neither_name_nor_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It logs nothing, remembers nothing, and is a number in the books."""
    for name in ("HOME", "USER", "LOGNAME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv(files.CACHE_VARIABLE)
    monkeypatch.setattr(os, "getuid", lambda: NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    assert person.here().startswith(f"{NOBODY}@")
    assert run_log.begin("run", str).path is None
    assert files.cache_folder() == Path("/nonexistent/migrate-hooks")
