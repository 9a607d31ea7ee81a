"""A new value of an enum, used before it is there."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

# They keep their text for later, or name the value without using it.
_KEEP = frozenset({"AlterEnumStmt", "CommentStmt", "CreateFunctionStmt", "DoStmt"})


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if not subject.in_transaction:
        return
    done = subject.operations
    for number, one in enumerate(done):
        if one.kind != "AlterEnumStmt" or one.node.old_val or not one.node.new_val:
            continue
        path = objects.name_path(one.node.type_name)
        if not _is_made_here(done[:number], path):
            yield from _first_use(done[number + 1 :], one, path)


def _is_made_here(before: Sequence[Operation], path: list[str]) -> bool:
    """Return whether the transaction creates the type, too: then its values can be used at once."""
    made = (one for one in before if one.kind == "CreateEnumStmt")
    return any(objects.name_path(one.node.type_name)[-1] == path[-1] for one in made)


def _first_use(later: Sequence[Operation], added: Operation, path: list[str]) -> Iterator[Problem]:
    value, enum = added.node.new_val, ".".join(path)
    for one in later:
        if one.kind not in _KEEP and _uses(one.node, value, path[-1]):
            yield Problem(
                f"'{value}' was added to {enum} in this same transaction (line {added.line}), and "
                f"{one.statement.verb} uses it: PostgreSQL refuses that as an unsafe use of a new "
                "value before COMMIT.",
                f"Keep ALTER TYPE {enum} ADD VALUE '{value}' in this migration and move what uses "
                "it to the next one.",
                one.line,
                one.column,
            )
            return


def _uses(node: Any, value: str, enum: str) -> bool:
    """Return whether the value stands in a tree and is not cast to some other type."""
    others = [
        message
        for message in objects.messages(node)
        if message.DESCRIPTOR.name == "TypeCast"
        and objects.name_path(message.type_name)[-1:] != [enum]
    ]
    elsewhere = sum(_is(message.arg.a_const, value) for message in others)
    found = (m for m in objects.messages(node) if m.DESCRIPTOR.name == "A_Const")
    return sum(_is(message, value) for message in found) > elsewhere


def _is(constant: Any, value: str) -> bool:
    return bool(constant.HasField("sval") and constant.sval.sval == value)


_ADD = "ALTER TYPE mood ADD VALUE 'calm';\n"
_USE = "UPDATE people SET mood = 'calm' WHERE id = 7;\n"
_OTHER = "INSERT INTO words VALUES ('calm'::text);\n"

RULE = Rule(
    name="data/enum-value-used",
    severity=Severity.CRITICAL,
    summary="A value is added to an enum and used in the same transaction.",
    why=(
        "A new value of an enum can only be used after the transaction that added it: the server "
        'answers "unsafe use of new value" and the migration fails, also on an empty table.'
    ),
    instead="Add the value in one migration and use it in the next.",
    check=_check,
    bad=(
        Example(_ADD + _USE),
        Example(_ADD + "ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'calm';\n"),
        Example(_ADD + "CREATE INDEX ON people (id) WHERE mood = 'calm'::mood;\n"),
    ),
    good=(
        Example(_ADD),
        Example("ALTER TYPE mood RENAME VALUE 'ok' TO 'calm';\nUPDATE people SET mood = 'calm';\n"),
        Example("CREATE TYPE mood AS ENUM ('sad');\n" + _ADD + "SELECT 'calm'::mood;\n"),
        Example(_ADD + _OTHER),
        Example(_ADD + "COMMENT ON TYPE mood IS 'calm';\n"),
        Example("-- migrate-hooks: no-transaction\n" + _ADD + _USE),
    ),
)
