"""How many rows a plan would lose, by the server's own estimate: no table is locked to count."""

from collections.abc import Sequence
from dataclasses import replace

from migrate_hooks.model.history import Hazard, Plan
from migrate_hooks.outside.postgres import Session

# Names are looked up as the file's own statements will be.
_PLACES = """
SELECT pg_catalog.to_regclass(name)::pg_catalog.oid::pg_catalog.int8
FROM pg_catalog.unnest(%s::pg_catalog.text[]) WITH ORDINALITY AS wanted (name, place)
ORDER BY place
"""
# A partitioned table has its rows in its partitions. The first number is from the last ANALYZE (-1
# before there was one), the second from the activity since the server's last crash.
_ROWS = """
SELECT wanted.oid::int8,
    sum(greatest(class.reltuples, pg_stat_get_live_tuples(class.oid), 0))::int8
FROM unnest(%s::oid[]) AS wanted (oid)
CROSS JOIN LATERAL (
    SELECT relid::oid FROM pg_partition_tree(wanted.oid) UNION SELECT wanted.oid
) AS part (oid)
JOIN pg_class AS class ON class.oid = part.oid AND class.relkind <> 'p'
GROUP BY 1
"""


def told(session: Session, plan: Plan) -> Plan:
    """Return the plan whose hazards say about how many rows they are about, where that is known."""
    tables = list(dict.fromkeys(one.table for one in plan.hazards if one.table))
    if not tables:
        return plan
    rows = _estimates(session, tables)
    return replace(plan, hazards=tuple(_told(one, rows.get(one.table, 0)) for one in plan.hazards))


def _estimates(session: Session, tables: Sequence[str]) -> dict[str, int]:
    places = [row[0] for row in session.rows(_PLACES, [list(tables)])]
    (found,) = session.apart((_ROWS, ([oid for oid in places if oid is not None],)))
    counts = dict(found)
    return {table: counts.get(oid, 0) for table, oid in zip(tables, places, strict=True)}


def _told(hazard: Hazard, rows: int) -> Hazard:
    if not rows:
        return hazard
    amount = "about 1 row" if rows == 1 else f"about {rows:,} rows"
    return replace(hazard, message=f"{hazard.message} ({amount})")
