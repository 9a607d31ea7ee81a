"""Transactions that were prepared for a second phase which never came."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding

NAME = "prepared-transaction"
WARNING_SECONDS, CRITICAL_SECONDS = 300, 3_600


def _judge(row: Row, around: Surroundings) -> Judgement:
    gid = "'" + row["gid"].replace("'", "''") + "'"
    return finding(
        NAME,
        Severity.CRITICAL if row["seconds"] >= CRITICAL_SECONDS else Severity.WARNING,
        f"Transaction {gid} of role {row['owner']} was prepared {row['seconds'] // 60} min ago and "
        "neither committed nor rolled back: it keeps its locks, even over a restart, and a "
        "migration of those tables waits for it.",
        (around.environment, "prepared transaction", row["gid"]),
        f"Ask whoever coordinates it, then COMMIT PREPARED {gid}; or ROLLBACK PREPARED {gid};",
    )


CHECK = Check(
    name=NAME,
    good="no prepared transaction has been left open for 5 minutes",
    query=f"""
SELECT
    gid,
    owner,
    pg_catalog.date_part(
        'epoch', pg_catalog.clock_timestamp() - prepared)::pg_catalog.int8 AS seconds
FROM pg_catalog.pg_prepared_xacts
WHERE database = pg_catalog.current_database()
  AND prepared < pg_catalog.clock_timestamp() - '{WARNING_SECONDS} seconds'::pg_catalog.interval
ORDER BY prepared
""",
    judge=_judge,
)
