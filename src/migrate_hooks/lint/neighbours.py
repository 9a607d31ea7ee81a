"""What the files of one run, and the unreleased ones beside them, do together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrate_hooks.lint import not_null
from migrate_hooks.lint.not_null import Proof
from migrate_hooks.model.migration import Statement, Version
from migrate_hooks.sql import objects, parse
from migrate_hooks.sql.operations import Operation, operations

Key = tuple[str, str]
"""(schema, table), where no schema means public."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Tables that get row security (`secured`) or a policy, and those that vanish or move again.

    `in_code` tells that code in a body speaks of row security: which table it means cannot be read.
    `makers` says for each table, view or type which version creates it first, where it is new for
    certain.
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
_TYPES = {
    "CreateEnumStmt": "type_name",
    "CompositeTypeStmt": "typevar",
    "CreateDomainStmt": "domainname",
}


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
    """Return the oldest maker of each table, view or type that is not there for another reason.

    What is dropped, renamed, replaced or made IF NOT EXISTS anywhere may be older than its maker.
    """
    found: dict[Key, Version] = {}
    unsure: set[Key] = set()
    for version, made in done:
        for one in made:
            key = _made(one)
            if one.kind in _GONE:
                unsure |= {one.key, (one.key[0], getattr(one.node, "newname", ""))}
            elif one.kind.startswith(("DROP ", "RENAME ")):
                unsure |= _named(one)
            elif key and any(
                getattr(one.node, word, False) for word in ("if_not_exists", "replace")
            ):
                unsure.add(key)
            elif key and version is not None:
                found[key] = min(version, found.get(key, version))
    return tuple(sorted(one for one in found.items() if one[0] not in unsure))


def _made(one: Operation) -> Key | None:
    """Return the table, view or type that an operation makes, None for any other."""
    if one.kind in _MAKES or one.kind == "CREATE VIEW":
        return one.key
    if one.kind in _TYPES:
        *schema, name = objects.name_path(getattr(one.node, _TYPES[one.kind]))
        return (schema[-1] if schema else "public"), name
    return None


def _named(one: Operation) -> set[Key]:
    names = parse.names(one.statement.text)
    every = names.touched | names.created if names else ()
    return {(schema or "public", name) for _, schema, name in every}
