"""Expressions as somebody wrote them, where PostgreSQL would print what it printed differently.

IN over character varying and BETWEEN among other conditions are printed as what they stand for;
read back, that is another tree, and printed in another way. A definition that is run again to make
the same object has to say them as they were.
"""

import re

_TEXT = r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+\""""
_BRACKETS = r"\((?!)\)"
for _ in range(4):  # as deep as operands of such conditions are nested
    _BRACKETS = rf"\((?:[^()'\"]++|{_TEXT}|{_BRACKETS})*+\)"
_OPERAND = rf"(?:[^()'\"]|{_TEXT}|{_BRACKETS})+?"
_STRING = r"'(?:[^']|'')*+'::character varying(?:\(\d+\))?"
_IN = re.compile(
    rf"\(({_OPERAND})\)::text (=|<>) (?:ANY|ALL)"
    rf" \(\(ARRAY\[({_STRING}(?:, {_STRING})*+)\]\)::text\[\]\)"
)
_BETWEEN = re.compile(
    rf"\(\(({_OPERAND}) >= ({_OPERAND})\) AND \(\1 <= ({_OPERAND})\)\)", re.DOTALL
)


def as_written(text: str) -> str:
    """Return an expression, or a definition with some in it, that prints as it was printed."""
    return _BETWEEN.sub(_between, _IN.sub(_in, text))


def _in(found: re.Match[str]) -> str:
    return f"{found[1]} {'IN' if found[2] == '=' else 'NOT IN'} ({found[3]})"


def _between(found: re.Match[str]) -> str:
    return f"({found[1]} BETWEEN {found[2]} AND {found[3]})"
