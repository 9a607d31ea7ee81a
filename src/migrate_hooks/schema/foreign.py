"""Options of what is foreign, down to tables and columns; some are never read."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.clauses import HIDDEN
from migrate_hooks.schema.remedy import Piece, literal, quoted, value
from migrate_hooks.schema.spelling import options, unless


def clause(one: SchemaObject, attribute: str = "options") -> str:
    """Return OPTIONS (…) with a space in front, or "" where there are none."""
    each = (f"{quoted(name)} {literal(text)}" for name, text in _options(one, attribute).items())
    said = ", ".join(each)
    return f" OPTIONS ({said})" if said else ""


def doubt(one: SchemaObject, attribute: str = "options") -> str:
    """Return why the options cannot be written down as they are, or ""."""
    hidden = [name for name, text in _options(one, attribute).items() if text == HIDDEN]
    return _unread(" and ".join(hidden)) if hidden else ""


def changes(
    altered: str, have: SchemaObject, want: SchemaObject, attribute: str = "options"
) -> Iterator[Piece]:
    """Yield what makes one object's options the other's; `altered` is like ALTER SERVER s."""
    old, new = _options(have, attribute), _options(want, attribute)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        said = f"{quoted(name)} {literal(new.get(name, ''))}"
        reason = _unread(name) if new.get(name) == HIDDEN else ""
        if name not in new:
            sql = unless("undefined_object", f"{altered} OPTIONS (DROP {quoted(name)})")
        elif name not in old:
            sql = unless("duplicate_object", f"{altered} OPTIONS (ADD {said})")
        else:
            sql = f"{altered} OPTIONS (SET {said})"
        yield Piece(sql, reason=reason)


def _options(one: SchemaObject, attribute: str) -> dict[str, str]:
    return options(value(one, attribute))


def _unread(names: str) -> str:
    return f"{names} may be a secret and was not read: its value has to be filled in"
