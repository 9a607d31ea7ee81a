"""Linked worktrees: where the main one is, which has the files that git does not track."""

from pathlib import Path


def main_of(root: Path) -> Path | None:
    """Return the main worktree of a linked one, None for every other folder.

    Read from git's own files, which costs no process.
    """
    named = root / ".git"
    if not named.is_file():
        return None
    try:
        folder = root / named.read_text("utf-8").removeprefix("gitdir:").strip()
        common = (folder / (folder / "commondir").read_text("utf-8").strip()).resolve()
    except (OSError, UnicodeDecodeError):  # a submodule has no commondir
        return None
    return common.parent if common.name == ".git" else None
