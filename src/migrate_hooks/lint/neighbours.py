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
    """Return the oldest maker of each table.

    A file that drops or renames the same table, or says IF NOT EXISTS, may not be the first.
    """
    found: dict[Key, Version] = {}
    for version, made in done:
        unsure = _keys(made, _GONE)
        for one in made:
            if version is None or one.kind != "CREATE TABLE" or one.node.if_not_exists:
                continue
            if one.key not in unsure and (one.key not in found or version < found[one.key]):
                found[one.key] = version
    return tuple(sorted(found.items()))
