"""A DOWN put into the file of its UP, in the way of the layout; what a person wrote there stays."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from migrate_hooks.layouts.base import Layout, normalised
from migrate_hooks.sql import sections

_UP = "-- what stands there already"
_RULE = re.compile(r"[-=#*~_\s]*")
_RULE_BEFORE = re.compile(r"\n--[ \t]*[-=#*~_]{3,}[-=#*~_ \t]*\n\Z")


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
    lines, remarks = _without_down(normalised(text.main), known)
    if layout.down_in_comments:
        remarks = [line.removeprefix("--").removeprefix(" ") for line in remarks]
    body = "\n".join([*remarks, down])
    behind = layout.scaffold(_UP, body).partition(_UP)[2]
    made = lines.rstrip() + behind
    start = "\ufeff" if text.main.startswith("\ufeff") else ""
    return Text(start + (made.replace("\n", "\r\n") if "\r\n" in text.main else made))


def _without_down(text: str, known: Collection[str]) -> tuple[str, list[str]]:
    """Return the text without its DOWN markers and what stands behind them, and the comments."""
    found = sections.read(text)
    remarks: list[str] = []
    left = text
    starts = {mark.end: mark.start for mark in found.markers}
    for part in reversed(found.parts):
        if part.kind == "down":
            remarks = [*_remarks(text[part.span.start : part.span.end], known), *remarks]
            head = _RULE_BEFORE.sub("\n", left[: starts[part.span.start]])
            left = head + left[part.span.end :]
    return left, remarks


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
