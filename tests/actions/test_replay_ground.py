"""On which server migrations are replayed: the target's version, unless an extension decides."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from migrate_hooks.actions import replay_ground
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import Setup
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import ReplayFailed
from migrate_hooks.layouts import detect
from migrate_hooks.model.environment import Target
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import grounds, pg_tools
from migrate_hooks.outside.pg_tools import Installation
from migrate_hooks.schema.snapshot import Reading

MAJORS = {found.major for found in pg_tools.installations()}


def tried(tmp_path: Path, major: int, work: Callable[[Setup], int]) -> list[int]:
    """Return the majors on which `work` was tried for a target of `major`, in order."""
    seen = Seen(
        Target("dev", "", {}, None, "", "", "", ""),
        (),
        major,
        "me",
        "me",
        Reading("dev", frozenset()),
    )
    settings = Settings(root=tmp_path, base=tmp_path, file=None, environments=())
    source = Source(detect.by_content("", ()), "", (), ())
    asked: list[int] = []

    def note(setup: Setup) -> int:
        asked.append(setup.ground.major)
        return work(setup)

    with suppress(NoExtension):
        replay_ground.on_first_that_fits(settings, source, seen, note)
    return asked


class NoExtension(ReplayFailed):
    """Tells from what a wrong server made of the files."""


def lacking(setup: Setup) -> int:
    raise NoExtension("no such extension", "", extension=True)


def test_the_first_is_of_the_targets_version_and_enough_when_it_can(tmp_path: Path) -> None:
    assert tried(tmp_path, 16, lambda setup: setup.ground.major) == [16]


def test_where_an_extension_lacks_every_other_is_tried_and_the_first_named(tmp_path: Path) -> None:
    asked = tried(tmp_path, 16, lacking)
    assert asked[:2] == [16, 18]
    assert set(asked) == MAJORS


def test_what_fails_on_an_older_server_alone_does_not_hide_the_extension(tmp_path: Path) -> None:
    def work(setup: Setup) -> int:
        if setup.ground.major == 18:
            return lacking(setup)
        raise ReplayFailed("syntax of a newer one", "")

    asked = tried(tmp_path, 18, work)
    assert asked[0] == 18
    assert set(asked) == MAJORS


def test_another_failure_is_about_the_files_and_ends_it(tmp_path: Path) -> None:
    def work(setup: Setup) -> int:
        raise ReplayFailed(f"no such table on {setup.ground.major}", "")

    with pytest.raises(ReplayFailed, match="no such table on 16"):
        tried(tmp_path, 16, work)


@pytest.mark.parametrize("share", ["share/extension", "share/postgresql/extension"])
def test_a_server_is_known_by_its_control_files(tmp_path: Path, share: str) -> None:
    folder = tmp_path / share
    folder.mkdir(parents=True)
    for name in ("plpgsql", "hstore"):
        (folder / f"{name}.control").touch()
    found = Installation(tmp_path / "bin", 16, "here")
    assert pg_tools.extensions(found) == frozenset({"plpgsql", "hstore"})
    older = grounds.Ground("a server", 16, "", installation=found)
    newer = grounds.Ground("a server", 18, "", installation=found)
    assert not grounds.lacks(older, {"hstore"})
    assert grounds.lacks(older, {"hstore", "pgmq"})
    assert not grounds.lacks(newer, {"hstore", "pgmq"})  # which has a stand-in there
    assert grounds.lacks(newer, {"postgis"})


def test_a_server_that_hides_its_extensions_is_not_said_to_lack_any(tmp_path: Path) -> None:
    found = Installation(tmp_path / "bin", 1, "here")
    assert pg_tools.extensions(found) is None
    assert not grounds.lacks(grounds.Ground("a server", 1, "", installation=found), {"postgis"})
