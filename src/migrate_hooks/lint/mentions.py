"""Which tables a text is about, by its words alone: nothing is parsed, so it costs next to nothing.

Every run asks this, also the one whose findings are known already.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_NAME = r'(?:"[^"]+"|[\w$]+)'
_TABLE = re.compile(
    r"\b(?:alter\s+table|create\s+table|on|references)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?"
    rf"((?:{_NAME}\s*\.\s*)*{_NAME})",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\btype\b|\bif\s+not\s+exists\b|\bindex\b|\breferences\b|\bset\s+not\s+null\b", re.IGNORECASE
)


def asked(texts: Iterable[str]) -> frozenset[str]:
    """Return the names, in lower case, of the tables whose past decides about `texts`."""
    asking = (text for text in texts if _ASKS.search(text))
    found = (name for text in asking for name in _TABLE.findall(text))
    return frozenset(re.findall(_NAME, name)[-1].strip('"').lower() for name in found)


def defines(text: str, names: frozenset[str]) -> bool:
    """Return whether `text` creates, alters, drops or indexes one of the tables called `names`."""
    lowered = text.lower()  # most texts have none of the names, and this is quicker to see
    found = any(name in lowered for name in names)
    return found and _definition(names).search(text) is not None


@lru_cache(maxsize=8)  # one run asks about every file of the folder
def _definition(names: frozenset[str]) -> re.Pattern[str]:
    ways = (
        r"(?:create|alter)\s+(?:\w+\s+){0,3}?table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?",
        r"rename\s+to\s+",
        r"drop\s+table\s[^;]*?",
        r"index\s[^;(]*?\bon\s+(?:only\s+)?",
        r"select\b[^;]*?\binto\s+(?:\w+\s+){0,2}?",
    )
    spelled = "|".join(re.escape(name) for name in sorted(names))
    name = rf'(?:{_NAME}\s*\.\s*)*"?(?:{spelled})(?![\w$])'
    return re.compile(rf"\b(?:{'|'.join(ways)}){name}", re.IGNORECASE)
