"""A type that holds less than the one before."""

from collections.abc import Iterable

from migrate_hooks.lint import narrowing, old_types
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.narrowing import Type
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_CUTS = {
    "left": "what is longer is cut off for ever",
    "substring": "what is longer is cut off for ever",
    "substr": "what is longer is cut off for ever",
    "trunc": "digits behind the point are lost for ever",
    "round": "digits behind the point are lost for ever",
    "floor": "digits behind the point are lost for ever",
    "ceil": "digits behind the point are lost for ever",
}


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "ALTER TABLE AlterColumnType" or not subject.on_existing(one):
            continue
        old = old_types.of(one, subject, context)
        loss = (narrowing.loss(old, _type(one)) if old else "") or _cut(one)
        if loss:
            name = f"{one.spelled}.{one.node.name}"
            lasts = ", and DOWN cannot bring it back" if "for ever" in loss else ""
            yield Problem(
                f"The new type of {name} holds less than the old one: {loss}{lasts}.",
                f"Add a new column beside {name}, copy what fits, look at what does not, and drop "
                "the old one later; or add a CHECK first that proves that every value fits.",
                one.line,
                one.column,
            )


def _type(one: Operation) -> Type:
    return narrowing.of(getattr(one.node, "def").column_def.type_name)


def _cut(one: Operation) -> str:
    """Return what USING takes off each value, or ""."""
    column = getattr(one.node, "def").column_def
    if not column.HasField("raw_default"):
        return ""
    calls = (m for m in objects.messages(column.raw_default) if m.DESCRIPTOR.name == "FuncCall")
    names = sorted(objects.name_path(call.funcname)[-1] for call in calls)
    return next((_CUTS[name] for name in names if name in _CUTS), "")


_TYPE = "ALTER TABLE orders ALTER COLUMN {} TYPE {};\n"


def _both(column: str, new: str, old: str) -> Example:
    return Example(f"-- Up\n{_TYPE.format(column, new)}-- Down\n{_TYPE.format(column, old)}")


RULE = Rule(
    name="data/narrowing-type",
    severity=Severity.CRITICAL,
    summary="A column gets a type that holds less than its old one.",
    why=(
        "Values that do not fit are cut, rounded or stop the migration, and production has values "
        "that the developer's database never saw. The old type is what earlier migrations gave it, "
        "what DOWN restores, or what USING gives away."
    ),
    instead="Copy into a second column and compare before the first one goes.",
    check=_check,
    bad=(
        _both("note", "varchar(50)", "text"),
        _both("note", "varchar(50)", "varchar(200)"),
        _both("number", "integer", "bigint"),
        _both("total", "numeric(10, 2)", "numeric(12, 4)"),
        _both("total", "integer USING total::integer", "double precision"),
        _both("made", "date", "timestamptz"),
        Example(_TYPE.format("note", "varchar(50) USING left(note, 50)")),
    ),
    good=(
        _both("note", "text", "varchar(50)"),
        _both("note", "varchar(200)", "varchar(50)"),
        _both("number", "bigint", "integer"),
        _both("total", "numeric(14, 4)", "numeric(10, 2)"),
        _both("state", "text", "order_state"),
        Example("CREATE TABLE orders (note text);\n" + _TYPE.format("note", "varchar(50)")),
        Example(_TYPE.format("note", "varchar(50)")),
    ),
)
