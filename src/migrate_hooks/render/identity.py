"""How an object's identity is written for a reader: dotted, quoted where SQL would quote it."""

import re

# A name that needs no quotes, perhaps with an argument list whose types are quoted already.
_BARE = re.compile(r"""[a-z_][a-z0-9_$]*(\(([^"()]|"([^"]|"")*")*\))?""")


def dotted(identity: tuple[str, ...]) -> str:
    """Return `("public", "Order items", "id")` as `public."Order items".id`.

    A part may carry an argument list, as functions do: `total(integer, text)` stays as it is.
    """
    return ".".join(_part(part) for part in identity)


def _part(part: str) -> str:
    if _BARE.fullmatch(part):
        return part
    return '"' + part.replace('"', '""') + '"'
