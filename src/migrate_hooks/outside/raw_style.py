"""What both style engines share: our rules, what nobody may change, where to look, raw findings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Chosen by running them over the reference migrations, the templates and public repositories:
# what they report there is an accident (mixed keyword case, a lost last line feed), not a taste.
RULES = "AM01,CP01,CP04,LT12,LT13,RF01"
# What no configuration may change: migrations are PostgreSQL as it stands, every file is read.
FIXED: Mapping[str, str | int] = {
    "dialect": "postgres",
    "templater": "raw",
    "large_file_skip_byte_limit": 0,
    "large_file_skip_char_limit": 0,
    "max_parse_nodes": 10_000_000,
}
# The rules whose fixes only move white space or change the case of words.
FIXABLE = re.compile(r"LT[0-9]{2}|CP0[1345]")
NOT_STYLE = frozenset({"PRS", "LXR", "TMP"})


@dataclass(frozen=True, slots=True)
class RawStyle:
    """One finding in the engine's words, places from 1; `unread`: it could not read on there."""

    line: int
    column: int
    code: str
    message: str
    unread: bool = False


def folders(root: Path, folder: PurePosixPath) -> Iterable[Path]:
    """Return the folders from `root` down to `folder`; only `root` for one that lies outside."""
    if folder.is_absolute() or ".." in folder.parts:
        return (root,)
    return (root, *(root / parent for parent in reversed(folder.parents)), root / folder)[1:]
