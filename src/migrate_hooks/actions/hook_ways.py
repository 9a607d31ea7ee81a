"""The ways from git to us: files among git's hooks, lines of git's configuration, a manager's file.

Husky is a folder of hooks as any other, except that git tracks it. pre-commit calls us for what it
can tell in full; of a push it tells the first ref only, so that hook stays a file of ours.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from shutil import which

from migrate_hooks.actions import hook_files, hook_registry
from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.errors import Refused
from migrate_hooks.events import base, manager
from migrate_hooks.events.base import GitEvent
from migrate_hooks.events.manager import Manager
from migrate_hooks.outside import git


class Way(StrEnum):
    """The words behind `--via=`."""

    NATIVE = "native"
    PRE_COMMIT = "pre-commit"
    LEFTHOOK = "lefthook"
    HUSKY = "husky"
    GIT_CONFIG = "git-config"


@dataclass(frozen=True)
class Configured:
    """A manager, its configuration in a repository, and its text ("" where there is no file)."""

    manager: Manager
    file: Path
    text: str

    @cached_property
    def calls(self) -> frozenset[str]:
        """The hooks at which it calls us, whoever wrote that."""
        return self.manager.calls(self.text)

    @cached_property
    def by_hand(self) -> frozenset[str]:
        """The hooks at which it calls us because a person wrote that."""
        return self.manager.calls(manager.without(self.text))

    @cached_property
    def program(self) -> str:
        """The program to type: the one that the file is named after, else one that is there."""
        names = self.manager.programs
        named = (name for name in names if self.file.name.startswith(name))
        return next(named, None) or next(filter(which, names), names[0])

    def runs(self, slot: Slot) -> bool:
        """Say whether git's hook is the manager's, or runs the manager's first as its own."""
        places = [slot.path]
        if hook_files.is_framework(slot.path):
            places.append(slot.legacy)
        if slot.ours():
            places.append(slot.kept)
        return any(self.manager.is_runner(hook_files.read(place)) for place in places)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be there: shims, whether git's configuration names them, what a manager calls.

    `left` are the events that a configuration already has, written by a person.
    """

    way: Way
    slots: tuple[Slot, ...]
    configured: Configured | None = None
    called: tuple[GitEvent, ...] = ()
    left: tuple[GitEvent, ...] = ()


def configured(root: Path) -> tuple[Configured, ...]:
    """Return the managers that have a configuration in the repository."""
    found = (one_of(root, each) for each in manager.every().values())
    return tuple(one for one in found if one.file.is_file())


def one_of(root: Path, wanted: Manager) -> Configured:
    """Return a manager and its configuration, or where that would be."""
    places = [root / name for name in wanted.files]
    file = next((place for place in places if place.is_file()), places[0])
    return Configured(wanted, file, hook_files.read_exactly(file))


def fitting(root: Path) -> Way:
    """Return the way that was taken before, else the one for what manages the hooks here."""
    there = configured(root)
    for one in there:
        if manager.has_ours(one.text):
            return Way(one.manager.name)
    if hook_registry.entries(root):
        return Way.GIT_CONFIG
    if hook_files.is_husky_active(root):
        return Way.HUSKY
    if any(slot.ours() for slot in reachable(root)):
        return Way.NATIVE
    # lefthook moves a hook of ours aside whenever its configuration changes.
    is_lefthooks = any(one.manager.name == Way.LEFTHOOK and _can_run(root, one) for one in there)
    return Way.LEFTHOOK if is_lefthooks else Way.NATIVE


def plan(root: Path, way: Way) -> Plan:
    """Return what a way asks for. Raises Refused where it leads nowhere in this repository."""
    if way is Way.GIT_CONFIG:
        hook_registry.require_git(root)
        return Plan(way, hook_registry.slots(root))
    _refuse_husky(root, way)
    if way in (Way.PRE_COMMIT, Way.LEFTHOOK):
        _refuse_hooks_path(root, one_of(root, manager.every()[way.value]))
    if way is Way.LEFTHOOK:
        return _managed(root, way, base.every(), ())
    slots = hook_files.slots(root)
    if way is Way.PRE_COMMIT:
        whole = tuple(slot.event for slot in slots if _is_whole(slot.event))
        return _managed(root, way, whole, tuple(one for one in slots if one.event not in whole))
    left = _left(root, slots)
    return Plan(way, tuple(slot for slot in slots if slot.event not in left), left=left)


def _managed(root: Path, way: Way, events: tuple[GitEvent, ...], slots: tuple[Slot, ...]) -> Plan:
    found = one_of(root, manager.every()[way.value])
    left = tuple(event for event in events if event.name in found.by_hand)
    called = tuple(event for event in events if event not in left)
    return Plan(way, slots, found, called, left)


def _is_whole(event: GitEvent) -> bool:
    """Say whether pre-commit and prek tell us all that git says; standard input they keep."""
    return not event.caveat and not event.has_stdin


def _left(root: Path, slots: tuple[Slot, ...]) -> tuple[GitEvent, ...]:
    """Return the events that a configuration calls us for as well as a hook of ours would."""
    found = [one for one in configured(root) if one.manager.name == Way.PRE_COMMIT]
    return tuple(
        slot.event
        for slot in slots
        if _is_whole(slot.event)
        and any(slot.event.name in one.by_hand and one.runs(slot) for one in found)
    )


def _refuse_husky(root: Path, way: Way) -> None:
    active = hook_files.is_husky_active(root)
    if way is Way.HUSKY and not active:
        raise Refused(
            "husky does not run the hooks of this repository: core.hooksPath is not its folder.",
            "Set husky up (npx husky), or leave the choice to us: migrate-hooks install",
        )
    if way is not Way.HUSKY and active:
        raise Refused(
            f"core.hooksPath sends git to husky's folder, so what --via={way} writes would not "
            "run.",
            "Let husky call us: migrate-hooks install --via=husky",
        )


def _can_run(root: Path, one: Configured) -> bool:
    """Say whether a manager's hooks are there, or may be: each wants git's usual folder."""
    return not git.setting(root, "core.hooksPath") or any(map(one.runs, reachable(root)))


def _refuse_hooks_path(root: Path, one: Configured) -> None:
    if not _can_run(root, one):
        name = one.manager.name
        raise Refused(
            f"core.hooksPath is {git.setting(root, 'core.hooksPath')!r}: with that set, {name} "
            "refuses to install its hooks.",
            "Unset it (git config --unset-all core.hooksPath), or let git call us itself: "
            "migrate-hooks install --via=native",
        )


def others(root: Path, wanted: Plan) -> tuple[Slot, ...]:
    """Return shims of ours that a plan does not ask for, wherever they are."""
    places = (*reachable(root), *hook_registry.slots(root))
    asked = {slot.path for slot in wanted.slots}
    return tuple(slot for slot in places if slot.path not in asked and slot.ours())


def reachable(root: Path) -> tuple[Slot, ...]:
    """Return the places of git's hooks, none where they are not this repository's own."""
    try:
        return hook_files.slots(root)
    except Refused:
        return ()
