"""A migration of another branch that changes the same object."""

from collections.abc import Iterable
from shlex import quote

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.shared import Elsewhere
from migrate_hooks.lint.touches import Thing, Touch, touches
from migrate_hooks.model.finding import Severity

_SHOWN = 3


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    if not subject.is_new:
        return
    for other in context.shared.elsewhere:
        if other.up != subject.up and _speak_of_the_same(subject, other):
            yield from _compared(touches(subject.up), other)


def _speak_of_the_same(subject: Subject, other: Elsewhere) -> bool:
    """Return whether the other text names one of our tables or objects at all: to parse is dear."""
    text = " ".join(one.text for one in other.up).lower()
    words = (part for _, _, name in touches(subject.up) for part in name.lower().split("."))
    return any(word in text for word in words)


def _compared(ours: dict[Thing, Touch], other: Elsewhere) -> Iterable[Problem]:
    theirs = touches(other.up)
    both = sorted(ours.keys() & theirs.keys())
    hard = [one for one in both if one[0] != "table" or ours[one].is_whole or theirs[one].is_whole]
    if not both:
        return
    told = hard or both
    names = ", ".join(map(_spelled, told[:_SHOWN])) + (" and more" if len(told) > _SHOWN else "")
    first = min((ours[one] for one in told), key=lambda one: (one.line, one.column))
    show = f"git show {quote(f'{other.branch}:{other.path}')}"
    yield Problem(
        f"{other.branch} has {other.path}, which is not released either and changes the same "
        f"{names}: whichever is merged second meets what the first has made of it.",
        f"Compare the two ({show}) and agree on who goes first and who adapts.",
        first.line,
        first.column,
        Severity.WARNING if hard else Severity.INFO,
    )


def _spelled(thing: Thing) -> str:
    kind, schema, name = thing
    return f"{kind} {name if schema == 'public' else f'{schema}.{name}'}"


_OTHER = "migrations/20260102030501_add_total.sql"
_FUNCTION = "CREATE OR REPLACE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT {}';\n"

RULE = Rule(
    name="order/other-branch",
    severity=Severity.WARNING,
    summary="A migration that is on its way on another branch changes the same object.",
    why=(
        "Both are right alone. Merged, the second one meets a column that is there already, a "
        "function that it replaces by an older text, a table that is gone; git sees two new files "
        "and no conflict. The newest branches of this clone are looked at, without fetching "
        "anything, at `lint` and at a commit, not at a push. The same table alone is an info; "
        "`other_branches = false` under `[lint]` switches it off."
    ),
    instead="Agree with the other branch on the order, and let the second one build on the first.",
    check=_check,
    bad=(
        Example(
            "ALTER TABLE orders ADD COLUMN total numeric;\n",
            elsewhere=((_OTHER, "ALTER TABLE public.orders ADD COLUMN total bigint;\n"),),
        ),
        Example(_FUNCTION.format(1), elsewhere=((_OTHER, _FUNCTION.format(2)),)),
        Example(
            "ALTER TABLE orders ADD COLUMN note text;\n",
            elsewhere=((_OTHER, "ALTER TABLE orders RENAME TO purchases;\n"),),
        ),
        Example(
            "ALTER TABLE orders ADD COLUMN note text;\n",
            elsewhere=((_OTHER, "ALTER TABLE orders ADD COLUMN total bigint;\n"),),
        ),
    ),
    good=(
        Example(
            "ALTER TABLE orders ADD COLUMN total numeric;\n",
            elsewhere=((_OTHER, "ALTER TABLE sales.orders ADD COLUMN total bigint;\n"),),
        ),
        Example(
            "INSERT INTO orders VALUES (1);\n",
            elsewhere=((_OTHER, "UPDATE orders SET total = 2 WHERE id = 1;\n"),),
        ),
        Example(
            "CREATE EXTENSION IF NOT EXISTS citext;\n",
            elsewhere=((_OTHER, "CREATE EXTENSION IF NOT EXISTS citext;\n-- mine\n"),),
        ),
    ),
)
