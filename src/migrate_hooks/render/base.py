"""What an output format is: a name, and a function from a `Report` to text."""

from collections.abc import Callable
from dataclasses import dataclass

from migrate_hooks.model.report import Report


@dataclass(frozen=True, slots=True)
class Style:
    """What the reader can take.

    `color` allows ANSI sequences, `unicode` anything beyond ASCII. `verbose` shows INFO too.
    `width` is in columns, 0 where lines may be as long as they like (a pipe).
    """

    color: bool = False
    unicode: bool = True
    verbose: bool = False
    width: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    `for_people` says that the text is meant for a reader, not for a program: it may go to
    standard error, and it may be left out when there is nothing to say.
    """

    name: str
    render: Callable[[Report, Style], str]
    for_people: bool = False
