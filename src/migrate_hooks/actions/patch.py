"""What a run would change, as a patch that `git apply` takes."""

import json
from collections.abc import Iterator, Mapping
from difflib import unified_diff

from migrate_hooks.actions.fix_tree import Tree

_NOWHERE = "/dev/null"
_NO_END = "\\ No newline at end of file\n"


def patch(tree: Tree, before: Mapping[str, str]) -> str:
    """Return the difference between the texts on disk, by path, and those of the tree; "" for none.

    Renamed files come with their old and new name.
    """
    return "".join(line for path in sorted(tree.texts) for line in _file(tree, before, path))


def _file(tree: Tree, before: Mapping[str, str], path: str) -> Iterator[str]:
    origin = tree.origins[path]
    old = "" if origin is None else before[origin]
    if origin == path and old == tree.texts[path]:
        return
    source = _quoted(f"a/{origin or path}")
    target = _quoted(f"b/{path}")
    yield f"diff --git {source} {target}\n"
    if origin is None:
        yield "new file mode 100644\n"
    elif origin != path:
        yield f"rename from {_quoted(origin)}\nrename to {_quoted(path)}\n"
    yield from _hunks(old, tree.texts[path], source if origin else _NOWHERE, target)


def _hunks(old: str, new: str, source: str, target: str) -> Iterator[str]:
    for line in unified_diff(_lines(old), _lines(new), source, target):
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"


def _lines(text: str) -> list[str]:
    """Return the lines as git counts them: only a line feed ends one."""
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]


def _quoted(name: str) -> str:
    """Return a name as git writes it: one with a quote or a control character in C's way."""
    odd = any(each < " " or each in '"\\\x7f' for each in name)
    return json.dumps(name, ensure_ascii=False) if odd else name
