"""Subscriptions. To make or end one reaches another server, with a password that is never read."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value

_SETTINGS = {"slot": "slot_name", "binary": "binary", "synchronous_commit": "synchronous_commit"}


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    said = ", ".join((f"enabled = {value(one, 'enabled')}", *_settings(one, _SETTINGS)))
    sql = (
        f"CREATE SUBSCRIPTION {quoted(one.identity[0])} CONNECTION '' "
        f"PUBLICATION {_publications(one)} WITH ({said})"
    )
    reason = "its connection was not read and has to be filled in; it makes a slot on that server"
    return (Piece(sql, alone=True, reason=reason),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    reason = "it also drops the slot on the server that is subscribed to, and has no way back"
    sql = f"DROP SUBSCRIPTION IF EXISTS {quoted(one.identity[0])}"
    return (Piece(sql, alone=True, reason=reason),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return tuple(_changes(have, want))


def _changes(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    altered = f"ALTER SUBSCRIPTION {quoted(want.identity[0])}"
    changed = {
        name: said for name, said in _SETTINGS.items() if value(have, name) != value(want, name)
    }
    if changed:
        yield Piece(f"{altered} SET ({', '.join(_settings(want, changed))})")
    if value(have, "publications") != value(want, "publications"):
        # REFRESH asks the other server, which no transaction can take back.
        yield Piece(f"{altered} SET PUBLICATION {_publications(want)} WITH (refresh = false)")
    if value(have, "enabled") != value(want, "enabled"):
        yield Piece(f"{altered} {'ENABLE' if value(want, 'enabled') == 'true' else 'DISABLE'}")


def _settings(one: SchemaObject, names: dict[str, str]) -> Iterator[str]:
    for name, said in names.items():
        yield f"{said} = {literal(value(one, name)) if value(one, name) else 'NONE'}"


def _publications(one: SchemaObject) -> str:
    return ", ".join(map(quoted, value(one, "publications").split(", ")))


REMEDY = Remedy("subscription", _create, _drop, _alter)
