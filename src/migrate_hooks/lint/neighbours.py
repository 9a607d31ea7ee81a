"""What the files of one run, and the unreleased ones beside them, do together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrate_hooks.lint import not_null
from migrate_hooks.lint.not_null import Proof
from migrate_hooks.model.migration import Statement, Version
from migrate_hooks.sql.operations import Operation, operations

Key = tuple[str, str]
"""(schema, table), where no schema means public."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Tables that get row security (`secured`) or a policy, and those that vanish or move again.

    `in_code` tells that code in a body speaks of row security: which table it means cannot be read.
    `makers` says for each table which version creates it first, where the table is new for certain.
    `proved` are columns that validated checks keep free of NULLs.
    """

    secured: frozenset[Key] = frozenset()
    policied: frozenset[Key] = frozenset()
    gone: frozenset[Key] = frozenset()
    in_code: bool = False
    makers: tuple[tuple[Key, Version], ...] = ()
    proved: frozenset[Proof] = frozenset()


ALONE = Neighbours()
_MAKES = frozenset({"CREATE TABLE", "CREATE TABLE AS"})
_GONE = frozenset({"DROP TABLE", "SET SCHEMA", "RENAME TABLE"})


def read(files: Iterable[tuple[Version | None, Sequence[Statement]]]) -> Neighbours:
    """Return what files, as (version, statements of UP), do together."""
    done = [(version, operations(statements)) for version, statements in files]
    every = [one for _, found in done for one in found]
    return Neighbours(
        secured=_keys(every, {"ALTER TABLE EnableRowSecurity"}),
        policied=_keys(every, {"CREATE POLICY"}),
        gone=_keys(every, _GONE),
        in_code=any("row level security" in body for body in _bodies(every)),
        makers=_makers(done),
        proved=not_null.proved(every),
    )


def _keys(done: Iterable[Operation], kinds: Iterable[str]) -> frozenset[Key]:
    return frozenset(one.key for one in done if one.kind in kinds)


def _bodies(done: Iterable[Operation]) -> Iterable[str]:
    with_code = (one for one in done if one.kind in ("DoStmt", "CreateFunctionStmt"))
    return (" ".join(one.statement.text.lower().split()) for one in with_code)


def _makers(
    done: Iterable[tuple[Version | None, Sequence[Operation]]],
) -> tuple[tuple[Key, Version], ...]:
    """Return the oldest maker of each table that is not there for some other reason.

    A table that is dropped, renamed or made IF NOT EXISTS anywhere may be older than its maker.
    """
    found: dict[Key, Version] = {}
    unsure: set[Key] = set()
    for version, made in done:
        for one in made:
            if one.kind in _GONE:
                unsure |= {one.key, (one.key[0], getattr(one.node, "newname", ""))}
            elif one.kind in _MAKES and one.node.if_not_exists:
                unsure.add(one.key)
            elif one.kind in _MAKES and version is not None:
                found[one.key] = min(version, found.get(one.key, version))
    return tuple(sorted(one for one in found.items() if one[0] not in unsure))
