"""A database as it was at one moment, as a file: JSON with an object a line, signed by a hash.

The hash is over what the file says and not over its bytes, so that line ends and layout may change.
It tells of accidents and careless hands; who wants to forge a snapshot can sign it anew.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from migrate_hooks import __version__
from migrate_hooks.errors import BadSnapshot
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Version
from migrate_hooks.model.schema import Unchecked
from migrate_hooks.schema import rows, snapshot
from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.snapshot import Reading

FORMAT = "migrate-hooks snapshot"
VERSION = 1
"""Of the form of the file; what kinds and attributes there are is said in each file."""

_NOT_KEPT = ("duration_ms", "run_id", "transaction_id", "applied_by")
_KEPT = tuple(one.name for one in fields(Applied) if one.name not in (*_NOT_KEPT, "version"))
_ONE_A_LINE = ("kinds", "unchecked", "ledger", "objects")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Saved:
    """One environment as it was at `taken_at`, by the clock of the machine that read it.

    `tool` is the version of migrate-hooks that did. `owner` is the role that the database belongs
    to, `worker` the one that migrations run as. `applied` are the rows of its ledger;
    `ledger_problem` says why they are not known, "" where they are.
    """

    taken_at: datetime
    tool: str
    reading: Reading
    owner: str = ""
    worker: str = ""
    applied: tuple[Applied, ...] = ()
    ledger_problem: str = ""


def is_one(start: str) -> bool:
    """Return whether a text that starts so is a snapshot, whole or not."""
    return f'"{FORMAT}"' in start


def to_text(saved: Saved) -> str:
    """Return a snapshot as a file: valid JSON, sorted, so that two of them can be compared."""
    words = _words(saved)
    head = {"format": FORMAT, "version": VERSION, "sha256": _hash(words)}
    parts = (f'"{name}": {_laid_out(name, value)}' for name, value in {**head, **words}.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _words(saved: Saved) -> Json:
    kinds = snapshot.kinds()
    found = ({kind: values} for kind, values in rows.columns(saved.reading.lines, kinds))
    return {
        **_about(saved),
        "kinds": {kind.name: _shape(kind) for kind in kinds},
        "ledger": [_row(one) for one in sorted(saved.applied, key=lambda one: one.version)],
        "objects": sorted(found, key=_place),
    }


def _about(saved: Saved) -> Json:
    reading = saved.reading
    return {
        "environment": reading.environment,
        "taken_at": saved.taken_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "saved_by": saved.tool,
        "server_version": reading.version,
        "owner": saved.owner,
        "worker": saved.worker,
        "unasked": [list(pair) for pair in reading.unasked],
        "unchecked": [_unread(one) for one in reading.unchecked],
        "unmodelled": dict(reading.unmodelled),
        "ledger_problem": saved.ledger_problem,
    }


def _unread(one: Unchecked) -> Json:
    return {"kind": one.kind, "reason": one.reason, "tables": [list(pair) for pair in one.tables]}


def _unchecked(environment: str, words: Mapping[str, Any]) -> Unchecked:
    tables = tuple((schema, name) for schema, name in words["tables"])
    return Unchecked(environment, words["kind"], words["reason"], tables)


def _shape(kind: ObjectKind) -> Json:
    return {"identity": _naming(kind), "attributes": list(kind.attributes)}


def _naming(kind: ObjectKind) -> list[str]:
    """Return the columns without which objects cannot be told apart, in the order of reading."""
    return list(dict.fromkeys((*kind.identity, *(kind.table or ()))))


def _row(applied: Applied) -> Json:
    told = ((name, getattr(applied, name)) for name in _KEPT)
    version = {"version": applied.version.text, "order": list(applied.version.key)}
    return {**version, **{name: value for name, value in told if value is not None}}


def _place(found: Mapping[str, Mapping[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    ((kind, values),) = found.items()
    return kind, list(values.items())


def _laid_out(name: str, value: Any) -> str:
    """Return a value as JSON, the members of long ones in lines of their own."""
    if name not in _ONE_A_LINE or not value:
        return _json(value)
    if isinstance(value, dict):
        lines = [f"{_json(key)}: {_json(one)}" for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + "\n}"
    return "[\n" + ",\n".join(map(_json, value)) + "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _hash(words: Mapping[str, Any]) -> str:
    canonical = json.dumps(words, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def from_text(text: str, name: str) -> Saved:
    """Read what `to_text` wrote from the file `name`.

    Raises BadSnapshot for anything else, for one that was changed since, and for a newer form.
    What this version does not know, or that one did not, is said in the reading.
    """
    try:
        return _saved(_checked(_parsed(text, name), name))
    except RecursionError:
        raise _no_snapshot(name, "it is nested too deeply") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise _no_snapshot(name, "what it says has another form") from None


def _parsed(text: str, name: str) -> Json:
    try:
        words = json.loads(text)
    except ValueError as wrong:
        cut = "it is cut off, or was edited" if is_one(text[:200]) else "it is no JSON"
        raise _no_snapshot(name, f"{cut} ({wrong})") from None
    if not isinstance(words, dict) or words.pop("format", None) != FORMAT:
        raise _no_snapshot(name, f'it does not say "format": "{FORMAT}"')
    return words


def _checked(words: Json, name: str) -> Json:
    version, signed = words.pop("version"), words.pop("sha256")
    if version > VERSION:
        raise BadSnapshot(
            f"{name} was saved by a newer migrate-hooks, {words.get('saved_by')}, in a form that "
            "this one cannot read.",
            "Upgrade migrate-hooks here, or save the snapshot again with this version.",
        )
    if signed != _hash(words):
        raise BadSnapshot(
            f"{name} was changed since it was saved: its hash does not fit what it says, so "
            "nothing can be judged by it.",
            f"Take it from git as it was, or save it again: migrate-hooks drift "
            f"--env={words.get('environment')} --save {name}",
        )
    return words


def _no_snapshot(name: str, why: str) -> BadSnapshot:
    return BadSnapshot(
        f"{name} is no snapshot of a database: {why}.",
        "Name one that migrate-hooks drift --env=NAME --save FILE wrote.",
    )


def _saved(words: Mapping[str, Any]) -> Saved:
    environment, shapes = _text(words["environment"]), words["kinds"]
    ours = {kind.name: number for number, kind in enumerate(snapshot.kinds())}
    pairs = [pair for one in words["objects"] for pair in one.items()]
    known = ((ours[kind], values) for kind, values in pairs if kind in ours)
    was = _with(words, frozenset(rows.lines(known, snapshot.kinds())))
    strangers = _strangers(environment, shapes, Counter(kind for kind, _ in pairs))
    reading = replace(
        was.reading,
        unchecked=(*was.reading.unchecked, *strangers),
        unasked=(*was.reading.unasked, *_unasked(shapes)),
    )
    return replace(was, reading=reading)


def _with(words: Mapping[str, Any], lines: frozenset[bytes]) -> Saved:
    """Return what was saved with `lines`, which are in the form of this version."""
    taken_at, environment = datetime.fromisoformat(words["taken_at"]), _text(words["environment"])
    if taken_at.tzinfo is None:
        raise ValueError("a time without a zone")
    reading = Reading(
        environment,
        lines,
        tuple(_unchecked(environment, one) for one in words["unchecked"]),
        tuple((kind, int(count)) for kind, count in words["unmodelled"].items()),
        int(words["server_version"]),
        tuple((kind, name) for kind, name in words["unasked"]),
    )
    return Saved(
        taken_at,
        _text(words["saved_by"]),
        reading,
        _text(words["owner"]),
        _text(words["worker"]),
        tuple(_applied(one) for one in words["ledger"]),
        _text(words["ledger_problem"]),
    )


def _strangers(
    environment: str, shapes: Mapping[str, Any], counted: Counter[str]
) -> Iterator[Unchecked]:
    """Yield the kinds that only one of the two versions knows, or that they name differently."""
    kinds = {kind.name: kind for kind in snapshot.kinds()}
    for name, kind in kinds.items():
        if name not in shapes:
            yield Unchecked(environment, name, "the version that saved it did not read them")
        elif shapes[name]["identity"] != _naming(kind):
            yield Unchecked(environment, name, "another version saved them, in another form")
    for name in shapes.keys() - kinds.keys():
        if counted[name]:
            yield Unchecked(environment, name, "this version does not know them")


def _unasked(shapes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that only one of the two versions knows, of kinds that both do."""
    for kind in snapshot.kinds():
        theirs: Sequence[str] = shapes.get(kind.name, {}).get("attributes", kind.attributes)
        yield from ((kind.name, one) for one in _in_one_only(kind.attributes, theirs))


