"""What a git hook is to us: one file in `git/`, which reads what git says to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from migrate_hooks.model.trigger import Trigger
from migrate_hooks.registry import collect, load

PACKAGE = "migrate_hooks.events.git"


@dataclass(frozen=True, slots=True)
class GitEvent:
    """One hook, by git's own name for it: "pre-push".

    `command` is what a person typed: "git push". `blocks` says whether git heeds the exit code.
    `read` makes a Trigger of the arguments and the standard input that git gives; it raises
    GitProblem for what git would not say. `verbs` are the actions to run, in order. `summary` says
    in one line what that does. `by_file` says that a hook manager had better hand its staged files
    to the verb than call the hook, `caveat` what a hook manager keeps from us.
    """

    name: str
    command: str
    blocks: bool
    read: Callable[[Sequence[str], bytes], Trigger]
    verbs: tuple[str, ...]
    summary: str
    has_stdin: bool = False
    by_file: bool = False
    caveat: str = ""


def every() -> tuple[GitEvent, ...]:
    """Return all events, sorted by their names."""
    return tuple(collect(PACKAGE, "EVENT", GitEvent).values())


def by_name(name: str) -> GitEvent:
    """Return one event without loading the others."""
    return load(PACKAGE, name.replace("-", "_"), "EVENT", GitEvent)
