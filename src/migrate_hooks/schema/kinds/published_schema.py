"""Schemas of publications, which PostgreSQL 15 brought."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="published schema",
    recorded_in=("pg_publication", ""),
    identity=("schema", "publication"),
    query="SELECT NULL AS schema, NULL AS publication WHERE false",
    newer=(
        (
            150000,
            """
SELECT n.name AS schema, p.pubname AS publication
FROM pg_catalog.pg_publication_namespace AS m
JOIN any_namespace AS n ON n.oid = m.pnnspid
JOIN pg_catalog.pg_publication AS p ON p.oid = m.pnpubid
""",
        ),
    ),
)
