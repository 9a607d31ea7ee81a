"""Sequences that come near the last number that they, or the column they fill, can hold."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import (
    Check,
    Judgement,
    Row,
    Surroundings,
    Unread,
    finding,
    spelled,
)
from migrate_hooks.schema.scope import SCOPE

NAME = "sequence-end"
WARNING, CRITICAL = 0.80, 0.95

_BITS = {"smallint": 15, "integer": 31, "bigint": 63}


def _judge(row: Row, around: Surroundings) -> Judgement:
    sequence = spelled(row["schema"], row["sequence"])
    if not row["readable"]:
        schema = spelled(row["schema"])
        return Unread(
            f"how far some sequences of schema {schema} came",
            f"Grant it: GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {around.role};",
        )
    first, last, column = _first(row), _last(row), _column_end(row)
    end = min(last, column, key=abs)
    if row["last"] is None or end == first or (row["cycles"] and end == last):
        return None
    used = (int(row["last"]) - first) / (end - first)
    if used <= WARNING:
        return None
    filled = spelled(row["table_schema"], row["table"]) if row["table"] else ""
    return finding(
        NAME,
        Severity.CRITICAL if used > CRITICAL else Severity.WARNING,
        f"{sequence} has used {int(used * 100)} % of its numbers ({row['last']:,} of {end:,}). "
        f"Behind the last one every INSERT{f' into {filled}' if filled else ''} fails.",
        (around.environment, "sequence", sequence),
        _hint(row, sequence, filled),
    )


def _first(row: Row) -> int:
    return int(row["minimum"] if row["increment"] > 0 else row["maximum"])


def _last(row: Row) -> int:
    return int(row["maximum"] if row["increment"] > 0 else row["minimum"])


def _column_end(row: Row) -> int:
    """Return the last number of the type of the column that the sequence fills."""
    return _type_end(row["column_type"] or "bigint", row["increment"] > 0)


def _type_end(name: str, up: bool) -> int:
    size = 1 << _BITS[name]
    return size - 1 if up else -size


def _hint(row: Row, sequence: str, filled: str) -> str:
    last, column = _last(row), _column_end(row)
    if abs(last) < abs(column):
        if last != _type_end(row["type"], row["increment"] > 0):
            bound = "MAXVALUE" if row["increment"] > 0 else "MINVALUE"
            return f"Let it go on in a migration: ALTER SEQUENCE {sequence} NO {bound};"
        kind = row["column_type"] or "bigint"
        return f"Let it go on in a migration, done at once: ALTER SEQUENCE {sequence} AS {kind};"
    if not filled or row["column_type"] == "bigint":
        return f"Let it go on where numbers are free, or cycle: ALTER SEQUENCE {sequence} …;"
    name = spelled(row["column"])
    return (
        f"Make {filled}.{name} a bigint: add a second column, fill it in batches, swap the names "
        "(ALTER COLUMN … TYPE bigint would write the whole table again under a lock that blocks "
        f"reads and writes), then ALTER SEQUENCE {sequence} AS bigint;"
    )


CHECK = Check(
    name=NAME,
    good="no sequence is near its end",
    # A column is filled by the sequence that it owns, or by the one that its default names.
    query=f"""{SCOPE}
SELECT
    n.name AS schema,
    c.relname AS sequence,
    pg_catalog.format_type(s.seqtypid, NULL) AS type,
    s.seqincrement AS increment,
    s.seqmin AS minimum,
    s.seqmax AS maximum,
    s.seqcycle AS cycles,
    filled.schema AS table_schema,
    filled.name AS "table",
    filled.column,
    filled.type AS column_type,
    may.read AS readable,
    CASE WHEN may.read THEN pg_catalog.pg_sequence_last_value(c.oid) END AS last
FROM namespace AS n
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid
CROSS JOIN LATERAL (
    SELECT pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE') AS read
) AS may
LEFT JOIN LATERAL (
    SELECT r.schema, r.name, a.attname AS column,
        pg_catalog.format_type(a.atttypid, NULL) AS type
    FROM (
        SELECT d.refobjid AS relation, d.refobjsubid::pg_catalog.int4 AS place
        FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.deptype IN ('a', 'i')
        UNION ALL
        SELECT def.adrelid, def.adnum::pg_catalog.int4
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_attrdef AS def ON def.oid = d.objid
        WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.refobjid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    ) AS used
    JOIN relation AS r ON r.oid = used.relation
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = used.place
    WHERE pg_catalog.format_type(a.atttypid, NULL) IN ('smallint', 'integer', 'bigint')
    ORDER BY a.attlen
    LIMIT 1
) AS filled ON true
WHERE c.relpersistence = 'p' OR (c.relpersistence = 'u' AND NOT pg_catalog.pg_is_in_recovery())
ORDER BY 1, 2
""",
    judge=_judge,
)
