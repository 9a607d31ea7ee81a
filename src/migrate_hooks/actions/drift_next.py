"""What to type after `drift`: one command for each cause of what was found."""

from collections.abc import Iterator, Sequence
from shlex import quote

from migrate_hooks.model.schema import Difference, Origin

_BY_HAND = "made by hand on "


def lines(differences: Sequence[Difference]) -> Iterator[str]:
    """Yield the closing lines of a report, none where nothing is left to do."""
    commands = [*_by_hand(differences), *_pending(differences), *_edited(differences)]
    if commands:
        yield "Next, as it is meant:"
    width = max((len(command) for command, _ in commands), default=0)
    for command, what in commands:
        yield f"  {command:{width}}  # {what}"


def _by_hand(differences: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    causes = (each.cause or "" for each in differences if each.origin is Origin.BY_HAND)
    names = (name for cause in causes for name in cause.removeprefix(_BY_HAND).split(" and "))
    for name in dict.fromkeys(names):
        command = f"migrate-hooks drift --env={quote(name)} --write-migration NAME"
        yield f"{command} --adopt", f"keep what was made by hand on {name}, for everybody"
        yield f"{command} --restore", f"undo what was made by hand on {name}"


def _pending(differences: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    for name in _places(differences, Origin.PENDING, "pending "):
        yield f"migrate-hooks apply --env={quote(name)} --dry-run", f"bring what waits on {name}"


def _edited(differences: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    for name in _places(differences, Origin.EDITED, ""):
        command = f"migrate-hooks status --env={quote(name)}"
        yield command, f"see which files were edited after they ran on {name}"


def _places(differences: Sequence[Difference], origin: Origin, start: str) -> Iterator[str]:
    """Yield the environments that causes of one origin end with."""
    causes = (each.cause or "" for each in differences if each.origin is origin)
    yield from dict.fromkeys(
        cause.rpartition(" on ")[2] for cause in causes if cause.startswith(start)
    )
