"""Text that is safe to show: names in a database or a repository may be hostile."""

import re
from unicodedata import combining, east_asian_width

# C0, DEL and C1; the marks that reorder or hide text (soft hyphen, Arabic letter mark, zero width,
# directional marks, embeddings, overrides, isolates, word joiner, byte order mark); line and
# paragraph separators; halves of surrogate pairs, which no encoding can write.
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

# Written as escapes where a sign looks like another one.
_PLAIN = str.maketrans(
    {"✓": "+", "✗": "x", "•": "*", "·": "-", "→": "->", "…": "...", "≥": ">=", "≤": "<="}
    | {"\u2013": "-", "\u2014": "-", "\xd7": "x"}
    | {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}
)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def is_harmless(text: str) -> bool:
    """Return whether `text` is plain ASCII, as most texts are: it is shown as it stands."""
    return text.isascii() and text.isprintable()


def sanitise(text: str, keep: str = "") -> str:
    r"""Return `text` with every character that could fool a terminal shown as `\x1b` or `\u202e`.

    Characters in `keep` (a newline, a tab) stay as they are.
    """
    return _HOSTILE.sub(lambda found: found[0] if found[0] in keep else _visible(found), text)


def plain(text: str) -> str:
    """Return `text` with typographic signs as ASCII, for terminals that have nothing else."""
    return text.translate(_PLAIN)


def width(text: str) -> int:
    """Return how many columns `text` takes: East Asian wide signs two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text that may have come from anywhere, without trailing blanks."""
    return tuple(line.rstrip() for line in re.split("\r\n|\n", text.rstrip()))
