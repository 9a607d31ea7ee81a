"""Domains."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.clauses import written
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import headed, listed, qualified, unless

_NOT_VALID = " NOT VALID"


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    words = [f"CREATE DOMAIN {qualified(*one.identity)} AS {value(one, 'type')}"]
    if value(one, "collation"):
        words.append(f"COLLATE {value(one, 'collation')}")
    if value(one, "default"):
        words.append(f"DEFAULT {value(one, 'default')}")
    if value(one, "not_null") == "true":
        words.append("NOT NULL")
    checks = dict(_checks(one))
    words += [f"CONSTRAINT {name} {rule}" for name, rule in checks.items() if _is_valid(rule)]
    made = Piece(unless("duplicate_object", " ".join(words)))
    doubtful = [name for name, rule in checks.items() if not _is_valid(rule)]
    later = (piece for name in doubtful for piece in _check(one, name, "", checks[name]))
    return (made, *subjects.closing(one, world), *later)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP DOMAIN IF EXISTS {qualified(*one.identity)}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if any(value(have, name) != value(want, name) for name in ("type", "collation")):
        return None
    parts = (_default, _required, _checked)
    return tuple(piece for part in parts for piece in part(have, want))


def _default(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    default = value(want, "default")
    if default != value(have, "default"):
        what = f"SET DEFAULT {default}" if default else "DROP DEFAULT"
        yield Piece(f"ALTER DOMAIN {qualified(*want.identity)} {what}")


def _required(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    name = qualified(*want.identity)
    if value(want, "not_null") == value(have, "not_null"):
        return
    if value(want, "not_null") != "true":
        yield Piece(f"ALTER DOMAIN {name} DROP NOT NULL")
        return
    note = f"this reads every table with a column of {name}, and fails while one has a NULL there"
    yield Piece(f"ALTER DOMAIN {name} SET NOT NULL", note=note)


def _checked(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    old, new = dict(_checks(have)), dict(_checks(want))
    for name in sorted(old.keys() | new.keys()):
        yield from _check(want, name, old.get(name, ""), new.get(name, ""))


def _check(one: SchemaObject, name: str, old: str, new: str) -> Iterator[Piece]:
    """Yield what makes one rule of another; "" for none. Rows are looked at in a later file."""
    domain = f"ALTER DOMAIN {qualified(*one.identity)}"
    note = f"this fails while a column of {qualified(*one.identity)} has a value that breaks {name}"
    doubtful = new if new.endswith(_NOT_VALID) else f"{new}{_NOT_VALID}"
    if old == new:
        return
    if old != doubtful:
        yield Piece(f"{domain} DROP CONSTRAINT IF EXISTS {name}")
        if new:
            yield Piece(f"{domain} ADD CONSTRAINT {name} {doubtful}")
    if new and _is_valid(new):
        yield Piece(f"{domain} VALIDATE CONSTRAINT {name}", apart=True, note=note)


def _is_valid(rule: str) -> bool:
    return not rule.endswith(_NOT_VALID)


def _checks(one: SchemaObject) -> tuple[tuple[str, str], ...]:
    """Return (name as SQL writes it, definition) of each check."""
    return tuple(map(headed, listed(written(one, "checks"))))


REMEDY = Remedy("domain", _create, _drop, _alter)
