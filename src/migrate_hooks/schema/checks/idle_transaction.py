"""Sessions that sit in an open transaction and do nothing: whoever changes a table waits for them.

Every open transaction holds a lock on its own virtual id, which every role may see.
"""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, Unread, finding
from migrate_hooks.schema.scope import SCOPE

NAME = "idle-transaction"
WARNING_SECONDS, CRITICAL_SECONDS = 300, 3_600


def _judge(row: Row, around: Surroundings) -> Judgement:
    if row["idle"] is None:
        return Unread(
            "since when sessions of other roles that are in a transaction do nothing",
            f"Grant it: GRANT pg_read_all_stats TO {around.role}; (pg_monitor includes it)",
        )
    who = f"process {row['pid']}" + (f" ({row['application']})" if row["application"] else "")
    holds = f" It holds locks on {row['tables']}." if row["tables"] else ""
    return finding(
        NAME,
        Severity.CRITICAL if row["idle"] >= CRITICAL_SECONDS else Severity.WARNING,
        f"{who} of role {row['role']} has been idle in an open transaction for "
        f"{row['idle'] // 60} min: VACUUM cannot clean up behind it, and a migration waits for "
        f"whatever it has locked.{holds}",
        (around.environment, "session", str(row["pid"])),
        "Ask its owner to end the transaction, or end the session: "
        f"SELECT pg_terminate_backend({row['pid']});",
    )


CHECK = Check(
    name=NAME,
    good="no session has been idle in a transaction for 5 minutes",
    query=f"""{SCOPE}
SELECT
    activity.pid,
    activity.usename AS role,
    activity.application_name AS application,
    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - activity.state_change
        )::pg_catalog.int8 AS idle,
    (
        SELECT pg_catalog.string_agg(DISTINCT pg_catalog.format('%I.%I', r.schema, r.name), ', ')
        FROM pg_catalog.pg_locks AS held
        JOIN relation AS r ON r.oid = held.relation
        WHERE held.pid = activity.pid AND held.granted
    ) AS tables
FROM pg_catalog.pg_stat_activity AS activity
WHERE activity.datname = pg_catalog.current_database()
  AND activity.pid <> pg_catalog.pg_backend_pid()
  AND (
    (activity.state LIKE 'idle in transaction%' AND activity.state_change
        < pg_catalog.clock_timestamp() - '{WARNING_SECONDS} seconds'::pg_catalog.interval)
    OR (activity.state IS NULL AND activity.usesysid IS NOT NULL
        AND activity.query = '<insufficient privilege>' AND EXISTS (
            SELECT FROM pg_catalog.pg_locks AS held
            WHERE held.pid = activity.pid AND held.locktype = 'virtualxid' AND held.granted))
  )
ORDER BY idle DESC
""",
    judge=_judge,
)
