"""Searching what git tracks for words, in the working tree or in a commit."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from migrate_hooks.outside import git

_FOUND, _NOTHING = 0, 1


def fixed(root: Path, texts: Sequence[str]) -> tuple[str, ...]:
    """Return "path:line" of every place of the tracked working tree that has one of `texts`."""
    found = _grep(root, ("--fixed-strings",), texts)
    return tuple(f"{path}:{line}" for path, line, _ in found)


def words(
    root: Path, commit: str, texts: Sequence[str], without: str
) -> tuple[tuple[str, int, str], ...]:
    """Return (path, line, its text) of every place of `commit` that has one of `texts` as a word.

    Files below the folder `without` are left out, and so is what is not text.
    """
    found = _grep(root, ("--fixed-strings", "--word-regexp"), texts, (commit,))
    named = ((path.removeprefix(f"{commit}:"), line, text) for path, line, text in found)
    return tuple(one for one in named if not one[0].startswith(f"{without}/"))


def is_said(root: Path, commit: str, text: str, without: str) -> bool:
    """Return whether `text` stands anywhere in `commit` as a word, files below `without` aside."""
    options = ("-l", "-z", "-I", "--full-name", "--fixed-strings", "--word-regexp")
    done = git.ask(root, "grep", *options, "-e", text, commit, "--")
    paths = (path.removeprefix(f"{commit}:") for path in git.text(done.stdout).split("\0"))
    return any(path and not path.startswith(f"{without}/") for path in paths)


def _grep(
    root: Path, options: Sequence[str], texts: Sequence[str], tree: Sequence[str] = ()
) -> Iterator[tuple[str, int, str]]:
    if not texts:
        return
    patterns = [word for text in texts for word in ("-e", text)]
    words = ("grep", "-z", "-n", "-I", "--no-color", "--full-name", *options, *patterns, *tree)
    done = git.ask(root, *words, "--")
    if done.code not in (_FOUND, _NOTHING):
        return
    for record in git.text(done.stdout).split("\n"):  # path NUL line NUL text
        path, _, rest = record.partition("\0")
        line, _, text = rest.partition("\0")
        if line.isdigit():
            yield path, int(line), text
