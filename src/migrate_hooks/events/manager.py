"""What a hook manager is to us: a configuration file in which a few lines of ours call us.

Our lines stand between two marks, so that they can be written anew and taken out without a trace,
and everything around them stays byte for byte.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from migrate_hooks.events.base import GitEvent
from migrate_hooks.registry import collect

PACKAGE = "migrate_hooks.events.managers"

BEGIN = "# migrate-hooks: begin (install writes these lines anew, uninstall takes them out)"
END = "# migrate-hooks: end"

_BLOCK = re.compile(
    rf"^[ \t]*{re.escape(BEGIN)}\r?\n.*?^[ \t]*{re.escape(END)}(?:\r?\n|\Z)", re.M | re.S
)
_CALL = re.compile(r"\bmigrate[-_]hooks[\"']? +(?:hook +([a-z-]+)|lint\b)")


@dataclass(frozen=True, slots=True)
class Manager:
    """One hook manager, by the word behind `--via=`.

    `files` are the names that its configuration may have in the repository's root; a new one gets
    the first. `programs` are what it may be called on PATH. `block` writes a whole configuration
    for some events. `add` puts ours into a file (its name and its text), or returns None where it
    is written in a way that we do not understand. `calls` returns the names of the hooks at which a
    text calls us. `command` is what makes a program write some of git's hooks. `is_runner`
    recognises the file that the manager puts among them.
    """

    name: str
    files: tuple[str, ...]
    programs: tuple[str, ...]
    block: Callable[[Sequence[GitEvent], str], str]
    add: Callable[[str, str, Sequence[GitEvent]], str | None]
    calls: Callable[[str], frozenset[str]]
    command: Callable[[str, Iterable[str]], str]
    is_runner: Callable[[str], bool]


def every() -> dict[str, Manager]:
    """Return all managers by their names."""
    return {one.name: one for one in collect(PACKAGE, "MANAGER", Manager).values()}


def has_ours(text: str) -> bool:
    """Say whether lines between our marks are there."""
    return _BLOCK.search(text) is not None


def without(text: str) -> str:
    """Return a configuration without what stands between our marks."""
    return _BLOCK.sub("", text)


def marked(lines: Iterable[str], indent: str = "") -> str:
    """Return lines between our marks, each behind `indent`."""
    return "".join(f"{indent}{line}\n" if line else "\n" for line in (BEGIN, *lines, END))


def put_in(lines: Sequence[str], at: int, block: str) -> str:
    """Return `lines` with a block before the one at `at`, with the line ends that they have."""
    end = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    before = "".join(lines[:at])
    if before and not before.endswith("\n"):
        before += end
    return before + block.replace("\n", end) + "".join(lines[at:])


def appended(text: str, block: str) -> str | None:
    """Return TOML with more tables at its end, None where they would not be what they say."""
    lines = text.splitlines(keepends=True)
    made = put_in(lines, len(lines), block)
    try:
        tomllib.loads(made)
    except tomllib.TOMLDecodeError:
        return None
    return made


def said(text: str) -> list[str]:
    """Return the lines of a text that are no comments."""
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


def called(text: str, section: str = "pre-commit") -> frozenset[str]:
    """Return the hooks that commands in a text call, such as `migrate-hooks hook pre-push`.

    `section` is the hook for which plain `migrate-hooks lint` stands.
    """
    return frozenset(found[1] or section for line in said(text) for found in _CALL.finditer(line))
