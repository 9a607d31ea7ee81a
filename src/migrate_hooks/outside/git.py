"""git's plumbing, as a plain process: a hook cannot afford to load more than it uses.

`repo.index` of GitPython ignores GIT_INDEX_FILE, so staged content is read through git itself,
which knows about `commit -a`, `commit -- path`, worktrees and sparse checkouts.
"""

import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from migrate_hooks.errors import Failure, GitProblem, NotARepository
from migrate_hooks.outside import process

_NO_REPOSITORY = b"not a git repository"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A changed path: `status` is git's letter (A, C, D, M, R, T); `old_path` for renames."""

    status: str
    path: str
    old_path: str | None = None


def ask(
    root: Path,
    *words: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> process.Finished:
    """Run git in `root` and return what it left, whatever its exit code.

    Raises Unreachable when it takes longer than `timeout` seconds.
    """
    argv = ["git", "--literal-pathspecs", *words]
    return process.run(argv, cwd=root, stdin=stdin, env=env or _unbound(root), timeout=timeout)


def environment(root: Path, **words: str) -> dict[str, str]:
    """Return the environment of a git that runs in `root`, with some variables of its own."""
    return {**(_unbound(root) or os.environ), **words}


def tell(root: Path, *words: str, stdin: bytes = b"") -> str:
    """Run git in `root` and return its output as text; raises GitProblem with git's own words."""
    done = ask(root, *words, stdin=stdin)
    if done.code != 0:
        raise _problem(root, words[0], done)
    return text(done.stdout)


def _problem(root: Path, word: str, done: process.Finished) -> Failure:
    if _NO_REPOSITORY in done.stderr:
        return _no_repository(root)
    said = done.stderr.decode("utf-8", "replace").strip()
    return GitProblem(
        f"git {word} failed: {said or done.code}",
        "Mend what git complains about (`git status` should work), then run the command again.",
    )


def text(data: bytes) -> str:
    """Return git's output as text; bytes that are not UTF-8 survive as surrogates."""
    return data.decode("utf-8", "surrogateescape")


def find_root(start: Path) -> Path | None:
    """Return the top folder of the working tree around `start`, or None outside of one.

    Raises GitProblem where git refuses for another reason, such as a folder of somebody else's.
    """
    done = ask(start, "rev-parse", "--show-toplevel", env=environment(start, LC_ALL="C"))
    if done.code == 0:
        return Path(text(done.stdout).removesuffix("\n"))
    if _NO_REPOSITORY in done.stderr:
        return None
    raise _problem(start, "rev-parse", done)


def require_root(start: Path) -> Path:
    """Like find_root, but raises NotARepository."""
    found = find_root(start)
    if found is None:
        raise _no_repository(start)
    return found


def _no_repository(start: Path) -> NotARepository:
    return NotARepository(
        f"{start} is not inside a git repository.",
        "Change into your repository, or make one with `git init`.",
    )


def current_branch(root: Path) -> str | None:
    """Return the checked-out branch's short name (also before its first commit), or None."""
    done = ask(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return text(done.stdout).strip() if done.code == 0 else None


def resolve(root: Path, revision: str) -> str | None:
    """Return the commit that `revision` leads to (tags are peeled), or None."""
    done = ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    return text(done.stdout).strip() if done.code == 0 else None


def is_ancestor(root: Path, older: str, newer: str) -> bool:
    """Return whether `older` can be reached from `newer`."""
    return ask(root, "merge-base", "--is-ancestor", older, newer).code == 0


def merge_base(root: Path, one: str, other: str) -> str | None:
    """Return the best common ancestor of two commits, or None."""
    done = ask(root, "merge-base", one, other)
    return text(done.stdout).strip() if done.code == 0 else None


def staged_changes(root: Path, folder: str) -> tuple[FileChange, ...]:
    """Return what the commit being made changes below `folder`, from the index git uses for it."""
    out = tell(
        root, "diff", "--cached", "--name-status", "-z", "-M", "--diff-filter=ACDMRT", "--", folder
    )
    return _changes(out)


def staged_paths(root: Path) -> tuple[str, ...]:
    """Return every path that the commit being made adds, changes or deletes."""
    words = ("diff", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=ACDMRT")
    return tuple(_parts(tell(root, *words)))


def changes_between(root: Path, old: str, new: str, folder: str) -> tuple[FileChange, ...]:
    """Return what changed below `folder` between two commits."""
    return _changes(tell(root, "diff", "--name-status", "-z", "-M", old, new, "--", folder))


def changes_since(root: Path, old: str, folder: str) -> tuple[FileChange, ...]:
    """Return what the working tree changes below `folder` since `old`, new files included."""
    changed = _changes(tell(root, "diff", "--name-status", "-z", "-M", old, "--", folder))
    fresh = tell(root, "ls-files", "--others", "--exclude-standard", "-z", "--", folder)
    return changed + tuple(FileChange("A", path) for path in _parts(fresh))


def uncommitted(root: Path, folder: str) -> dict[str, str]:
    """Return {path: git's two letters} of what stands in no commit below `folder`.

    "??" is not tracked, "!!" ignored; a folder that is ignored as a whole ends with "/".
    """
    words = ("--porcelain=v1", "-z", "--untracked-files=all", "--ignored=matching", "--no-renames")
    out = tell(root, "status", *words, "--", folder)
    return {line[3:]: line[:2] for line in _parts(out)}


def _parts(out: str) -> list[str]:
    return [part for part in out.split("\0") if part]


def _changes(out: str) -> tuple[FileChange, ...]:
    words = iter(_parts(out))
    found = []
    for status in words:
        first = next(words)
        if status[0] in "RC":
            found.append(FileChange(status[0], next(words), first))
        else:
            found.append(FileChange(status[0], first))
    return tuple(found)


def list_tree(root: Path, commit: str, folder: str) -> tuple[str, ...]:
    """Return the paths of all files and links below `folder` in `commit`, submodules left out."""
    out = tell(root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", folder)
    rows = (line.split("\t", 1) for line in _parts(out))
    return tuple(path for head, path in rows if head.startswith(("100", "120")) and path != folder)


def list_index(root: Path, folder: str) -> tuple[str, ...]:
    """Return the paths of all files and links below `folder` in the index."""
    found = _parts(tell(root, "ls-files", "--cached", "-z", "--", folder))
    return tuple(path for path in found if path != folder)


def link(root: Path, tree: str, path: str) -> str | None:
    """Return where a symbolic link of a commit, or of the index (`tree` is ""), leads to.

    The answer counts from `root` and starts with ".." or "/" when it leads out; None: no link.
    """
    staged = ("ls-files", "--stage", "-z", "--", path)
    words = ("ls-tree", "-z", "--full-tree", tree, "--", path) if tree else staged
    if not tell(root, *words).startswith("120000 "):
        return None
    target = text(ask(root, "cat-file", "blob", f"{tree}:{path}").stdout)
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def read_blobs(root: Path, names: Iterable[str]) -> dict[str, bytes | None]:
    """Return {object name: content}, None for what is not there.

    A name is like ":path" (staged) or "<commit>:path", where a link inside the commit is followed
    and one that leads out of it is not there. All are of one form. A path with a line feed cannot
    be asked for in a batch and is fetched alone.
    """
    wanted = list(dict.fromkeys(names))
    plain = [name for name in wanted if "\n" not in name]
    found = _read_batch(root, plain) if plain else {}
    for name in wanted:
        if "\n" in name:
            done = ask(root, "cat-file", "blob", name)
            found[name] = done.stdout if done.code == 0 else None
    return found


_LEADS_NOWHERE = frozenset({b"symlink", b"dangling", b"loop", b"notdir"})


def _read_batch(root: Path, names: list[str]) -> dict[str, bytes | None]:
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    # git cannot follow links of the index.
    follow = () if names[0].startswith(":") else ("--follow-symlinks",)
    out = ask(root, "cat-file", "--batch", *follow, stdin=asked).stdout
    found: dict[str, bytes | None] = {}
    place = 0
    for name in names:
        end = out.index(b"\n", place)
        head = out[place:end].rsplit(b" ", 2)
        place = end + 1
        if len(head) == 3 and head[1] == b"blob":
            size = int(head[2])
            found[name] = out[place : place + size]
            place += size + 1
        else:
            found[name] = None
            # A tree, a submodule's commit, or where a link leads that leads nowhere.
            if head[-1].isdigit() and (len(head) == 3 or head[0] in _LEADS_NOWHERE):
                place += int(head[-1]) + 1
    return found


def hooks_folder(root: Path) -> Path:
    """Return the folder git runs hooks from: core.hooksPath, or the common folder of worktrees."""
    return root / tell(root, "rev-parse", "--git-path", "hooks").removesuffix("\n")


def common_folder(root: Path) -> Path:
    """Return the folder of the repository itself, which all of its worktrees share."""
    return root / tell(root, "rev-parse", "--git-common-dir").removesuffix("\n")


def setting(root: Path, name: str) -> str | None:
    """Return one value of git's configuration, or None."""
    done = ask(root, "config", "--get", name)
    return text(done.stdout).removesuffix("\n") if done.code == 0 else None


def is_tracked(root: Path, path: str) -> bool:
    """Return whether git tracks `path`; raises GitProblem where git would not say."""
    done = ask(root, "ls-files", "--error-unmatch", "--", path)
    if done.code not in (0, 1):
        raise _problem(root, "ls-files", done)
    return done.code == 0


@cache
def _local_variables() -> tuple[str, ...]:
    done = process.run(["git", "rev-parse", "--local-env-vars"])
    return tuple(text(done.stdout).split())


def environment_for_another_repository() -> dict[str, str]:
    """Return the process environment without what binds git to this repository."""
    names = _local_variables()
    return {name: value for name, value in os.environ.items() if name not in names}


@cache
def _unbound(root: Path) -> Mapping[str, str] | None:
    """Return the environment for git in `root`; None where it is the process's own.

    A git that calls us binds its children to its own repository. Who went elsewhere since, by -C or
    cd, means the repository around that place.
    """
    named = os.environ.get("GIT_DIR")
    found = (place / ".git" for place in (root, *root.parents)) if named else ()
    around = next((place for place in found if place.exists()), None)
    if named is None or around is None or _leads_to(around) == (root / named).resolve():
        return None
    return environment_for_another_repository()


def _leads_to(place: Path) -> Path:
    """Return the folder that a `.git` is, or the one that a worktree's `.git` file names."""
    if place.is_dir():
        return place.resolve()
    _, _, named = place.read_text("utf-8", "surrogateescape").partition("gitdir:")
    return (place.parent / named.strip()).resolve()
