"""pre-commit and prek: hooks of a `local` repository, run by the migrate-hooks on PATH."""

import re
from collections.abc import Iterable, Sequence

from migrate_hooks.events import framework, manifest
from migrate_hooks.events.base import GitEvent
from migrate_hooks.events.manager import Manager, appended, called, marked, put_in, said, without

_ID = re.compile(r"\bid[\"']?\s*[:=]\s*[\"']?migrate-hooks-([a-z-]+)")
_REPOS = re.compile(r"repos:\s*(#.*)?$")
_ITEM = re.compile(r"( *)- ")
_PAIR = re.compile(r"[ -]*(\w+): (.*)")


def block(events: Sequence[GitEvent], file: str) -> str:
    """Return a whole configuration, in the language of `file`."""
    if file.endswith(".toml"):
        return marked(_toml(events))
    return f"repos:\n{marked(_yaml(events), '  ')}"


def add(file: str, text: str, events: Sequence[GitEvent]) -> str | None:
    """Return a configuration with ours as its last repository, None where its shape is strange."""
    rest = without(text)
    if not events:
        return rest
    if not rest.strip():
        return block(events, file)
    if file.endswith(".toml"):
        return appended(rest, marked(_toml(events)))
    lines = rest.splitlines(keepends=True)
    found = _last_repository(lines)
    return put_in(lines, found[0], marked(_yaml(events), found[1])) if found else None


def _last_repository(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return the line behind the list of repositories, and how far its items are indented."""
    heads = [number for number, line in enumerate(lines) if _REPOS.match(line)]
    if len(heads) != 1 or any("\t" in line[: len(line) - len(line.lstrip())] for line in lines):
        return None
    indent, behind = None, heads[0] + 1
    for number, line in enumerate(lines[behind:], behind):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = _ITEM.match(line)
        indent = item[1] if indent is None and item else indent
        if indent is None:
            return None
        if not line.startswith((f"{indent} ", f"{indent}- ")):
            break
        behind = number + 1
    return None if indent is None else (behind, indent)


def _yaml(events: Sequence[GitEvent]) -> list[str]:
    entries = (line for event in events for line in _entry(event))
    return ["- repo: local", "  hooks:", *(f"    {line}" for line in entries)]


def _toml(events: Sequence[GitEvent]) -> list[str]:
    lines = ["[[repos]]", 'repo = "local"']
    for event in events:
        pairs = (_PAIR.fullmatch(line) for line in _entry(event))
        lines += ["", "[[repos.hooks]]"]
        lines += (f"{pair[1]} = {_toml_value(pair[2])}" for pair in pairs if pair)
    return lines


def _toml_value(written: str) -> str:
    if written.startswith("["):
        return f'["{written[1:-1]}"]'
    return written if written[0] in "'\"" or written in ("true", "false") else f'"{written}"'


def _entry(event: GitEvent) -> list[str]:
    """Return the hook as the manifest has it, to be run by whatever is on PATH."""
    found = manifest.entry(event).replace("language: python", "language: system").splitlines()
    return [line for line in found if "minimum_pre_commit_version" not in line]


def calls(text: str) -> frozenset[str]:
    """Return the hooks at which a configuration calls us, by an id of ours or by a command."""
    found = _ID.findall("\n".join(said(text)))
    ids = ("pre-commit" if name == "lint" else name for name in found)
    return frozenset(ids) | called(text)


def command(program: str, hooks: Iterable[str]) -> str:
    """Return what makes the framework write some of git's hooks."""
    return " ".join([program, "install", *(f"--hook-type {hook}" for hook in sorted(hooks))])


MANAGER = Manager(
    name="pre-commit",
    files=(".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml"),
    programs=("pre-commit", "prek"),
    block=block,
    add=add,
    calls=calls,
    command=command,
    is_runner=framework.is_runner,
)
