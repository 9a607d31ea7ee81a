"""Migrations run again on a scratch server, to know what they make; each prefix only once.

A database is kept under the hash of what it was made of: server, role, and every text in order. So
one new migration behind five hundred runs alone. What a database contains is kept in a file as
well, and then not even a server is started.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from migrate_hooks import __version__
from migrate_hooks.errors import QueryFailed, ReplayFailed
from migrate_hooks.history.session import AS_BEFORE
from migrate_hooks.model.migration import Migration, Script, Statement
from migrate_hooks.schema import snapshot
from migrate_hooks.schema.snapshot import Reading

if TYPE_CHECKING:
    from migrate_hooks.outside.grounds import Ground
    from migrate_hooks.outside.postgres import Session
    from migrate_hooks.outside.scratch import Workshop

ENVIRONMENT = "the files"
_EXISTS = "42710"
_OF_ROLES = ("CREATE ROLE", "CREATE USER", "CREATE GROUP")
# What would reach out of the database into this machine.
_REACHES_OUT = re.compile(
    r"\b(from|to)\s+program\b|\blanguage\s+'?\"?(c|plpython3?u|plperlu|pltclu)\b|\balter\s+system\b"
    r"|\bpg_(read|write)_(binary_)?file\b|\blo_(import|export)\b|\bpg_execute_server_program\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text to run: what people call it, and where its statements are.

    `known` is its digest where a file was replayed before: then it is taken apart only to be run.
    """

    label: str
    source: Script | Migration
    known: str = ""

    @property
    def script(self) -> Script:
        """The statements."""
        return self.source.up if isinstance(self.source, Migration) else self.source

    @property
    def digest(self) -> str:
        """What tells it from every other text, and from the same in or out of a transaction."""
        if self.known:
            return self.known
        text = f"{self.script.in_transaction}\0{self.script.text}"
        return sha256(text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Setup:
    """Where things are replayed, by which role, behind which pieces that come first.

    `owner` is the role that the database belongs to.
    """

    ground: "Ground"
    worker: str
    owner: str
    prelude: tuple[Piece, ...] = ()
    search_path: str = ""


@dataclass(frozen=True, slots=True)
class Shot:
    """What a replayed database contains; `standins` are extensions that are not the real ones."""

    reading: Reading
    standins: tuple[str, ...] = ()


def shots(setup: Setup, pieces: Sequence[Piece], counts: Collection[int]) -> dict[int, Shot]:
    """Return {count: what is there after that many of `pieces`}.

    Raises ReplayFailed with the piece that would not run, Unreachable, LockBusy.
    """
    from migrate_hooks.outside import shots as album

    whole, lead = (*setup.prelude, *pieces), len(setup.prelude)
    keys = _keys(setup, whole)
    kept = {count: album.find(_shot_key(keys[lead + count])) for count in counts}
    found = {count: shot for count, data in kept.items() if data and (shot := _from_bytes(data))}
    missing = sorted(set(counts) - found.keys())
    made = _made(setup, whole, keys, [lead + count for count in missing]) if missing else {}
    for place, shot in made.items():
        if not shot.reading.unchecked:
            album.keep(_shot_key(keys[place]), _to_bytes(shot))
    return {**found, **{place - lead: shot for place, shot in made.items()}}


@contextmanager
def database(setup: Setup, pieces: Sequence[Piece]) -> "Iterator[tuple[Workshop, str]]":
    """Yield the server at work, and the name of the database there that `pieces` have made.

    It is kept for others: whoever wants to change something copies it. Raises what `shots` raises.
    """
    from migrate_hooks.outside import scratch

    whole = (*setup.prelude, *pieces)
    keys = _keys(setup, whole)
    with scratch.workshop(setup.ground, setup.worker, setup.owner, setup.search_path) as shop:
        _have(shop, setup, whole, keys, len(whole), [])
        yield shop, scratch.KEPT + keys[-1]


def _keys(setup: Setup, whole: Sequence[Piece]) -> list[str]:
    """Return the key of every prefix of `whole`, the empty one first."""
    start = "\0".join((setup.ground.identity, setup.worker, setup.owner, setup.search_path))
    keys = [sha256(start.encode()).hexdigest()[:32]]
    for piece in whole:
        keys.append(sha256(f"{keys[-1]}\0{piece.digest}".encode()).hexdigest()[:32])
    return keys


def _shot_key(key: str) -> str:
    return sha256(f"{key}\0{_asked()}".encode()).hexdigest()[:32]


@cache
def _asked() -> str:
    """Return what tells one way of reading a database from another."""
    return f"{__version__}\0{snapshot.kinds()!r}"


def _made(
    setup: Setup, whole: Sequence[Piece], keys: Sequence[str], places: Sequence[int]
) -> dict[int, Shot]:
    """Replay what no kept database has yet, and return what is there at `places`."""
    from migrate_hooks.outside import scratch

    words = (setup.ground, setup.worker, setup.owner, setup.search_path)
    with scratch.workshop(*words) as shop:
        found = _have(shop, setup, whole, keys, places[0], places)
        if found is not None:
            return found
        with scratch.visit(shop, scratch.KEPT + keys[places[-1]]) as session:
            return {places[-1]: _shot(session)}


def _have(
    shop: "Workshop",
    setup: Setup,
    whole: Sequence[Piece],
    keys: Sequence[str],
    first: int,
    places: Sequence[int],
) -> dict[int, Shot] | None:
    """See to it that the database of the last of `places` is kept, `first` if there are none.

    Return what was seen on the way, None where it was there already.
    """
    from migrate_hooks.outside import scratch

    kept = scratch.kept(shop)
    end = places[-1] if places else first
    start = max((at for at in range(first + 1) if keys[at] in kept), default=None)
    if start == end:
        scratch.remember_use(shop, keys[start])
        return None
    lead = len(setup.prelude)
    if start is None and 0 < lead < end:
        _extend(shop, whole, keys, (None, lead), [])
        start = lead
    return _extend(shop, whole, keys, (start, end), places)


def _extend(
    shop: "Workshop",
    whole: Sequence[Piece],
    keys: Sequence[str],
    span: tuple[int | None, int],
    places: Sequence[int],
) -> dict[int, Shot]:
    """Make the database of `keys[end]` out of the one of `keys[start]`."""
    from migrate_hooks.outside import scratch

    start, end = span
    found: dict[int, Shot] = {}
    if start is not None:
        scratch.remember_use(shop, keys[start])
    with scratch.build(shop, keys[end], keys[start] if start is not None else None) as session:
        for place in range(start or 0, end + 1):
            if place > (start or 0):
                run_piece(session, whole[place - 1], shop.ground)
            if place in places:
                found[place] = _shot(session)
    return found


def _shot(session: "Session") -> Shot:
    from migrate_hooks.outside import scratch

    return Shot(snapshot.read(session, ENVIRONMENT), scratch.standins_in(session))


def run_piece(session: "Session", piece: Piece, ground: "Ground") -> None:
    """Run one text as `apply` would, and leave the session as it was; raises ReplayFailed."""
    if _REACHES_OUT.search(piece.script.text):
        raise ReplayFailed(
            f"{piece.label} runs programs or reads files of the server's machine, which is this "
            "one: it is not replayed.",
            "Name a server that is meant for that: scratch.url_env in migrate-hooks.toml.",
        )
    try:
        run_script(session, piece.script)
        session.run(";\n".join(AS_BEFORE))
    except QueryFailed as wrong:
        raise _failed(piece, ground, wrong) from None


def run_script(session: "Session", script: Script) -> None:
    """Run one half of a migration as `apply` would; raises QueryFailed."""
    if not script.statements:
        return
    if not script.in_transaction:
        for statement in script.statements:
            _run_unless_there(session, statement, atomic=False)
        return
    try:
        session.run(f"BEGIN;\n{script.text}\n;COMMIT")
    except QueryFailed as wrong:
        session.roll_back_quietly()
        if wrong.sqlstate != _EXISTS or not any(one.verb in _OF_ROLES for one in script.statements):
            raise
        session.run("BEGIN")
        for statement in script.statements:
            _run_unless_there(session, statement, atomic=True)
        session.run("COMMIT")


def _run_unless_there(session: "Session", statement: Statement, *, atomic: bool) -> None:
    """Run a statement; a role may be there already, as it is the whole server's."""
    if atomic:
        session.run("SAVEPOINT one_statement")
    try:
        session.run(statement.text)
    except QueryFailed as wrong:
        if wrong.sqlstate != _EXISTS or statement.verb not in _OF_ROLES:
            raise
        if atomic:
            session.run("ROLLBACK TO one_statement")


def _failed(piece: Piece, ground: "Ground", wrong: QueryFailed) -> ReplayFailed:
    lacking = "is not available" in wrong.message or "control file" in wrong.message
    message = f"{piece.label} cannot be replayed on {ground.name}: {wrong.message}"
    if lacking:
        hint = (
            f"Install PostgreSQL {ground.major} with that extension, and name the folder of its "
            "programs: --pg-bindir=DIR."
        )
    else:
        hint = (
            "Put what the database had before its first migration into a file of SQL, and name it "
            'in migrate-hooks.toml: scratch.prelude = ["FILE.sql"].'
        )
    return ReplayFailed(message, hint, extension=lacking, sqlstate=wrong.sqlstate)


def _to_bytes(shot: Shot) -> bytes:
    """Return a shot as a file: a line of JSON about it, then the server's own lines."""
    reading = shot.reading
    head = json.dumps([shot.standins, reading.unmodelled, reading.version])
    return head.encode() + b"\n" + b"".join(sorted(reading.lines))


def _from_bytes(data: bytes) -> Shot | None:
    """Read what _to_bytes wrote; None for anything else, which a disk may make of it."""
    head, _, body = data.partition(b"\n")
    try:
        standins, unmodelled, version = json.loads(head)
        counted = tuple((str(kind), int(count)) for kind, count in unmodelled)
    except (TypeError, ValueError):
        return None
    lines = frozenset(body.splitlines(keepends=True))
    reading = Reading(ENVIRONMENT, lines, unmodelled=counted, version=version)
    return Shot(reading, tuple(standins))
