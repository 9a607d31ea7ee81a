"""What other people have or are about to have: released files, and what is on other branches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from migrate_hooks.model.migration import Migration, Statement


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A migration on its way from another branch: neither on the target branch nor on ours."""

    branch: str
    path: str
    up: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """`revision` is what git calls the target branch's commit.

    `before` says how released files were that this change edits: as the target branch has them,
    and as they were where the two parted. `moved` says as what a file goes on that it takes away.
    """

    revision: str = ""
    before: Mapping[str, tuple[Migration, ...]] = field(default_factory=dict)
    moved: Mapping[str, Migration] = field(default_factory=dict)
    elsewhere: tuple[Elsewhere, ...] = ()


ALONE = Shared()


def moved(gone: Iterable[Migration], others: Iterable[Migration]) -> dict[str, Migration]:
    """Return {path of a gone migration: the one that has its version, or else its UP, now}."""
    found = {}
    there = tuple(others)
    for one in gone:
        same = [each for each in there if each.version == one.version]
        same += [each for each in there if each.checksum == one.checksum]
        if same:
            found[one.path] = same[0]
    return found