def _in_one_only(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    return sorted(set(ours) ^ set(theirs))


def _applied(words: Json) -> Applied:
    version = Version(tuple(map(int, words.pop("order"))), _text(words.pop("version")))
    if not all(isinstance(value, str | bool) for value in words.values()):
        raise TypeError("no text")
    return Applied(version, **{"name": None, **words})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    value.encode()  # JSON can spell halves of characters, which nothing can print
    return value


def to_bytes(saved: Saved) -> bytes:
    """Return a snapshot as this version alone reads it, in a thirtieth of the time."""
    words = {**_about(saved), "ledger": [_row(one) for one in saved.applied]}
    body = json.dumps(words).encode() + b"\n" + b"".join(saved.reading.lines)
    return _sign(body) + b"\n" + body


def from_bytes(data: bytes) -> Saved | None:
    """Read what `to_bytes` of the same version wrote; None for anything else."""
    signed, _, body = data.partition(b"\n")
    if signed != _sign(body):
        return None
    head, _, lines = body.partition(b"\n")
    return _with(json.loads(head), frozenset(lines.splitlines(keepends=True)))


def _sign(body: bytes) -> bytes:
    """Return a hash that other versions of the program, or of its kinds, would not give."""
    return sha256(f"{__version__}\0{snapshot.kinds()!r}\0".encode() + body).hexdigest().encode()
