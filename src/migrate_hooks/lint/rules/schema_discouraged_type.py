"""Types that promise one thing and do another."""

import re
from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import columns, place_of, type_of
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity

_MONEY = re.compile(
    r"(?:^|_)(?:amount|balance|cost|fee|price|salary|subtotal|tax|total|vat)(?:_|$)"
)
_TYPES = {
    "money": ("rounds to what the server's lc_monetary says and knows no currency", "numeric"),
    "timetz": ("has an offset but no day, so summer time cannot be known", "timestamptz"),
}
_FLOATS = frozenset({"float4", "float8"})
_INEXACT = ("cannot hold most decimal fractions, so sums of money drift", "numeric")


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        for column in columns(one):
            kind = type_of(column)
            found = _TYPES.get(kind)
            if kind in _FLOATS and _MONEY.search(column.colname.lower()):
                found = _INEXACT
            if found:
                reason, better = found
                line, at = place_of(one, column)
                yield Problem(
                    f"{one.spelled}.{column.colname} is {kind}, which {reason}.",
                    f"Declare {column.colname} as {better}.",
                    line,
                    at,
                )


RULE = Rule(
    name="schema/discouraged-type",
    severity=Severity.WARNING,
    summary="A new column has the type money or timetz, or a float for money.",
    why="These types lose what they are chosen for, and changing them later rewrites the table.",
    instead="Use numeric for money and timestamptz for moments.",
    check=_check,
    bad=(
        Example("CREATE TABLE orders (id bigint PRIMARY KEY, total money);\n"),
        Example("ALTER TABLE orders ADD COLUMN unit_price double precision;\n"),
        Example("ALTER TABLE orders ADD COLUMN opens time with time zone;\n"),
    ),
    good=(
        Example("CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12, 2));\n"),
        Example("ALTER TABLE places ADD COLUMN latitude double precision;\n"),
    ),
    opt_in=True,
)
