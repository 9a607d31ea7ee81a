"""A difference in words: what it means for the target, and what to do about it; pure."""

from migrate_hooks.model.schema import AttributeChange, Change, Difference
from migrate_hooks.schema.identity import dotted

_LONGEST_VALUE = 60

# What a missing object means for whoever works with the target.
_MEANS = {
    "table": "every query that names it fails there",
    "column": "every query that names it fails there",
    "view": "every query that names it fails there",
    "materialized view": "every query that names it fails there",
    "function": "every call of it fails there",
    "aggregate": "every call of it fails there",
    "policy": "rows are shown or hidden differently there",
    "index": "queries that rely on it read the whole table there",
    "trigger": "what it does on every change does not happen there",
    "foreign key": "rows without a counterpart are accepted there",
    "primary key": "duplicates are accepted there",
    "unique constraint": "duplicates are accepted there",
    "check constraint": "rows that break it are accepted there",
    "exclusion constraint": "rows that break it are accepted there",
}


def message(difference: Difference, source: str, target: str) -> str:
    """Return what differs, in terms of the two environments' names."""
    subject = _subject(difference)
    if difference.change == Change.MISSING:
        means = _MEANS.get(difference.kind)
        return f"{subject} is missing on {target}: {source} has it" + (
            f", and {means}." if means else "."
        )
    if difference.change == Change.UNEXPECTED:
        return f"{subject} is on {target} and not on {source}."
    if _security_is_off(difference):
        return (
            f"row security of {dotted(difference.identity)} is off on {target} and on on {source}: "
            "whoever may read or write the table there sees and changes every row."
        )
    said = "; ".join(_said(each, source, target) for each in difference.attributes)
    return f"{subject} differs: {said}."


def hint(difference: Difference, source: str, target: str) -> str:
    """Return what to do next; it starts with a verb."""
    by_hand = "if it was made by hand there"
    migration = f"with a migration{_sql(difference)}"
    if difference.change == Change.MISSING:
        return f"Create it on {target} {migration}, or drop it on {source} {by_hand}."
    if difference.change == Change.UNEXPECTED:
        return f"Drop it on {target} {by_hand}, or bring it to {source} with a migration."
    return f"Bring {target} to what {source} has {migration}, or change {source} {by_hand}."


def _subject(difference: Difference) -> str:
    name = dotted(difference.identity)
    match difference.kind:
        case "grant":
            return f"grant on {dotted(difference.identity[:-1])} to {difference.identity[-1]}"
        case "owner" | "comment" | "security label":
            return f"{difference.kind} of {name}"
        case _:
            return f"{difference.kind} {name}"


def _said(change: AttributeChange, source: str, target: str) -> str:
    name = change.name.replace("_", " ")
    values = [value if value is not None else "(none)" for value in (change.source, change.target)]
    if any(len(value) > _LONGEST_VALUE or "\n" in value for value in values):
        return f"its {name} is not the same"
    return f"{name} is {values[0]} on {source} and {values[1]} on {target}"


def _security_is_off(difference: Difference) -> bool:
    return difference.kind == "row security" and any(
        each.name == "enabled" and each.target == "false" for each in difference.attributes
    )


def _sql(difference: Difference) -> str:
    """Return the statement to start from, where one line says it all, in brackets."""
    statement = _statement(difference)
    return f" ({statement})" if statement else ""


def _statement(difference: Difference) -> str:
    wanted = {each.name: each.source or "" for each in difference.attributes}
    table = dotted(difference.table or ())
    own = dotted(difference.identity[-1:])
    if _security_is_off(difference):
        return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    match (difference.kind, difference.change):
        case ("column", Change.MISSING):
            return f"ALTER TABLE {table} ADD COLUMN {own} {wanted['type']}"
        case ("column", Change.CHANGED) if "type" in wanted:
            return f"ALTER TABLE {table} ALTER COLUMN {own} TYPE {wanted['type']}"
        case ("policy", Change.MISSING):
            return f"CREATE POLICY {own} ON {table} …"
        case ("extension", Change.MISSING):
            return f"CREATE EXTENSION {own}"
        case (kind, Change.MISSING) if kind.endswith((" key", " constraint")):
            name = dotted((wanted["name"],)) if "name" in wanted else own
            return f"ALTER TABLE {table} ADD CONSTRAINT {name} {wanted['definition']}"
        case ("index", Change.MISSING) if " ON ONLY " not in wanted["definition"]:
            return wanted["definition"].replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
    return ""


def against_files(difference: Difference) -> str:
    """Return what an environment has that its own applied migrations do not make, or lacks."""
    subject, target = f"{difference.kind} {dotted(difference.identity)}", difference.target
    if difference.change == Change.MISSING:
        means = _MEANS.get(difference.kind)
        return f"{subject} is missing on {target}, where applied migrations made it" + (
            f": {means}." if means else "."
        )
    if difference.change == Change.UNEXPECTED:
        return f"{subject} is on {target} and no migration that is applied there made it."
    return message(difference, difference.source, target)


def hint_against_files(difference: Difference) -> str:
    """Return what to do next about that; it starts with a verb."""
    subject, target = dotted(difference.identity), difference.target
    new = "migrate-hooks new NAME"
    if difference.change == Change.MISSING:
        return f"Make it again on {target}{_sql(difference)}, or drop it for everybody: {new}"
    if difference.change == Change.UNEXPECTED:
        return f"Adopt {subject} with a migration ({new}), or drop it on {target}."
    return f"Change it back on {target}{_sql(difference)}, or adopt it for everybody: {new}"
