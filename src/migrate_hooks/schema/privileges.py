"""Privileges as a snapshot lists them, and the GRANT and REVOKE between two such lists."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_GRANTABLE = " WITH GRANT OPTION"

ALL: Mapping[str, bool] = {"ALL": False}

_ONLY = {
    **dict.fromkeys(("FUNCTION", "PROCEDURE", "ROUTINE", "FUNCTIONS"), "EXECUTE"),
    **dict.fromkeys(("TYPE", "DOMAIN", "FOREIGN", "TYPES"), "USAGE"),
}
"""The only privilege, by the first word for what it is on: it is said instead of ALL."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has privileges on what: `who` and `on` as SQL, `column` quoted or "".

    `prefix` is what stands in front of GRANT and REVOKE where they are about defaults.
    """

    on: str
    who: str
    column: str = ""
    prefix: str = ""


def parsed(text: str) -> dict[str, bool]:
    """Return {privilege: whether it may be handed on}; ALL stays one word."""
    each = text.split(", ") if text else []
    return {one.removesuffix(_GRANTABLE): one.endswith(_GRANTABLE) for one in each}


def changes(have: Mapping[str, bool], want: Mapping[str, bool], holder: Holder) -> tuple[str, ...]:
    """Return what leads from the privileges that are there to the wanted ones, and no further."""
    return (*_revoking(have, want, holder), *_granting(_left(have, want), want, holder))


def _revoking(have: Mapping[str, bool], want: Mapping[str, bool], holder: Holder) -> Iterator[str]:
    left = _left(have, want)
    lost = [name for name in have if name not in left]
    narrowed = [name for name, grantable in left.items() if grantable and not want.get(name)]
    tail = f"ON {holder.on} FROM {holder.who}"
    if lost:
        yield f"{holder.prefix}REVOKE {_names(lost, holder)} {tail}"
    if narrowed:
        yield f"{holder.prefix}REVOKE GRANT OPTION FOR {_names(narrowed, holder)} {tail}"


def _granting(have: Mapping[str, bool], want: Mapping[str, bool], holder: Holder) -> Iterator[str]:
    gained = {
        name: grantable
        for name, grantable in want.items()
        if name not in have or (grantable and not have[name])
    }
    for option in (False, True):
        names = [name for name, grantable in gained.items() if grantable is option]
        if names:
            tail = f"ON {holder.on} TO {holder.who}{_GRANTABLE if option else ''}"
            yield f"{holder.prefix}GRANT {_names(names, holder)} {tail}"


def _left(have: Mapping[str, bool], want: Mapping[str, bool]) -> dict[str, bool]:
    """Return what is not revoked: all of it for ALL, and nothing of ALL for anything less."""
    if "ALL" in want:
        return dict(have)
    return {name: grantable for name, grantable in have.items() if name in want}


def _names(names: Iterable[str], holder: Holder) -> str:
    column = f" ({holder.column})" if holder.column else ""
    everything = _ONLY.get(holder.on.split()[0], "ALL")
    return ", ".join(f"{everything if name == 'ALL' else name}{column}" for name in names)
