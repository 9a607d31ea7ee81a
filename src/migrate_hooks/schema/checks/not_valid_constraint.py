"""Constraints that were added NOT VALID and never validated: the second step is missing."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding, spelled
from migrate_hooks.schema.scope import SCOPE, not_from_extension

NAME = "not-valid-constraint"


def _judge(row: Row, around: Surroundings) -> Judgement:
    owner, constraint = spelled(row["schema"], row["owner"]), spelled(row["name"])
    kind = "DOMAIN" if row["is_domain"] else "TABLE"
    return finding(
        NAME,
        Severity.WARNING,
        f"{constraint} on {owner} is NOT VALID: new rows are checked, those that were there before "
        "never were, and the planner does not rely on it.",
        (around.environment, "constraint", f"{owner}.{constraint}"),
        "Validate it in a migration of its own, which lets reads and writes go on: "
        f"ALTER {kind} {owner} VALIDATE CONSTRAINT {constraint};",
    )


# What PostgreSQL 18 has as NOT ENFORCED is not validated either, and is meant to be so.
CHECK = Check(
    name=NAME,
    good="every constraint is validated",
    query=f"""{SCOPE}
SELECT schema, owner, name, is_domain FROM (
    SELECT r.schema, r.name AS owner, con.conname AS name, false AS is_domain,
        pg_catalog.to_jsonb(con) AS fields
    FROM relation AS r
    JOIN pg_catalog.pg_constraint AS con ON con.conrelid = r.oid
    WHERE NOT con.convalidated AND con.conparentid = 0 AND con.conislocal
    UNION ALL
    SELECT n.name, t.typname, con.conname, true, pg_catalog.to_jsonb(con)
    FROM namespace AS n
    JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
    JOIN pg_catalog.pg_constraint AS con ON con.contypid = t.oid
    WHERE NOT con.convalidated AND {not_from_extension("pg_type", "t.oid")}
) AS found
WHERE coalesce(fields ->> 'conenforced', 'true') = 'true'
ORDER BY 1, 2, 3
""",
    judge=_judge,
)
