"""Every room loads every member, so a dead or broken one cannot hide."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks import registry

# room -> (package, what a member defines, module of its type, its type)
ROOMS = {
    "layouts": ("layouts.formats", "LAYOUT", "layouts.base", "Layout"),
    "ledgers": ("ledgers.adapters", "LEDGER", "ledgers.base", "Ledger"),
    "fixes": ("lint.fixes", "FIX", "lint.change", "Fix"),
    "rules": ("lint.rules", "RULE", "lint.base", "Rule"),
    "kinds": ("schema.kinds", "KIND", "schema.base", "ObjectKind"),
    "checks": ("schema.checks", "CHECK", "schema.health", "Check"),
    "formats": ("render.formats", "FORMAT", "render.base", "Format"),
    "events": ("events.git", "EVENT", "events.base", "GitEvent"),
    "managers": ("events.managers", "MANAGER", "events.manager", "Manager"),
}


def members(room: str) -> dict[str, object]:
    package, attribute, module, kind = ROOMS[room]
    expected: type[Any] = getattr(import_module(f"migrate_hooks.{module}"), kind)
    folder = f"migrate_hooks.{package}"
    return {
        name: registry.load(folder, name, attribute, expected)
        for name in registry.member_names(folder)
    }


@pytest.mark.parametrize("room", ROOMS)
def test_every_member_defines_what_its_room_asks_for(room: str) -> None:
    assert members(room), f"{room} has no member at all"


@pytest.mark.parametrize("room", ROOMS)
def test_no_two_members_share_a_name(room: str) -> None:
    names = [getattr(value, "name", None) for value in members(room).values()]
    assert len(set(names)) == len(names), names


def test_every_command_is_a_command_of_that_name() -> None:
    import click

    commands = registry.collect("migrate_hooks.cli.commands", "COMMAND", click.Command)
    names = {module: command.name for module, command in commands.items()}
    assert names == {module: module.replace("_", "-") for module in commands}


@pytest.mark.parametrize("text", ["", "RULE = 'not a number'\n"])
def test_a_member_without_its_value_is_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = f"room_{len(text)}"
    (tmp_path / room).mkdir()
    (tmp_path / room / "__init__.py").touch()
    (tmp_path / room / "dusty.py").write_text(text)
    (tmp_path / room / "_shared.py").write_text("no member, and no Python either\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TypeError, match=rf"{room}\.dusty must define RULE: int"):
        registry.collect(room, "RULE", int)
