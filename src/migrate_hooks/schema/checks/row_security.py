"""Tables that strangers reach through an API, without row level security."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding, spelled
from migrate_hooks.schema.scope import SCOPE

NAME = "row-security"


def _judge(row: Row, around: Surroundings) -> Judgement:
    table = spelled(row["schema"], row["table"])
    place = (around.environment, "table", table)
    way = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
    if row["has_policies"]:
        return finding(
            NAME,
            Severity.CRITICAL,
            f"{table} has policies and no row level security: none of them is asked, and whoever "
            "may use the table sees and changes every row.",
            place,
            f"Switch it on in a migration: {way}",
        )
    if row["schema"] not in around.exposed or not (around.is_exposed or row["is_supabase"]):
        return None
    advice = f"Switch it on in a migration, with a policy for whoever is meant to see rows: {way}"
    if row["open_to"]:
        return finding(
            NAME,
            Severity.CRITICAL,
            f"{table} is in a schema that the API opens, and has no row level security: role "
            f"{row['open_to']} may read or change every row of it over the network.",
            place,
            advice,
        )
    return finding(
        NAME,
        Severity.WARNING,
        f"{table} is in a schema that the API opens, and has no row level security. Neither anon "
        "nor authenticated has a right on it yet; the first GRANT would open every row.",
        place,
        advice,
    )


CHECK = Check(
    name=NAME,
    good="every table that the API opens has row level security, and no policy is idle",
    query=f"""{SCOPE}
SELECT
    r.schema,
    r.name AS "table",
    EXISTS (
        SELECT FROM pg_catalog.pg_policy AS policy WHERE policy.polrelid = r.oid
    ) AS has_policies,
    (SELECT pg_catalog.bool_or(provided) FROM any_namespace) AS is_supabase,
    (
        SELECT pg_catalog.string_agg(role.rolname, ' and ' ORDER BY role.rolname)
        FROM pg_catalog.pg_roles AS role
        WHERE role.rolname IN ('anon', 'authenticated')
          AND pg_catalog.has_table_privilege(
              role.oid, r.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
    ) AS open_to
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
WHERE r.kind IN ('r', 'p') AND NOT c.relrowsecurity
ORDER BY 1, 2
""",
    judge=_judge,
)
