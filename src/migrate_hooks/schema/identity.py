"""How an object's identity is written for a reader: dotted, quoted where SQL would quote it."""

import re

_ARGUMENTS = r"""\(([^"()]|"([^"]|"")*")*\)"""
_LIST = re.compile(_ARGUMENTS)
# A name that needs no quotes, perhaps with an argument list whose types are quoted already.
_BARE = re.compile(rf"[a-z_][a-z0-9_$]*({_ARGUMENTS})?")
_ROUTINE_PARTS = 3


def dotted(identity: tuple[str, ...]) -> str:
    """Return `("public", "Order items", "id")` as `public."Order items".id`.

    Functions carry their argument types as a third part, "(integer, text)", which follows the name
    as it is.
    """
    if len(identity) >= _ROUTINE_PARTS and _LIST.fullmatch(identity[_ROUTINE_PARTS - 1]):
        named, rest = identity[: _ROUTINE_PARTS - 1], identity[_ROUTINE_PARTS:]
        return ".".join([dotted(named) + identity[_ROUTINE_PARTS - 1], *map(_part, rest)])
    return ".".join(_part(part) for part in identity)


def _part(part: str) -> str:
    if _BARE.fullmatch(part):
        return part
    return '"' + part.replace('"', '""') + '"'
