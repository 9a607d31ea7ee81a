"""What other branches hold: read from git's own objects, bounded in number and in time.

Nothing is fetched. Three processes answer whatever the number of branches is.
"""

import re
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.errors import Unreachable
from migrate_hooks.outside import git

BRANCHES = 20
FILES = 40
SECONDS = 0.5
OLDEST = 90 * 86_400
"""Seconds that a branch may be older than the newest one; what is older is no longer on its way."""

_FORM = "%(HEAD)|%(objectname)|%(committerdate:unix)|%(refname)|%(symref)"
_BRANCHES = ("refs/heads", "refs/remotes")


@dataclass(frozen=True, slots=True)
class BranchFile:
    """One file of a branch (a short name such as "feature/x" or "origin/feature/x")."""

    branch: str
    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Tip:
    name: str
    commit: str
    moment: int
    is_remote: bool
    is_own: bool

    @property
    def branch(self) -> str:
        """The name without its remote's."""
        return self.name.partition("/")[2] if self.is_remote else self.name


def files(
    root: Path, folder: str, known: Container[str], commits: Sequence[str]
) -> tuple[BranchFile, ...]:
    """Return the SQL files of `folder` that recent branches have and nobody else.

    Left out are paths that are `known`, and what `commits` have under any name. The branch that is
    checked out does not count, wherever it is kept. Of many, the newest files of the newest
    branches are taken. Raises Unreachable when git takes too long.
    """
    ends = time.monotonic() + SECONDS
    tips = _newest(_tips(root, ends)) if "\n" not in folder else []
    if not tips:
        return ()
    asked = (f"{commit}:{folder}" for commit in (*commits, *(one.commit for one in tips)))
    size = len(tips[0].commit) // 2
    trees = [set(_entries(tree, size)) for tree in _objects(root, b"tree", asked, ends)]
    ours = set().union(*trees[: len(commits)])
    there = {oid for _, oid in ours}
    found: dict[str, tuple[str, str]] = {}
    for tip, tree in zip(tips, trees[len(commits) :], strict=True):
        for name, oid in tree - ours:
            path = f"{folder}/{git.text(name)}"
            if path.lower().endswith(".sql") and path not in known and oid not in there:
                found.setdefault(path, (tip.name, oid.hex()))
    newest = sorted(found, reverse=True)[:FILES]
    texts = _objects(root, b"blob", (found[path][1] for path in newest), ends)
    return tuple(
        BranchFile(found[path][0], path, data) for path, data in zip(newest, texts, strict=True)
    )


def _tips(root: Path, ends: float) -> list[_Tip]:
    """Return branches, newest first; what only points to another one is none."""
    words = ("--sort=-committerdate", f"--count={4 * BRANCHES}", f"--format={_FORM}")
    said = git.text(_run(root, ends, "for-each-ref", *words, *_BRANCHES))
    found = []
    for line in said.splitlines():
        head, commit, moment, ref, symbolic = line.split("|", 4)
        _, kind, name = ref.split("/", 2)
        if not symbolic:
            found.append(_Tip(name, commit, int(moment or 0), kind == "remotes", head == "*"))
    return found


def _newest(tips: Sequence[_Tip]) -> list[_Tip]:
    """Leave out our own branch, what is too old, and all but one name of a commit."""
    own = {one.branch for one in tips if one.is_own}
    others = {
        one.commit: one
        for one in reversed(tips)
        if one.branch not in own and tips[0].moment - one.moment <= OLDEST
    }
    return [one for one in tips if others.get(one.commit) is one][:BRANCHES]


def _objects(root: Path, kind: bytes, names: Iterable[str], ends: float) -> list[bytes]:
    """Return the content of each object, b"" for one that is not there or of another kind."""
    asked = [name.encode("utf-8", "surrogateescape") for name in names]
    if not asked:
        return []
    out = _run(root, ends, "cat-file", "--batch", stdin=b"".join(one + b"\n" for one in asked))
    found = []
    at = 0
    for _ in asked:
        end = out.find(b"\n", at)
        line = out[at:end] if end >= 0 else b""
        at += len(line) + 1
        words = line.rsplit(b" ", 2)
        size = int(words[2]) + 1 if len(words) == 3 and words[2].isdigit() else 0
        found.append(out[at : at + size - 1] if size and words[1] == kind else b"")
        at += size
    return found


def _entries(tree: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, oid) of the plain files of a tree; an oid has `size` bytes."""
    rows = re.findall(rb"(?s)(\d+) ([^\0]+)\0(.{%d})" % size, tree)
    return ((name, oid) for mode, name, oid in rows if mode.startswith(b"100"))


def _run(root: Path, ends: float, *words: str, stdin: bytes = b"") -> bytes:
    # A partial clone would fetch what it lacks: a commit must not wait for a network.
    env = git.environment(root, GIT_NO_LAZY_FETCH="1", GIT_TERMINAL_PROMPT="0")
    left = ends - time.monotonic()
    if left <= 0:
        raise Unreachable(f"git did not finish within {SECONDS} s.")
    return git.ask(root, *words, stdin=stdin, env=env, timeout=left).stdout
