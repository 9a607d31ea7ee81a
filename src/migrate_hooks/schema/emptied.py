"""What comes back without its data when a change is taken back; pure."""

from collections.abc import Iterator, Mapping

from migrate_hooks.model.schema import Change, Difference, Snapshot
from migrate_hooks.schema import compare
from migrate_hooks.schema.identity import dotted

_FILLED = frozenset({"default", "identity"})


def between(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield ends of sentences about what was lost on the way from `before` to `after`."""
    found = compare.unfolded(before, after)
    gone = {
        each.identity for each in found if each.kind == "table" and each.change is Change.MISSING
    }
    for each in sorted(found, key=lambda one: (one.identity, one.kind)):
        if each.table not in gone:
            yield from _said(each)


def _said(each: Difference) -> Iterator[str]:
    name = dotted(each.identity)
    told = {one.name: (one.source or "", one.target or "") for one in each.attributes}
    match each.kind, each.change:
        case "table", Change.MISSING if told["kind"][0] != "foreign table":
            yield f"table {name} comes back without its rows"
        case "column", Change.MISSING if "generated" not in told:
            yield f"column {name} comes back without its values{_needed(told)}"
        case "column", Change.CHANGED if "type" in told:
            yield (
                "the values of column {} went from {} to {} and back, and keep what that "
                "changed".format(name, *told["type"])
            )
        case "sequence", Change.MISSING:
            yield f"sequence {name} begins at its start again"


def _needed(told: Mapping[str, tuple[str, str]]) -> str:
    """Return the end of a sentence about a column that rows must have a value for."""
    if "not_null" not in told or told["not_null"][0] != "true" or told.keys() & _FILLED:
        return ""
    return "; it is NOT NULL, so DOWN fails where the table has rows"
