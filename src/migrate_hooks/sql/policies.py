"""Read what a row security policy allows, to whom, and what it trusts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from migrate_hooks.sql import objects

_SESSION = frozenset({"auth.uid", "auth.jwt", "auth.role", "auth.email", "current_setting"})
_OWN_WORDS = re.compile(r"\b(?:raw_)?user_meta_?data\b")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy; `command` is "all", "select" and so on, "" where ALTER POLICY leaves it alone.

    `roles` are empty where the statement names none; `using` and `check` are trees or None.
    """

    name: str
    command: str
    permissive: bool
    roles: tuple[str, ...]
    using: Any
    check: Any

    @property
    def expressions(self) -> tuple[Any, ...]:
        """Return the conditions that there are."""
        return tuple(one for one in (self.using, self.check) if one is not None)


def policy(node: Any) -> Policy:
    """Return what a CREATE POLICY or ALTER POLICY says."""
    creates = node.DESCRIPTOR.name == "CreatePolicyStmt"
    return Policy(
        name=node.policy_name,
        command=node.cmd_name if creates else "",
        permissive=node.permissive if creates else True,
        roles=tuple(role(objects.unwrapped(one)[1]) for one in node.roles),
        using=node.qual if node.HasField("qual") else None,
        check=node.with_check if node.HasField("with_check") else None,
    )


def role(spec: Any) -> str:
    """Return a role's name; "public" stands for everybody."""
    kind = objects.enum_name(spec, "roletype").removeprefix("ROLESPEC_")
    return str(spec.rolename) if kind == "CSTRING" else kind.lower()


def is_true(expression: Any) -> bool:
    """Return whether a condition is the constant TRUE."""
    if expression is None:
        return False
    kind, node = objects.unwrapped(expression)
    return kind == "a_const" and node.HasField("boolval") and bool(node.boolval.boolval)


def session_calls(expression: Any) -> list[str]:
    """Return the calls that ask who is there and stand in no SELECT of their own, as "auth.uid"."""
    return sorted({name for name in map(_called, _outside_queries(expression)) if name in _SESSION})


def trusts_user_metadata(expression: Any) -> bool:
    """Return whether a condition reads what users may write about themselves."""
    return any(_OWN_WORDS.search(word) for one in objects.messages(expression) for word in _of(one))


def _of(message: Any) -> Iterator[str]:
    kind = message.DESCRIPTOR.name
    if kind == "A_Const" and message.HasField("sval"):
        yield message.sval.sval
    elif kind == "ColumnRef":
        yield from objects.name_path(message.fields)


def _called(message: Any) -> str:
    if message.DESCRIPTOR.name != "FuncCall":
        return ""
    return ".".join(objects.name_path(message.funcname))


def _outside_queries(node: Any) -> Iterator[Any]:
    """Yield the messages of a tree that belong to no query inside it."""
    if node.DESCRIPTOR.name == "SubLink":
        return
    yield node
    for field, value in node.ListFields():
        if field.message_type:
            for inner in [value] if hasattr(value, "DESCRIPTOR") else value:
                yield from _outside_queries(inner)
