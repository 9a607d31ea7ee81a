"""A DOWN put into the file of its UP, in the way of the layout; what a person wrote there stays."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from migrate_hooks.layouts.base import Layout, normalised
from migrate_hooks.sql import sections

_UP = "-- what stands there already"
_RULE = re.compile(r"[-=#*~_\s]*")
_RULE_BEHIND = re.compile(r"(?:[ \t]*\n--[ \t]*[-=#*~_]{3,}[-=#*~_ \t]*)?")


@dataclass(frozen=True, slots=True)
class Text:
    """A migration as it stands on disk; `beside` is the file of its DOWN alone, "" for none."""

    main: str
    beside: str = ""


def with_down(layout: Layout, path: str, text: Text, down: str, known: Collection[str]) -> Text:
    """Return a migration that has no statement in its DOWN with `down` in it.

    Comments that stand there stay in front of it, but for lines that are `known` from a template.
    """
    if layout.beside(path):
        remarks = _remarks(normalised(text.beside), known)
        return Text(text.main, "\n".join([*remarks, down, ""]))
    made = _with_down(layout, normalised(text.main), down, known)
    start = "\ufeff" if text.main.startswith("\ufeff") else ""
    return Text(start + (made.replace("\n", "\r\n") if "\r\n" in text.main else made))


def _with_down(layout: Layout, text: str, down: str, known: Collection[str]) -> str:
    """Put `down` behind the first DOWN marker, or a section of its own at the end."""
    part = sections.read(text).down
    if part is None:
        return text.rstrip() + _section(layout, down)
    remarks = _remarks(text[part.start : part.end], known)
    if layout.down_in_comments:
        remarks = [line.removeprefix("--").removeprefix(" ") for line in remarks]
    start = _behind_rule(text, part.start)
    made = _section(layout, "\n".join([*remarks, down]))
    (mark,) = sections.read(made).markers
    body = made[_behind_rule(made, mark.end) :].strip("\n")
    rest = text[part.end :]
    return f"{text[:start]}\n{body}\n" + (f"\n{rest}" if rest else "")


def _section(layout: Layout, down: str) -> str:
    """Return what the layout puts behind an UP."""
    return layout.scaffold(_UP, down).partition(_UP)[2]


def _behind_rule(text: str, at: int) -> int:
    """Return where a heading ends whose marker ends `at`: a rule may be drawn below it."""
    found = _RULE_BEHIND.match(text, at)
    return found.end() if found else at


def _remarks(text: str, known: Collection[str]) -> list[str]:
    lines = (line.rstrip() for line in text.split("\n"))
    return [line for line in lines if not _RULE.fullmatch(line) and words(line) not in known]


def words(line: str) -> str:
    """Return what a line of comments says."""
    return line.lstrip("- ").strip()


def said_in(texts: Collection[str]) -> frozenset[str]:
    """Return what the lines of templates say."""
    return frozenset(_said_in(texts))


def _said_in(texts: Collection[str]) -> Iterator[str]:
    for text in texts:
        yield from map(words, text.split("\n"))
