"""Casts, named as SQL names them: they are in no schema. A range type brings its own."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import MADE_LATER

KIND = ObjectKind(
    name="cast",
    recorded_in=("pg_cast", "oid"),
    identity=("cast",),
    attributes=("method", "context"),
    query=f"""
SELECT
    pg_catalog.format('%s AS %s', pg_catalog.format_type(c.castsource, NULL),
        pg_catalog.format_type(c.casttarget, NULL)) AS cast,
    CASE c.castmethod
        WHEN 'f' THEN c.castfunc::regprocedure::text
        WHEN 'i' THEN 'by input and output' ELSE 'without a function'
    END AS method,
    CASE c.castcontext
        WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END AS context
FROM pg_catalog.pg_cast AS c
WHERE c.oid {MADE_LATER} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS made
    WHERE made.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND made.objid = c.oid
      AND made.deptype IN ('e', 'i'))
""",
)
