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
    in a schema that the configuration calls exposed. `client_gains` asks for a grant that gives
    PUBLIC or one of `CLIENTS` something on the target that the source does not give.
    """

    severity: Severity
    why: str
    kind: str = ""
    change: Change | None = None
    attribute: str = ""
    target: str = ""
    exposed: bool = False
    client_gains: bool = False


CLIENTS = frozenset({"PUBLIC", "anon", "authenticated"})
"""Grantees that stand for whoever reaches an API; the last two are Supabase's and PostgREST's."""

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
    SeverityRule(
        Severity.CRITICAL,
        "whoever reaches the database may do more",
        "grant",
        exposed=True,
        client_gains=True,
    ),
    SeverityRule(Severity.INFO, "nothing depends on it", "comment"),
    SeverityRule(Severity.INFO, "roles are a server's own", "owner"),
    SeverityRule(Severity.INFO, "providers upgrade on their own", "extension", _CHANGED, "version"),
    SeverityRule(
        Severity.INFO, "only SELECT * notices the order", "table", _CHANGED, "column_order"
    ),
    SeverityRule(Severity.INFO, "storage is tuned per server", "table", _CHANGED, "options"),
    SeverityRule(Severity.INFO, "disks are a server's own", "table", _CHANGED, "tablespace"),
    SeverityRule(Severity.INFO, "disks are a server's own", "index", _CHANGED, "tablespace"),
    SeverityRule(Severity.INFO, "only CLUSTER asks for it", "index", _CHANGED, "clustered"),
    SeverityRule(Severity.INFO, "storage is tuned per server", "column", _CHANGED, "storage"),
    SeverityRule(Severity.INFO, "storage is tuned per server", "column", _CHANGED, "compression"),
    SeverityRule(Severity.INFO, "a hint to the planner", "column", _CHANGED, "statistics_target"),
    SeverityRule(Severity.INFO, "a hint to the planner", "index", _CHANGED, "statistics_targets"),
    SeverityRule(Severity.INFO, "a hint to the planner", "statistics object"),
    SeverityRule(Severity.INFO, "a generated name", "primary key", _CHANGED, "name"),
    SeverityRule(Severity.INFO, "a hint to the planner", "function", _CHANGED, "cost"),
    SeverityRule(Severity.INFO, "a hint to the planner", "function", _CHANGED, "rows"),
    SeverityRule(Severity.WARNING, "everything else"),
)


def judge(
    change: Change,
    kind: str,
    identity: tuple[str, ...],
    attributes: Collection[AttributeChange],
    exposed: Collection[str],
) -> Severity:
    """Return the severity of a difference: for a changed object that of its worst attribute."""
    rules = [
        rule
        for rule in RULES
        if rule.kind in ("", kind)
        and rule.change in (None, change)
        and (identity[0] in exposed or not rule.exposed)
        and (not rule.client_gains or _client_gains(identity[-1], attributes))
    ]
    if change != Change.CHANGED:
        return _first(rules, None)
    return min((_first(rules, each) for each in attributes), key=RANK.__getitem__)


def _first(rules: Iterable[SeverityRule], attribute: AttributeChange | None) -> Severity:
    return next(
        rule.severity
        for rule in rules
        if (not rule.attribute or (attribute is not None and rule.attribute == attribute.name))
        and (not rule.target or (attribute is not None and rule.target == attribute.target))
    )


def _client_gains(grantee: str, attributes: Iterable[AttributeChange]) -> bool:
    if grantee not in CLIENTS:
        return False
    return any(_privileges(each.target) - _privileges(each.source) for each in attributes)


def _privileges(listed: str | None) -> frozenset[str]:
    return frozenset((listed or "").split(", ")) - {""}


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
    if rule.client_gains:
        subject = f"{rule.kind} gives PUBLIC, anon or authenticated more in the target"
    return f"{subject}, in an exposed schema" if rule.exposed else subject
