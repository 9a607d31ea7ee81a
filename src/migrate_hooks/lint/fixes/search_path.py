"""CREATE FUNCTION ... SECURITY DEFINER without a search_path: pin the one that it has today."""

from typing import Any

from migrate_hooks.lint import pieces
from migrate_hooks.lint.change import Case, Change, Edit, Fix
from migrate_hooks.sql import bodies
from migrate_hooks.sql.functions import routine
from migrate_hooks.sql.lexer import Token


def _propose(case: Case) -> Change | str:
    piece = pieces.at(case)
    done = pieces.operations(case.subject, piece) if piece else ()
    if piece is None or len(done) != 1 or done[0].kind != "CreateFunctionStmt":
        return "the body of the function is not in this statement"
    if any(one.statement.verb in ("SET", "RESET") for one in pieces.up(case.subject, case.context)):
        return "the file sets something itself, so what the names mean is not certain"
    behind = _behind_definer(pieces.words(case.subject.text, piece))
    if behind is None:
        return "SECURITY DEFINER stands there in an unusual way"
    path = _path(done[0].node, case)
    edit = Edit(behind, behind, f" SET search_path = {path}")
    name = routine(done[0].node).spelled
    return Change(f"search_path of {name} pinned to {path}", (edit,))


def _behind_definer(found: tuple[Token, ...]) -> int | None:
    """Return the offset behind the words SECURITY DEFINER, None unless they stand there once."""
    said = [one.text.upper() if one.kind == "word" else "" for one in found]
    ends = [
        found[at + 1].end
        for at in range(len(said) - 1)
        if said[at : at + 2] == ["SECURITY", "DEFINER"]
    ]
    return ends[0] if len(ends) == 1 else None


def _path(node: Any, case: Case) -> str:
    """Return '' where no name in the body depends on a path, else the usual path, spelled out.

    pg_temp goes last: named nowhere, it would be searched first, and anybody may fill it.
    """
    if bodies.is_qualified(node):
        return "''"
    return "public, extensions, pg_temp" if case.context.supabase else "public, pg_temp"


FIX = Fix(
    name="search-path",
    codes=("security/definer-search-path",),
    summary=(
        "A SECURITY DEFINER function gets SET search_path: '' where its body names everything "
        "with a schema, else `public, pg_temp`, which is what its names mean by default."
    ),
    propose=_propose,
)
