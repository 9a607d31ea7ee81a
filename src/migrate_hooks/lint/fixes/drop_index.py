"""DROP INDEX and REINDEX where readers wait: CONCURRENTLY."""

from migrate_hooks.lint import alone, pieces, standing
from migrate_hooks.lint.change import Case, Change, Fix
from migrate_hooks.lint.pieces import Piece
from migrate_hooks.lint.standing import Standing
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import operations


def _propose(case: Case) -> Change | str:
    piece = pieces.at(case)
    done = pieces.operations(case.subject, piece) if piece else ()
    if piece is None or not done:
        return "it stands inside a DO block"
    if done[0].kind == "REINDEX":
        return _rebuilt(case, piece, done[0].spelled)
    if len(done) > 1 or objects.enum_name(done[0].node, "behavior") == "DROP_CASCADE":
        return "CONCURRENTLY drops one index at a time, and never with CASCADE"
    path = objects.name_path(done[0].node.objects[0])
    stands = standing.of_index(case.folder, (path[-2] if len(path) > 1 else "public", path[-1]))
    if stands is Standing.PARTITIONED:
        return f"{path[-1]} is an index of a partitioned table, which is not dropped CONCURRENTLY"
    index = alone.Index(
        piece=piece,
        name=path[-1],
        table="",
        is_unique=False,
        back=_undone(case, path[-1]),
        undo="",
        words=f"drop {path[-1]}",
        proviso=standing.said(stands, "its table"),
    )
    return alone.concurrently(case, index)


def _undone(case: Case, name: str) -> Piece | None:
    """Return the statement of DOWN that builds this index again."""
    for one in pieces.down(case.subject, case.context):
        for made in operations([one.statement]):
            if made.kind == "CREATE INDEX" and made.node.idxname == name:
                return one
    return None


def _rebuilt(case: Case, piece: Piece, name: str) -> Change | str:
    """Return the change of a REINDEX, which nothing undoes: so only where it stands alone."""
    others = [
        one
        for one in (
            *pieces.up(case.subject, case.context),
            *pieces.down(case.subject, case.context),
        )
        if one != piece
    ]
    if others and case.subject.in_transaction:
        return "it stands beside other statements, and nothing undoes it in a file of its own"
    index = alone.Index(piece, name, "", False, None, "", "", "")
    return alone.concurrently(case, index)


FIX = Fix(
    name="drop-index",
    codes=(
        "locks/drop-index",
        "locks/reindex",
        "squawk/require-concurrent-index-deletion",
        "squawk/require-concurrent-reindex",
    ),
    summary=(
        "DROP INDEX and REINDEX become CONCURRENTLY, with the no-transaction line; a DROP INDEX "
        "beside other statements moves to the next migration if DOWN says how to build it again."
    ),
    propose=_propose,
)
