"""Triggers that somebody switched off, among them those by which foreign keys are kept."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.schema.health import Check, Judgement, Row, Surroundings, finding, spelled
from migrate_hooks.schema.scope import SCOPE

NAME = "disabled-trigger"


def _judge(row: Row, around: Surroundings) -> Judgement:
    table, name = spelled(row["schema"], row["table"]), spelled(row["name"])
    place = (around.environment, "trigger", f"{table}.{name}")
    if row["of_constraint"]:
        return finding(
            NAME,
            Severity.CRITICAL,
            f"The triggers of {table} that keep the constraint {name} are switched off (DISABLE "
            "TRIGGER ALL does that): rows that break it get in unnoticed.",
            place,
            f"Look for such rows, then switch them on: ALTER TABLE {table} ENABLE TRIGGER ALL;",
        )
    return finding(
        NAME,
        Severity.WARNING,
        f"Trigger {name} of {table} is switched off, so it does nothing.",
        place,
        f"Switch it on (ALTER TABLE {table} ENABLE TRIGGER {name};), or drop it in a migration.",
    )


CHECK = Check(
    name=NAME,
    good="no trigger is switched off",
    query=f"""{SCOPE}
SELECT DISTINCT
    r.schema,
    r.name AS "table",
    coalesce(con.conname, t.tgname) AS name,
    t.tgisinternal AS of_constraint
FROM relation AS r
JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = r.oid
LEFT JOIN pg_catalog.pg_constraint AS con ON t.tgisinternal AND con.oid = t.tgconstraint
WHERE t.tgenabled = 'D' AND (t.tgparentid = 0 OR t.tgisinternal)
ORDER BY 1, 2, 3
""",
    judge=_judge,
)
