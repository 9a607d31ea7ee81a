"""Sessions that wait, now, for tables that migrations have to do with."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding, spelled
from migrate_hooks.schema.scope import SCOPE

NAME = "lock-wait"
CRITICAL_SECONDS = 30


def _judge(row: Row, around: Surroundings) -> Judgement:
    if not around.is_touched(row["schema"], row["table"]):
        return None
    table = spelled(row["schema"], row["table"])
    who = f"process {row['pid']}" + (f" ({row['application']})" if row["application"] else "")
    way = ", ".join(f"pg_terminate_backend({pid})" for pid in row["blockers"])
    blockers = " and ".join(map(str, row["blockers"])) or "somebody that is gone by now"
    return finding(
        NAME,
        Severity.CRITICAL if row["seconds"] >= CRITICAL_SECONDS else Severity.WARNING,
        f"{who} has waited {row['seconds']} s for {row['mode']} on {table}, which process "
        f"{blockers} keeps from it; whoever wants that table next waits behind them.",
        (around.environment, "table", table),
        "See what the blocker does, then wait for it or end it"
        + (f": SELECT {way};" if way else "."),
    )


CHECK = Check(
    name=NAME,
    good="nobody waits for a table that migrations have to do with",
    query=f"""{SCOPE}
SELECT
    r.schema,
    r.name AS "table",
    waiting.mode,
    waiting.pid,
    activity.application_name AS application,
    pg_catalog.date_part(
        'epoch', pg_catalog.clock_timestamp() - waiting.waitstart)::pg_catalog.int8 AS seconds,
    pg_catalog.pg_blocking_pids(waiting.pid) AS blockers
FROM pg_catalog.pg_locks AS waiting
JOIN relation AS r ON r.oid = waiting.relation
JOIN pg_catalog.pg_database AS here ON here.oid = waiting.database
LEFT JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = waiting.pid
WHERE NOT waiting.granted AND here.datname = pg_catalog.current_database()
  AND waiting.waitstart < pg_catalog.clock_timestamp() - '1 second'::pg_catalog.interval
ORDER BY seconds DESC
""",
    judge=_judge,
)
