"""Copies of texts for programs that take file names, in a folder of their own."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

# Programs read arguments as glob patterns and options; any other name is replaced by a plain one.
_PLAIN = re.compile(r"(?!.*\.\.)\w[\w./-]*\.sql", re.ASCII)


def write(folder: Path, texts: Mapping[str, str]) -> dict[str, str]:
    """Write {path: text} below `folder` and return {the copy's relative path: the given path}.

    A copy keeps its path where that is plain, and never has a byte order mark.
    """
    copies = {}
    for number, (path, text) in enumerate(texts.items()):
        name = path if _PLAIN.fullmatch(path) else f"_renamed/{number}.sql"
        place = folder / PurePosixPath(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.removeprefix("\ufeff"), encoding="utf-8", newline="")
        copies[name] = path
    return copies
