"""ADD CONSTRAINT with a check of every row: NOT VALID here, VALIDATE in the next migration."""

from collections.abc import Sequence

from migrate_hooks.lint import not_null, pieces, standing
from migrate_hooks.lint.change import Case, Change, Edit, Fix, NextFile
from migrate_hooks.lint.pieces import Piece
from migrate_hooks.lint.standing import Standing
from migrate_hooks.sql import objects
from migrate_hooks.sql.lexer import Token
from migrate_hooks.sql.operations import Operation, operations

_ADD = "ALTER TABLE AddConstraint"
_FOREIGN = "CONSTR_FOREIGN"
# What trusts a checked constraint and would read every row without one.
_TRUSTING = frozenset({"ALTER TABLE SetNotNull", "ALTER TABLE AttachPartition"})
_LONGEST_HEAD = 9  # tokens: ALTER TABLE IF EXISTS ONLY schema . name *


def _propose(case: Case) -> Change | str:
    piece = pieces.at(case)
    done = pieces.operations(case.subject, piece) if piece else ()
    adding = [one for one in done if _reads_rows(one)]
    if piece is None or not adding:
        return "it comes with a new column; write it as an ADD CONSTRAINT of its own"
    head, clauses = _taken_apart(pieces.words(case.subject.text, piece))
    if len(clauses) != len(done):
        return "the statement cannot be taken apart for certain"
    chosen = [clause for clause, one in zip(clauses, done, strict=True) if one in adding]
    if not all(_has_name(clause) for clause in chosen):
        return "the constraint has no name, so VALIDATE could not be told which one is meant"
    stands = _standing(case, adding)
    if stands is Standing.PARTITIONED:
        return f"{adding[0].spelled} is partitioned, and takes no foreign key NOT VALID"
    proviso = standing.said(stands, adding[0].spelled)
    return _why_not(case, piece, adding) or _split(case, head, chosen, proviso)


def _standing(case: Case, adding: Sequence[Operation]) -> Standing:
    """Return how the table stands where that matters: for a foreign key, before PostgreSQL 18."""
    if not any(_kind(one) == _FOREIGN for one in adding):
        return Standing.PLAIN
    return standing.of_table(case.folder, adding[0].key)


def _kind(one: Operation) -> str:
    return objects.enum_name(not_null.constraint(one), "contype")


def _reads_rows(one: Operation) -> bool:
    if one.kind != _ADD:
        return False
    is_checked = _kind(one) in (_FOREIGN, "CONSTR_CHECK")
    return is_checked and not not_null.constraint(one).skip_validation


def _taken_apart(found: Sequence[Token]) -> tuple[list[Token], list[list[Token]]]:
    """Return the tokens up to the table's name, and those of each part behind it."""
    start = next(
        (at for at, one in enumerate(found[:_LONGEST_HEAD]) if one.text.upper() == "ADD"),
        len(found),
    )
    if start == len(found):  # the first part is no ADD: what ends the name is not obvious
        return [], []
    clauses: list[list[Token]] = [[]]
    depth = 0
    for one in found[start:]:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(one.text, 0)
        if one.text == "," and depth == 0:
            clauses.append([])
        else:
            clauses[-1].append(one)
    return list(found[:start]), clauses


def _has_name(clause: Sequence[Token]) -> bool:
    return [one.text.upper() for one in clause[:2]] == ["ADD", "CONSTRAINT"]


def _why_not(case: Case, piece: Piece, adding: Sequence[Operation]) -> str:
    """Return why the constraints cannot stay unchecked until the next migration, or ""."""
    found = pieces.up(case.subject, case.context)
    later = [one.statement for one in found if one.start > piece.start] + list(case.later)
    trusting = {one.key for one in operations(later) if one.kind in _TRUSTING}
    for one in adding:
        node = not_null.constraint(one)
        if pieces.is_named(node.conname, later):
            return f"a later statement needs {node.conname}"
        if one.key in trusting:
            return f"a later statement reads no rows of {one.spelled} because this checked them"
    return ""


def _split(
    case: Case, head: Sequence[Token], clauses: Sequence[Sequence[Token]], proviso: str
) -> Change:
    text = case.subject.text
    table = text[head[0].start : head[-1].end].replace("\r\n", "\n")
    names = [clause[2].text for clause in clauses]
    validate = [f"{table} VALIDATE CONSTRAINT {name};" for name in names]
    # The exact way back: PostgreSQL knows no other one from checked to unchecked.
    back = [
        f"{table} DROP CONSTRAINT {clause[2].text};\n{table} {_said(text, clause)} NOT VALID;"
        for clause in reversed(clauses)
    ]
    edits = (Edit(clause[-1].end, clause[-1].end, " NOT VALID") for clause in clauses)
    words = "validate " + " ".join(name.strip('"') for name in names)
    fresh = NextFile(words, "\n".join(validate), "\n".join(back))
    done = f"{', '.join(names)} added NOT VALID, validated in a file of its own{proviso}"
    return Change(done, tuple(edits), files=(fresh,))


def _said(text: str, clause: Sequence[Token]) -> str:
    return text[clause[0].start : clause[-1].end].replace("\r\n", "\n")


FIX = Fix(
    name="not-valid",
    codes=(
        "locks/foreign-key",
        "locks/check-constraint",
        "squawk/adding-foreign-key-constraint",
        "squawk/constraint-missing-not-valid",
    ),
    summary=(
        "A named FOREIGN KEY or CHECK on an existing table is added NOT VALID; the next migration "
        "validates it, and its DOWN makes it NOT VALID again."
    ),
    propose=_propose,
)
