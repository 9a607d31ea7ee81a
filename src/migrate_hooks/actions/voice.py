"""How an action speaks while it works: lines, a line that changes, questions, a log."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing(_words: str) -> None:
    pass


def _nobody(_question: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Voice:
    """What an action may do with its listeners.

    `say` writes a line that stays. `status` replaces the line at the bottom of a terminal ("" takes
    it away) and does nothing elsewhere. `ask` returns what was typed, None where nobody can type.
    """

    say: Callable[[str], None] = _nothing
    status: Callable[[str], None] = _nothing
    ask: Callable[[str], str | None] = _nobody
