"""JSON that every parser, terminal and pipe takes."""

import json
from typing import Any


def dump(value: Any) -> str:
    """Return `value` as indented JSON in ASCII that ends with a line break."""
    # ASCII survives every encoding, and leaves DEL as the one control character to escape by hand.
    return json.dumps(_well_formed(value), indent=2).replace("\x7f", "\\u007f") + "\n"


def _well_formed(value: Any) -> Any:
    """Return `value` with halves of surrogate pairs spelled out: strict parsers reject them."""
    match value:
        case dict():
            return {key: _well_formed(each) for key, each in value.items()}
        case list() | tuple():
            return [_well_formed(each) for each in value]
        case str() if not value.isascii():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value
