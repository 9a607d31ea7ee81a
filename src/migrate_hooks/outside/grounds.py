"""Servers that migrations can be replayed on: installations here, or one that a person named."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrate_hooks.errors import ToolMissing
from migrate_hooks.outside import pg_tools, pretended
from migrate_hooks.outside.pg_tools import Installation

if TYPE_CHECKING:
    from migrate_hooks.model.environment import Target

PATHS_SINCE = 18
"""PostgreSQL 18 reads extensions from further folders than its own."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A server to replay on, perhaps not started yet: an installation here, or a `target`.

    `name` is for sentences; `identity` tells it from every other in the keys of what is kept.
    """

    name: str
    major: int
    identity: str
    installation: Installation | None = None
    target: "Target | None" = None


def grounds(major: int, folder: str | None = None) -> tuple[Ground, ...]:
    """Return installations to replay on for a target of `major`, the most fitting first.

    `folder` is one that a person named; then there is no other. Behind the first comes one that
    knows our stand-ins for extensions, then what else there is. Raises ToolMissing.
    """
    found = pg_tools.installations()
    if folder:
        found = (pg_tools.named(folder),)
    best = sorted(found, key=lambda one: (one.major < major, abs(one.major - major)))
    if not best:
        raise ToolMissing(
            "No PostgreSQL server was found on this machine to replay the migrations on.",
            "Install one: pip install 'migrate-hooks[embedded]', or name a folder of binaries: "
            "--pg-bindir=DIR.",
        )
    behind = sorted(best[1:], key=lambda one: one.major < PATHS_SINCE)
    places = {one.bin: one for one in (best[0], *behind)}
    return tuple(map(_ground, places.values()))


def _ground(found: Installation) -> Ground:
    stamp = (found.bin / "postgres").stat().st_mtime_ns
    return Ground(
        f"a scratch server, PostgreSQL {found.major}",
        found.major,
        f"{found.bin}:{found.major}:{stamp}:{pretended.digest()}",
        installation=found,
    )


def lacks(ground: Ground, wanted: Collection[str]) -> bool:
    """Return whether a server is known not to have all of the `wanted` extensions."""
    known = ground.installation and pg_tools.extensions(ground.installation)
    if not known:
        return False
    more = pretended.names() if ground.major >= PATHS_SINCE else frozenset()
    return not known | more >= set(wanted)


def elsewhere(target: "Target") -> Ground:
    """Return a server that a person named; raises Unreachable when it cannot be asked."""
    from migrate_hooks.outside import postgres

    with postgres.session(target) as session:
        version = session.version
    return Ground(
        f"the scratch server {target.address}, PostgreSQL {version // 10_000}",
        version // 10_000,
        f"{target.address}:{target.database}:{target.user}:{version}",
        target=target,
    )
