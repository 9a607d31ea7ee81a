"""CREATE INDEX on a table in use: CONCURRENTLY."""

from typing import Any

from migrate_hooks.lint import alone, pieces, standing
from migrate_hooks.lint.change import Case, Change, Fix
from migrate_hooks.lint.pieces import Piece
from migrate_hooks.lint.standing import Standing
from migrate_hooks.sql import objects
from migrate_hooks.sql.forms import quoted
from migrate_hooks.sql.operations import operations


def _propose(case: Case) -> Change | str:
    piece = pieces.at(case)
    done = pieces.operations(case.subject, piece) if piece else ()
    if piece is None or len(done) != 1 or done[0].kind != "CREATE INDEX":
        return "the index is built inside a DO block"
    one, node = done[0], done[0].node
    stands = standing.of_table(case.folder, one.key)
    if stands is Standing.PARTITIONED:
        return f"{one.spelled} is partitioned, and no index is built on it CONCURRENTLY"
    index = alone.Index(
        piece=piece,
        name=node.idxname or f"the index on {one.spelled}",
        table=one.table,
        is_unique=node.unique,
        back=_undone(case, node.idxname) if node.idxname else None,
        undo=f"DROP INDEX CONCURRENTLY {_dropped(piece, one.schema)}" if node.idxname else "",
        words=f"create {node.idxname}",
        proviso=standing.said(stands, one.spelled),
    )
    return alone.concurrently(case, index)


def _undone(case: Case, name: str) -> Piece | None:
    """Return the statement of DOWN that drops this index and nothing else."""
    found = pieces.down(case.subject, case.context)
    drops = [one for one in found if one.statement.verb == "DROP INDEX"]
    return next((one for one in drops if _names(one) == [name]), None)


def _names(piece: Piece) -> list[str]:
    done: list[Any] = [one.node for one in operations([piece.statement])]
    return [objects.name_path(item)[-1] for node in done[:1] for item in node.objects]


def _dropped(piece: Piece, schema: str) -> str:
    """Return the index's name as DROP INDEX needs it: it lives in its table's schema."""
    return f"{quoted(schema)}.{piece.statement.target}" if schema else piece.statement.target


FIX = Fix(
    name="create-index",
    codes=("locks/index-build", "squawk/require-concurrent-index-creation"),
    summary=(
        "CREATE INDEX on an existing table becomes CONCURRENTLY, with the no-transaction line; "
        "beside other statements it moves to the next migration, with a DOWN of its own."
    ),
    propose=_propose,
)
