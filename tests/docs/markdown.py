"""Reading Markdown as far as the tests need it: fences, hidden preparations, headings, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

SHELL = ("sh", "console")

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ ]*$", re.M | re.S
)
_PROMPT = re.compile(r"^\$ ", re.M)
_HIDDEN = re.compile(r"^<!-- run (?P<language>\w+)\n(?P<body>.*?)^-->$", re.M | re.S)
_HEADING = re.compile(r"^#{1,6} +(?P<words>.*?) *#*$", re.M)
_CODE = re.compile(r"(?<![\[`])`[^`\n]+`(?!\])")
_LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\((?P<goal>[^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `hidden` ones stand in a comment and prepare what a reader already has.

    `shown` is the text block that follows a shell block directly: what it prints, or None.
    """

    language: str
    text: str
    line: int
    hidden: bool = False
    shown: str | None = None


def pages() -> tuple[Path, ...]:
    """Return README.md and the pages of docs/ that have blocks, which are promises."""
    found = ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))
    return tuple(page for page in found if blocks(page.read_text("utf-8")))


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks in the order in which a reader meets them."""
    found = [*_FENCE.finditer(text)]
    inside = [range(fence.start(), fence.end()) for fence in found]
    hidden = [one for one in _HIDDEN.finditer(text) if not any(one.start() in it for it in inside)]
    following = [*found, None][1:]
    fences = [_fence(text, *pair) for pair in zip(found, following, strict=True)]
    made = [Block(one["language"], one["body"], _line(text, one), hidden=True) for one in hidden]
    return tuple(sorted([*fences, *made], key=lambda block: block.line))


def _fence(text: str, fence: re.Match[str], after: re.Match[str] | None) -> Block:
    shown, body = None, fence["body"]
    if fence["language"] in SHELL and after and after["language"] == "text":
        shown = None if text[fence.end() : after.start()].strip() else after["body"]
    if fence["language"] == "console":
        body = _PROMPT.sub("", body)
    return Block(fence["language"], body, _line(text, fence), shown=shown)


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def anchors(text: str) -> frozenset[str]:
    """Return the anchors of a page's headings, spelled as GitHub spells them."""
    seen: dict[str, int] = {}
    made = []
    for heading in _HEADING.finditer(_prose(text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading["words"])
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        count = seen.get(anchor, 0)
        seen[anchor] = count + 1
        made.append(f"{anchor}-{count}" if count else anchor)
    return frozenset(made)


def links(text: str) -> Iterator[str]:
    """Yield the goals of all links that are not code."""
    for found in _LINK.finditer(_CODE.sub("", _prose(text))):
        yield found["goal"]


def _prose(text: str) -> str:
    return _FENCE.sub("", text)
