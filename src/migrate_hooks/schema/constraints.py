"""The one query behind every kind of table constraint.

Inherited ones and those of partitions follow their parent, so only the parent's is read. NOT NULL
is a column's attribute: PostgreSQL 18 stores it as a constraint as well, older servers do not.
"""


def query(contype: str) -> str:
    """Return the query for constraints of one `pg_constraint.contype`."""
    return f"""
SELECT
    r.schema,
    r.name AS "table",
    con.conname AS name,
    pg_catalog.pg_get_constraintdef(con.oid) AS definition
FROM relation AS r
JOIN pg_catalog.pg_constraint AS con ON con.conrelid = r.oid
WHERE con.contype = '{contype}' AND con.conparentid = 0 AND con.conislocal
"""
