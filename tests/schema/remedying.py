"""What tests of remedies share: bring one database to where it should be, object by object.

The program finds the order by trying as well (`actions/drift_route`); this is that without files,
hazards and batches, so that a remedy is at fault when a test fails.
"""

from collections.abc import Collection

from migrate_hooks.errors import QueryFailed
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema import repair
from migrate_hooks.schema.remedy import Piece
from migrate_hooks.schema.snapshot import take

MOST_ROUNDS = 3


def lead(
    session: Session, have: Snapshot, want: Snapshot, without: Collection[str] = ()
) -> list[Piece]:
    """Run statements until a database that is as `have` is as `want`; return those that ran.

    Suggestions run as well. `without` are kinds that nothing is done about. Fails with what the
    server refused, or with what still differs.
    """
    ran: list[Piece] = []
    for _ in range(MOST_ROUNDS):
        steps = repair.steps(have, want, session.version)
        ran += _run(session, [list(one.pieces) for one in steps if one.key[0] not in without])
        have = take(session, "dev")
        left = [one for one in repair.differences(have, want) if one.kind not in without]
        if not left:
            return ran
    raise AssertionError((left, [piece.sql for piece in ran]))


def _run(session: Session, queues: list[list[Piece]]) -> list[Piece]:
    ran: list[Piece] = []
    while any(queues):
        before, wrong = len(ran), []
        for queue in queues:
            try:
                while queue:
                    session.run(queue[0].sql)
                    ran.append(queue.pop(0))
            except QueryFailed as refusal:
                wrong.append(f"{refusal.message}: {queue[0].sql}")
        assert len(ran) > before, "\n".join(wrong)
    return ran
