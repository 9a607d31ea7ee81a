"""lefthook: a command of ours at each hook, which gets git's arguments and every ref of a push."""

import re
from collections.abc import Iterable, Sequence

from migrate_hooks.events.base import GitEvent
from migrate_hooks.events.manager import Manager, appended, called, marked, put_in, said, without

# The second argument of pre-push is the remote's URL, which may hold anything; it is not needed.
_ARGUMENTS = {"pre-push": "'{1}'", "pre-commit": "", "pre-merge-commit": ""}

_NAME = "migrate-hooks"
_SECTION = re.compile(r"[\[{\"' \t]*((?:pre|post)-[a-z-]+)[\"']?\s*[.:]")


def block(events: Sequence[GitEvent], file: str) -> str:
    """Return a whole configuration, in the language of `file`."""
    if file.endswith(".toml"):
        return marked(line for event in events for line in _toml(event))
    return marked(line for event in events for line in _section(event))


def add(file: str, text: str, events: Sequence[GitEvent]) -> str | None:
    """Return a configuration that calls us too, None where its shape is strange."""
    rest = without(text)
    if not events:
        return rest
    if not rest.strip():
        return block(events, file)
    if file.endswith(".json"):
        return None
    return appended(rest, block(events, file)) if file.endswith(".toml") else _yaml(rest, events)


def _yaml(text: str, events: Sequence[GitEvent]) -> str | None:
    if re.search(r"^\t", text, re.M):
        return None
    fresh = []
    for event in events:
        lines = text.splitlines(keepends=True)
        head = rf"[\"']?{event.name}[\"']?\s*:"
        heads = [number for number, line in enumerate(lines) if re.match(head, line)]
        made = _inside(lines, heads[0], event) if len(heads) == 1 else None
        if not heads:
            fresh.append(event)
        elif made is None:
            return None
        else:
            text = made
    lines = text.splitlines(keepends=True)
    return put_in(lines, len(lines), block(fresh, "")) if fresh else text


def _inside(lines: Sequence[str], head: int, event: GitEvent) -> str | None:
    """Put ours into the section of a hook: beside its commands, its jobs, or the first of them."""
    indent = _indent_below(lines, head)
    if indent is None or not re.match(r"[^#]*:\s*(#.*)?$", lines[head]):
        return None
    for number in range(head + 1, _end_of_section(lines, head)):
        found = re.match(rf"{indent}(commands|jobs):(.*)", lines[number])
        if found is None:
            continue
        below = _indent_below(lines, number, indent)
        if below is None or found[2].strip()[:1] not in ("", "#"):
            return None
        ours = _command(event) if found[1] == "commands" else _job(event)
        return put_in(lines, number + 1, marked(ours, below))
    return put_in(lines, head + 1, marked(["commands:", *_in(_command(event))], indent))


def _indent_below(lines: Sequence[str], head: int, indent: str = "") -> str | None:
    """Return how far what a line at `indent` opens is indented, None where that is nothing.

    Items of a list may stand as far left as the word that opens it.
    """
    for line in lines[head + 1 :]:
        if line.strip() and not line.lstrip().startswith("#"):
            words = line.lstrip(" ")
            found = line[: len(line) - len(words)]
            inside = len(found) > len(indent) or (indent and words.startswith("- "))
            return found if inside and len(found) >= len(indent) else None
    return None


def _end_of_section(lines: Sequence[str], head: int) -> int:
    for number, line in enumerate(lines[head + 1 :], head + 1):
        if line.strip() and line[0] not in " #":
            return number
    return len(lines)


def _run(event: GitEvent) -> list[str]:
    words = f"run: {_NAME} hook {event.name} {_ARGUMENTS.get(event.name, '{0}')}".rstrip()
    return [words, *(["use_stdin: true"] if event.has_stdin else [])]


def _section(event: GitEvent) -> list[str]:
    return [f"{event.name}:", *_in(["commands:", *_in(_command(event))])]


def _command(event: GitEvent) -> list[str]:
    return [f"{_NAME}:", *_in(_run(event))]


def _job(event: GitEvent) -> list[str]:
    return [f"- name: {_NAME}", *_in(_run(event))]


def _toml(event: GitEvent) -> list[str]:
    run, *more = _run(event)
    words = [f'run = "{run.partition(": ")[2]}"', *(one.replace(":", " =") for one in more)]
    return [f"[{event.name}.commands.{_NAME}]", *words]


def _in(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def calls(text: str) -> frozenset[str]:
    """Return the hooks at which a configuration calls us; lint counts for where it stands."""
    found: set[str] = set()
    section = "pre-commit"
    for line in said(text):
        head = _SECTION.match(line)
        section = head[1] if head else section
        found |= called(line, section)
    return frozenset(found)


def command(program: str, _hooks: Iterable[str]) -> str:
    """Return what makes lefthook write git's hooks: all that its configuration names."""
    return f"{program} install"


def is_runner(text: str) -> bool:
    """Say whether a hook was written by lefthook."""
    return "call_lefthook" in text


MANAGER = Manager(
    name="lefthook",
    files=(
        "lefthook.yml",
        "lefthook.yaml",
        ".lefthook.yml",
        ".lefthook.yaml",
        "lefthook.toml",
        ".lefthook.toml",
        "lefthook.json",
        ".lefthook.json",
    ),
    programs=("lefthook",),
    block=block,
    add=add,
    calls=calls,
    command=command,
    is_runner=is_runner,
)
