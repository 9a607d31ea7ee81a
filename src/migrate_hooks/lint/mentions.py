"""Which tables a text is about, by its words alone: nothing is parsed, so it costs next to nothing.

Every run asks this, also the one whose findings are known already.
"""

import re
from collections.abc import Iterable

_NAME = r'(?:"[^"]+"|[\w$]+)'
_TABLE = re.compile(
    r"\b(?:alter\s+table|create\s+table|on)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?"
    rf"((?:{_NAME}\s*\.\s*)*{_NAME})",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\btype\b|\bif\s+not\s+exists\b|\bindex\b", re.IGNORECASE)


def asked(texts: Iterable[str]) -> frozenset[str]:
    """Return the names, in lower case, of the tables whose past decides about `texts`."""
    asking = (text for text in texts if _ASKS.search(text))
    found = (name for text in asking for name in _TABLE.findall(text))
    return frozenset(re.findall(_NAME, name)[-1].strip('"').lower() for name in found)


def speaks_of(text: str, names: Iterable[str]) -> bool:
    """Return whether `text` has one of these names in it."""
    lowered = text.lower()
    return any(name in lowered for name in names)
