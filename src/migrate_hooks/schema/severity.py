"""How bad a difference is: one table, read from the top, the first rule that fits decides.

docs/DRIFT.md shows the same table; a test compares them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import AttributeChange, Change

RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """When a severity holds; an empty field fits anything.

    `target` is the value that the attribute must have in the target. `exposed` asks for an object
    in a schema that the configuration calls exposed.
    """

    severity: Severity
    why: str
    kind: str = ""
    change: Change | None = None
    attribute: str = ""
    target: str = ""
    exposed: bool = False


_MISSING, _CHANGED = Change.MISSING, Change.CHANGED

RULES: tuple[SeverityRule, ...] = (
    SeverityRule(
        Severity.CRITICAL, "every query that names it fails", "table", _MISSING, exposed=True
    ),
    SeverityRule(
        Severity.CRITICAL, "every query that names it fails", "column", _MISSING, exposed=True
    ),
    SeverityRule(
        Severity.CRITICAL, "rows are shown or hidden differently", "policy", _MISSING, exposed=True
    ),
    SeverityRule(
        Severity.CRITICAL,
        "whoever may use the table sees every row",
        "row security",
        _CHANGED,
        "enabled",
        "false",
        exposed=True,
    ),
    SeverityRule(
        Severity.CRITICAL,
        "clients get other values than they expect",
        "column",
        _CHANGED,
        "type",
        exposed=True,
    ),
    SeverityRule(Severity.INFO, "nothing depends on it", "comment"),
    SeverityRule(Severity.INFO, "providers upgrade on their own", "extension", _CHANGED, "version"),
    SeverityRule(
        Severity.INFO, "only SELECT * notices the order", "table", _CHANGED, "column_order"
    ),
    SeverityRule(Severity.INFO, "storage is tuned per server", "table", _CHANGED, "options"),
    SeverityRule(Severity.INFO, "a generated name", "primary key", _CHANGED, "name"),
    SeverityRule(Severity.INFO, "a hint to the planner", "function", _CHANGED, "cost"),
    SeverityRule(Severity.INFO, "a hint to the planner", "function", _CHANGED, "rows"),
    SeverityRule(Severity.WARNING, "everything else"),
)


def judge(
    change: Change,
    kind: str,
    identity: tuple[str, ...],
    attributes: Iterable[AttributeChange],
    exposed: Collection[str],
) -> Severity:
    """Return the severity of a difference: for a changed object that of its worst attribute."""
    is_exposed = identity[0] in exposed
    if change != Change.CHANGED:
        return _first(change, kind, None, is_exposed)
    found = (_first(change, kind, attribute, is_exposed) for attribute in attributes)
    return min(found, key=RANK.__getitem__)


def _first(
    change: Change, kind: str, attribute: AttributeChange | None, is_exposed: bool
) -> Severity:
    return next(
        rule.severity
        for rule in RULES
        if rule.kind in ("", kind)
        and rule.change in (None, change)
        and (not rule.attribute or (attribute is not None and rule.attribute == attribute.name))
        and (not rule.target or (attribute is not None and rule.target == attribute.target))
        and (is_exposed or not rule.exposed)
    )


def markdown() -> str:
    """Return the rules as the table that the documentation shows."""
    rows = "".join(f"| {rule.severity.upper()} | {_when(rule)} | {rule.why} |\n" for rule in RULES)
    return f"| Severity | When | Why |\n|---|---|---|\n{rows}"


def _when(rule: SeverityRule) -> str:
    subject = rule.kind or "anything"
    if rule.attribute:
        value = f" is {rule.target} in the target" if rule.target else " differs"
        subject = f"`{rule.attribute}` of {rule.kind}{value}"
    elif rule.kind:
        subject = f"{rule.kind} {rule.change or 'differs in any way'}"
    return f"{subject}, in an exposed schema" if rule.exposed else subject
