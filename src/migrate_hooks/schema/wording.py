"""When two definitions are one and the same, only written by PostgreSQL at different times; pure.

What a server prints of an expression is not always what it prints after reading that back: `status
IN ('a', 'b')` moves its casts around once more when a dump is restored. Servers of another major
version have other habits still.
"""

import re

from migrate_hooks.model.schema import Change, Difference

EXPRESSIONS = frozenset(
    {
        "body", "check", "checks", "default", "definition", "generated", "parameters",
        "partition_bound", "using",
    }
)  # fmt: skip
"""Attributes that the server writes out anew each time it is asked, from what it understood."""

_CAST = re.compile(
    r"""::(?:\.?(?:"[^"]+"|[a-z_]\w*))+(?:\ varying|\ precision|\ with(?:out)?\ time\ zone)?"""
    r"""(?:\([\d, ]+\))?(?:\ with(?:out)?\ time\ zone)?(?:\[\])*""",
    re.X,
)
_BETWEEN = re.compile(r"[()\s]+")


def only_expressions(difference: Difference) -> bool:
    """Return whether nothing but such attributes differ, and the object is on both sides."""
    names = {each.name for each in difference.attributes}
    return difference.change is Change.CHANGED and names <= EXPRESSIONS


def reads_the_same(difference: Difference) -> bool:
    """Return whether the expressions are equal but for casts, brackets and white space."""
    return all(_bare(each.source) == _bare(each.target) for each in difference.attributes)


def _bare(text: str | None) -> str | None:
    return None if text is None else _BETWEEN.sub("", _CAST.sub("", text))
