"""Names that vanish and are there again before the file ends, as when one table takes over."""

from migrate_hooks.lint.facts import Subject
from migrate_hooks.sql import objects, parse
from migrate_hooks.sql.operations import Operation

_MAKERS = frozenset(
    {"CREATE TABLE", "CREATE TABLE AS", "SELECT INTO", "CREATE VIEW", "CREATE FOREIGN TABLE"}
)
_RENAMES = frozenset({"RENAME TABLE", "RENAME VIEW", "RENAME MATVIEW"})


def comes_back(subject: Subject, one: Operation) -> Operation | None:
    """Return what gives a table's or view's name back after `one` has taken it away, or None."""
    later = (each for each in subject.operations if _place(each) > _place(one))
    return next((each for each in later if one.key == _named(each)), None)


def is_view_made_here(subject: Subject, one: Operation) -> bool:
    """Return whether the file itself has created, and not replaced, the view before `one`."""
    return any(
        each.kind == "CREATE VIEW"
        and each.key == one.key
        and not each.node.replace
        and _place(each) < _place(one)
        for each in subject.operations
    )


def _named(one: Operation) -> tuple[str, str] | None:
    """Return the name that is there after an operation and was not before."""
    if one.kind in _MAKERS:
        return one.key
    if one.kind in _RENAMES:
        return one.key[0], one.node.newname
    return (one.node.newschema, one.key[1]) if one.kind == "SET SCHEMA" else None


def _place(one: Operation) -> tuple[int, int]:
    return one.line, one.column


def is_made_here(subject: Subject, one: Operation) -> bool:
    """Return whether the same file creates, further up, what gets another name."""
    path = objects.name_path(one.node.object) if one.node.HasField("object") else []
    before = (each for each in subject.up if (each.line, each.column) < (one.line, one.column))
    made = (parse.names(each.text) for each in before if each.verb.startswith("CREATE"))
    return any(
        (schema or "public", name) == ("public", *path)[-2:]
        for names in made
        if names is not None
        for _, schema, name in names.created
    )
