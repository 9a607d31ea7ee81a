"""DISABLE TRIGGER that nothing takes back."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation

_OFF = {
    "ALTER TABLE DisableTrig": "",
    "ALTER TABLE DisableTrigUser": "USER",
    "ALTER TABLE DisableTrigAll": "ALL",
}
_ON = frozenset(
    {
        "ALTER TABLE EnableTrig",
        "ALTER TABLE EnableAlwaysTrig",
        "ALTER TABLE EnableReplicaTrig",
        "ALTER TABLE EnableTrigUser",
        "ALTER TABLE EnableTrigAll",
    }
)


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for at, one in enumerate(subject.operations):
        if one.kind not in _OFF or not subject.on_existing(one):
            continue
        if not any(_enables(later, one) for later in subject.operations[at + 1 :]):
            yield _problem(one, _OFF[one.kind] or one.node.name)


def _enables(later: Operation, one: Operation) -> bool:
    same = later.kind in _ON and later.key == one.key
    return same and later.node.name in ("", one.node.name)


def _problem(one: Operation, name: str) -> Problem:
    keys = ", those that keep its foreign keys among them" if name == "ALL" else ""
    what = f"the trigger {name}" if name not in ("ALL", "USER") else f"all triggers{keys}"
    return Problem(
        f"DISABLE TRIGGER {name} switches off {what} of {one.spelled} for everybody, and nothing "
        "in this file switches them on again: what they keep in step or check drifts apart.",
        f"Write ALTER TABLE {one.spelled} ENABLE TRIGGER {name} at the end of the same "
        "transaction, or drop the trigger when it is not needed any more.",
        one.line,
        one.column,
    )


RULE = Rule(
    name="data/disabled-trigger",
    severity=Severity.WARNING,
    summary="Triggers of an existing table are switched off and not on again.",
    why=(
        "A disabled trigger does not run for anybody, and ALL includes the triggers behind foreign "
        "keys: rows that point nowhere come in without an error, and nobody looks at them again."
    ),
    instead="ENABLE TRIGGER in the same transaction.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders DISABLE TRIGGER ALL;\n"),
        Example("ALTER TABLE ONLY shop.orders DISABLE TRIGGER touch;\n"),
        Example(
            "ALTER TABLE orders DISABLE TRIGGER USER;\nALTER TABLE lines ENABLE TRIGGER USER;\n"
        ),
    ),
    good=(
        Example("ALTER TABLE orders DISABLE TRIGGER a;\nALTER TABLE orders ENABLE TRIGGER a;\n"),
        Example("ALTER TABLE orders DISABLE TRIGGER a;\nALTER TABLE orders ENABLE TRIGGER ALL;\n"),
        Example("CREATE TABLE t (a int);\nALTER TABLE public.t DISABLE TRIGGER ALL;\n"),
        Example("DROP TRIGGER touch ON orders;\n"),
    ),
    replaces=("squawk/ban-disable-trigger",),
)
