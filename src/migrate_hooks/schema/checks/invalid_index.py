"""INVALID indexes: what an interrupted CONCURRENTLY leaves behind."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding, spelled
from migrate_hooks.schema.scope import SCOPE

NAME = "invalid-index"


def _judge(row: Row, around: Surroundings) -> Judgement:
    index, table = spelled(row["schema"], row["index"]), spelled(row["schema"], row["table"])
    place = (around.environment, "index", index)
    if row["builder"]:
        said = f"{index} on {table} is being built by process {row['builder']} right now."
        return finding(NAME, Severity.INFO, said, place, "Look again when it is done.")
    if row["partitioned"]:
        return finding(
            NAME,
            Severity.CRITICAL,
            f"{index} of the partitioned table {table} is INVALID: some partition has no index of "
            "its own attached to it" + _unique(row) + ".",
            place,
            "Build the index on each partition that lacks it, then attach it: "
            f"ALTER INDEX {index} ATTACH PARTITION …;",
        )
    return finding(
        NAME,
        Severity.CRITICAL,
        f"{index} on {table} is INVALID: a build with CONCURRENTLY was interrupted or failed. No "
        "query uses it, and writes pay for it all the same" + _unique(row) + ".",
        place,
        f"Drop it, then build it again if it is wanted: DROP INDEX CONCURRENTLY {index};",
    )


def _unique(row: Row) -> str:
    return "; that its values are unique is not certain" if row["is_unique"] else ""


CHECK = Check(
    name=NAME,
    good="every index is valid",
    # Who builds may be hidden from this role, but which processes build and hold locks is not.
    query=f"""{SCOPE}
SELECT
    r.schema,
    r.name AS "table",
    c.relname AS index,
    i.indisunique AS is_unique,
    c.relkind = 'I' AS partitioned,
    (
        SELECT pg_catalog.min(held.pid)
        FROM pg_catalog.pg_stat_progress_create_index AS build
        JOIN pg_catalog.pg_locks AS held ON held.pid = build.pid
        WHERE held.relation = r.oid AND held.granted AND held.mode = 'ShareUpdateExclusiveLock'
    ) AS builder
FROM relation AS r
JOIN pg_catalog.pg_index AS i ON i.indrelid = r.oid
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
WHERE NOT (i.indisvalid AND i.indisready)
ORDER BY 1, 2, 3
""",
    judge=_judge,
)
