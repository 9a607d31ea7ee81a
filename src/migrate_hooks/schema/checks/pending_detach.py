"""Partitions whose DETACH … CONCURRENTLY was interrupted."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding, spelled
from migrate_hooks.schema.scope import SCOPE

NAME = "pending-detach"


def _judge(row: Row, around: Surroundings) -> Judgement:
    table = spelled(row["schema"], row["table"])
    partition = spelled(row["partition_schema"], row["partition"])
    return finding(
        NAME,
        Severity.CRITICAL,
        f"{partition} is half detached from {table}: DETACH … CONCURRENTLY was interrupted. "
        f"Queries of {table} do not see its rows, and no other partition can be detached so.",
        (around.environment, "table", partition),
        f"Finish it: ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE;",
    )


CHECK = Check(
    name=NAME,
    good="no partition is half detached",
    query=f"""{SCOPE}
SELECT
    r.schema,
    r.name AS "table",
    part.schema AS partition_schema,
    part.name AS partition
FROM pg_catalog.pg_inherits AS i
JOIN relation AS r ON r.oid = i.inhparent
JOIN relation AS part ON part.oid = i.inhrelid
WHERE i.inhdetachpending
ORDER BY 1, 2
""",
    judge=_judge,
)
