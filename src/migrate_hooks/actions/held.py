"""How many rows a plan would lose, by the server's own estimate: no table is locked to count."""

from collections.abc import Sequence
from dataclasses import replace

from migrate_hooks.history.hazards import WHOLE_SCHEMA
from migrate_hooks.model.history import Hazard, Plan
from migrate_hooks.outside.postgres import Session

# Names are looked up as the file's own statements will be.
_PLACES = """
SELECT name, pg_catalog.to_regclass(name)::pg_catalog.oid::pg_catalog.int8
FROM pg_catalog.unnest(%s::pg_catalog.text[]) AS wanted (name)
WHERE pg_catalog.to_regclass(name) IS NOT NULL
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
_ROWS_OF_SCHEMAS = """
SELECT wanted.name,
    sum(greatest(class.reltuples, pg_stat_get_live_tuples(class.oid), 0))::int8
FROM unnest(%s::text[]) AS wanted (name)
JOIN pg_class AS class ON class.relnamespace = to_regnamespace(wanted.name) AND class.relkind = 'r'
GROUP BY 1
"""


def told(session: Session, plan: Plan) -> Plan:
    """Return the plan whose hazards say about how many rows they are about, where that is known."""
    tables = list(dict.fromkeys(one.table for one in plan.hazards if one.table))
    if not tables:
        return plan
    rows = _estimates(session, tables)
    return replace(plan, hazards=tuple(_told(one, rows.get(one.table, 0)) for one in plan.hazards))


def _estimates(session: Session, names: Sequence[str]) -> dict[str, int]:
    """Return the rows of tables and of whole schemas, under their names."""
    schemas = [one.removesuffix(WHOLE_SCHEMA) for one in names if one.endswith(WHOLE_SCHEMA)]
    tables = [one for one in names if not one.endswith(WHOLE_SCHEMA)]
    places = dict(session.rows(_PLACES, [tables]))
    counts, sums = session.apart((_ROWS, (list(places.values()),)), (_ROWS_OF_SCHEMAS, (schemas,)))
    rows = dict(counts)
    found = {table: rows.get(oid, 0) for table, oid in places.items()}
    return found | {f"{schema}{WHOLE_SCHEMA}": count for schema, count in sums}


def _told(hazard: Hazard, rows: int) -> Hazard:
    if not rows:
        return hazard
    amount = "about 1 row" if rows == 1 else f"about {rows:,} rows"
    return replace(hazard, message=f"{hazard.message} ({amount})")
