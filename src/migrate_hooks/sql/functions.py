"""Read what CREATE FUNCTION, CREATE PROCEDURE and DO say, and what stands in their bodies."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql import objects

ROUTINES = frozenset({"CreateFunctionStmt", "DoStmt"})
"""Kinds of operations that have a body in another language."""

_SETS = frozenset({"VAR_SET_VALUE", "VAR_SET_CURRENT", "VAR_SET_MULTI"})
_AT = re.compile(r'at or near "(.+)"$', re.DOTALL)
_NEAR = re.compile(r"near line (\d+)")


@dataclass(frozen=True, slots=True)
class Routine:
    """A function, procedure or DO block; `name` is (schema, name), of DO ("", "").

    `volatility` is immutable, stable or volatile; `settings` are the names that SET pins.
    """

    name: tuple[str, str]
    language: str
    body: str
    is_definer: bool
    volatility: str
    settings: frozenset[str]

    @property
    def spelled(self) -> str:
        """The name for a sentence; public goes without saying."""
        schema, name = self.name
        return name if schema in ("", "public") else f"{schema}.{name}"


def routine(node: Any) -> Routine:
    """Return what a CREATE FUNCTION, ALTER FUNCTION or DO says."""
    what = node.DESCRIPTOR.name
    elements = {"DoStmt": "args", "CreateFunctionStmt": "options"}.get(what, "actions")
    options = [objects.unwrapped(one)[1] for one in getattr(node, elements)]
    said = {one.defname: one for one in options}
    return Routine(
        name=_name(node, what),
        language=_word(said, "language", "plpgsql" if what == "DoStmt" else "sql").lower(),
        body=_word(said, "as", ""),
        is_definer="security" in said and bool(said["security"].arg.boolean.boolval),
        volatility=_word(said, "volatility", "volatile"),
        settings=frozenset(one.arg.variable_set_stmt.name.lower() for one in options if _pins(one)),
    )


def _name(node: Any, what: str) -> tuple[str, str]:
    named = {"CreateFunctionStmt": "funcname", "AlterFunctionStmt": "func"}.get(what)
    path = objects.name_path(getattr(node, named)) if named else []
    return path[-2] if len(path) > 1 else "", path[-1] if path else ""


def _pins(option: Any) -> bool:
    """Return whether an option is SET with a value, not RESET or SET TO DEFAULT."""
    if option.defname != "set":
        return False
    return objects.enum_name(option.arg.variable_set_stmt, "kind") in _SETS


def _word(said: Mapping[str, Any], name: str, otherwise: str) -> str:
    path = objects.name_path(said[name].arg) if name in said else []
    return path[0] if path else otherwise


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """What PL/pgSQL's parser refuses in a body, and the line of the file near which it is."""

    message: str
    line: int


def syntax_problem(statement: Statement, body: str) -> BodyProblem | None:
    """Return what the parser of PL/pgSQL refuses in a statement with this body, or None.

    Only errors of syntax count: the parser knows no table and no type, so what it says about names
    can be wrong.
    """
    import postgast

    try:
        postgast.parse_plpgsql(statement.text)
    except postgast.PgQueryError as wrong:
        if not wrong.message.startswith(("syntax error", "unterminated", "missing")):
            return None
        near = _NEAR.search(wrong.context or "")
        at = _stopped(wrong.message, body, int(near[1]) if near else 1)
        return BodyProblem(wrong.message, _line(statement, body, at))
    except json.JSONDecodeError:  # it read the body, and could not write down what it saw
        return None
    return None


def _stopped(message: str, body: str, near: int) -> int:
    """Return the line of the body where the parser stopped; what it says itself may be early."""
    if message.endswith("end of input"):
        return body.rstrip().count("\n") + 1
    word = _AT.search(message)
    if word is None:
        return near
    whole = re.compile(rf"(?<!\w){re.escape(word[1])}" + (r"(?!\w)" if word[1].isalnum() else ""))
    start = sum(len(line) for line in body.splitlines(keepends=True)[: near - 1])
    found = whole.search(body, start)
    return body.count("\n", 0, found.start()) + 1 if found else near


def _line(statement: Statement, body: str, near: int) -> int:
    """Return the line of the file for a line of the body, both from 1."""
    start = statement.text.find(body)
    return statement.line + statement.text.count("\n", 0, max(start, 0)) + near - 1
