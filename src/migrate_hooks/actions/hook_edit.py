"""Our lines in the configuration of a hook manager: put in, brought up to date, taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from migrate_hooks.actions import hook_files, hook_ways
from migrate_hooks.actions.hook_ways import Configured, Plan
from migrate_hooks.errors import CannotWrite
from migrate_hooks.events import manager
from migrate_hooks.outside import files


@dataclass(frozen=True, slots=True)
class Edit:
    """A configuration as it shall be; `after` is None where we do not understand it."""

    configured: Configured
    after: str | None

    @property
    def file(self) -> Path:
        """The configuration file."""
        return self.configured.file

    @property
    def is_change(self) -> bool:
        """Whether there is anything to write."""
        return self.after != self.configured.text


def plan(root: Path, wanted: Plan) -> tuple[Edit, ...]:
    """Return what a plan makes of every configuration: ours goes into one, and out of the rest."""
    chosen = wanted.configured
    edits = [
        Edit(one, _without(one)) for one in hook_ways.configured(root) if _is_other(one, chosen)
    ]
    if chosen and (wanted.called or manager.has_ours(chosen.text)):
        edits.append(Edit(chosen, _with(chosen, wanted)))
    return tuple(edits)


def removal(root: Path) -> tuple[Edit, ...]:
    """Return what takes our lines out of every configuration that has them."""
    found = (one for one in hook_ways.configured(root) if manager.has_ours(one.text))
    return tuple(Edit(one, _without(one)) for one in found)


def _is_other(one: Configured, chosen: Configured | None) -> bool:
    return manager.has_ours(one.text) and (chosen is None or one.file != chosen.file)


def _with(one: Configured, wanted: Plan) -> str | None:
    if not _is_utf8(one.text):
        return None
    return one.manager.add(one.file.name, one.text, wanted.called)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without(one: Configured) -> str:
    """Return the text without ours; "" where nothing but ours was there."""
    made = manager.without(one.text)
    return "" if made.strip() in ("", "repos:") else made


def carry_out(edits: Sequence[Edit]) -> None:
    """Write what has changed; a file that held nothing but ours goes. Raises CannotWrite."""
    for edit in edits:
        if not edit.is_change or edit.after is None:
            continue
        place = edit.file.resolve()
        try:
            if edit.after:
                mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
                files.write_atomically(place, edit.after, mode)
            else:
                place.unlink()
        except OSError as wrong:
            raise CannotWrite(
                f"{edit.file} could not be written: {wrong.strerror}.",
                f"Check who may write to {edit.file.parent}, then run the command again.",
            ) from wrong


def shown(root: Path, edits: Sequence[Edit]) -> str:
    """Return what changes, as a patch for people."""
    return "".join(line for edit in edits if edit.is_change for line in _patch(root, edit))


def _patch(root: Path, edit: Edit) -> Sequence[str]:
    name = hook_files.show(root, edit.file)
    before, after = (text.splitlines() for text in (edit.configured.text, edit.after or ""))
    lines = unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
    return [f"{line}\n" for line in lines]
