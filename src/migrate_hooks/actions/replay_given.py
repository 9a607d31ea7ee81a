"""What no migration speaks of: grants and row security that come with a table by themselves.

Supabase gave its API roles everything on new tables of `public`, and stopped doing so for old and
new projects at different times; and of a project that wants it an event trigger puts every new
table under row security. Of a table only the moment decides what it got, and a replay has one
moment. So what files make is looked at a second time, under the default privileges and the event
trigger that the environment has now: what is as either of them makes it is as expected.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from migrate_hooks.actions import replay
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import Piece, Setup, Shot
from migrate_hooks.errors import ReplayFailed
from migrate_hooks.layouts.base import script
from migrate_hooks.model.schema import SchemaObject, Snapshot
from migrate_hooks.model.words import amount
from migrate_hooks.registry import load
from migrate_hooks.schema import remedy, rows, snapshot
from migrate_hooks.schema.remedy import Remedy
from migrate_hooks.schema.snapshot import Reading
from migrate_hooks.sql.split import statements

_SCHEMA = "public"
_PUBLIC = SchemaObject("schema", (_SCHEMA,), ())
_DEFAULTS = "default privilege"
_GRANT = "grant"
_ROW_SECURITY = "row security"
_ENSURES = ("event trigger", ("ensure_rls",))
_ENSURE = """
CREATE FUNCTION public.rls_auto_enable() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT * FROM pg_catalog.pg_event_trigger_ddl_commands() AS command
        WHERE command.object_type IN ('table', 'partitioned table')
          AND command.schema_name = 'public'
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.object_identity);
    END LOOP;
END
$$;
CREATE EVENT TRIGGER ensure_rls ON ddl_command_end
WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
EXECUTE FUNCTION public.rls_auto_enable()
"""
"""What Supabase puts into a project that was made with automatic row security."""

_ALL_OF_A_TABLE = "DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE"

_Grant = tuple[str, bytes]
_Grants = Mapping[tuple[str, ...], _Grant]
"""The privileges of each grant, and its line, by what it is on and whose it is."""


def as_given(
    setup: Setup, pieces: Sequence[Piece], seen: Seen, shot: Shot
) -> tuple[Shot, tuple[str, ...]]:
    """Return what `pieces` make, with what the environment's own ways give them instead.

    The second value are sentences about that. Where these are the same, nothing is replayed.
    """
    mine, theirs = snapshot.apart(shot.reading, seen.reading)
    ensured = any((one.kind, one.identity) == _ENSURES for one in theirs.objects)
    if not ensured and not any(
        _is_of(one, seen.worker) for one in (*mine.objects, *theirs.objects)
    ):
        return shot, ()
    try:
        first = replay.shots(setup, pieces, {0})[0]
        words = ";\n".join((*_changes(first.reading, seen), *([_ENSURE] if ensured else ())))
        own = Piece("The ways of the provider", script(statements(words), no_transaction=False))
        again = replace(setup, prelude=(*setup.prelude, own))
        other = replay.shots(again, pieces, {len(pieces)})[len(pieces)]
    except ReplayFailed:  # then nothing is known of what they give
        return shot, ()
    granted, notes = _mixed(shot, _grants(other.reading), _grants(seen.reading), seen)
    secured, more = _secured(granted, other, seen)
    return secured, (*notes, *more)


def _is_of(one: SchemaObject, role: str) -> bool:
    """Return whether something is a default privilege of a role, for `public` or everywhere."""
    *schema, owner, _objects, _grantee = one.identity if one.kind == _DEFAULTS else ("", "", "", "")
    return one.kind == _DEFAULTS and owner == role and schema in ([], [_SCHEMA])


def _changes(first: Reading, seen: Seen) -> Iterator[str]:
    """Yield the statements that lead from the first default privileges to those of `seen`."""
    have, want = (_defaults(reading, seen.worker) for reading in (first, seen.reading))
    there = remedy.world((_PUBLIC, *have.values()), first.version)
    goal = remedy.world((_PUBLIC, *want.values()), first.version, there)
    there = replace(there, other=goal)
    mend = load("migrate_hooks.schema.remedies", "default_privilege", "REMEDY", Remedy)
    for key in sorted(have.keys() | want.keys()):
        if have.get(key) == want.get(key):
            continue
        found = mend.create(want[key], goal) if key in want else mend.drop(have[key], there)
        yield from (piece.sql for piece in found)


def _defaults(reading: Reading, role: str) -> Mapping[tuple[str, ...], SchemaObject]:
    whole: Snapshot = snapshot.whole(replace(reading, lines=_of_kind(reading, _DEFAULTS)))
    return {one.identity: one for one in whole.objects if _is_of(one, role)}


def _of_kind(reading: Reading, name: str) -> frozenset[bytes]:
    number = [kind.name for kind in snapshot.kinds()].index(name)
    return frozenset(line for line in reading.lines if line.startswith(b"%d\t" % number))


def _grants(reading: Reading) -> _Grants:
    """Return each grant by what it is on and whose it is, with the line that says so."""
    lines = tuple(_of_kind(reading, _GRANT))
    found = rows.objects(lines, snapshot.kinds())
    return {
        one.identity: (remedy.value(one, "privileges"), line)
        for one, line in zip(found, lines, strict=True)
    }


def _mixed(shot: Shot, given: _Grants, there: _Grants, seen: Seen) -> tuple[Shot, tuple[str, ...]]:
    """Return the shot with each grant of the two that is nearer to the one that is there."""
    first = _grants(shot.reading)
    taken = [
        key
        for key in first.keys() | given.keys()
        if _distance(given.get(key), there.get(key)) < _distance(first.get(key), there.get(key))
    ]
    lines = shot.reading.lines - {first[key][1] for key in taken if key in first}
    lines |= {given[key][1] for key in taken if key in given}
    met = sum(given.get(key) == there.get(key) for key in taken)
    note = (
        f"{amount(met, 'grant')} as the default privileges of {seen.target.environment} give them "
        "now, and not as Supabase's once did: neither counts as a difference."
    )
    return replace(shot, reading=replace(shot.reading, lines=lines)), (note,) if met else ()


def _distance(one: _Grant | None, other: _Grant | None) -> int:
    """Return how many privileges only one of two grants has."""
    return len(_spelled(one) ^ _spelled(other))


def _spelled(grant: _Grant | None) -> frozenset[str]:
    names = grant[0] if grant else ""
    return frozenset((_ALL_OF_A_TABLE if names == "ALL" else names).split(", ")) - {""}


def _secured(shot: Shot, other: Shot, seen: Seen) -> tuple[Shot, tuple[str, ...]]:
    """Return the shot with row security where the event trigger put it, and it is there."""
    given, there = (_of_kind(one, _ROW_SECURITY) for one in (other.reading, seen.reading))
    gained = (given & there) - shot.reading.lines
    if not gained:
        return shot, ()
    tables = {one.identity for one in rows.objects(gained, snapshot.kinds())}
    first = tuple(_of_kind(shot.reading, _ROW_SECURITY))
    pairs = zip(rows.objects(first, snapshot.kinds()), first, strict=True)
    lost = {line for one, line in pairs if one.identity in tables}
    note = (
        f"{amount(len(tables), 'table')} with row level security from the event trigger "
        f"{_ENSURES[1][0]} of {seen.target.environment}, and not from a migration."
    )
    lines = shot.reading.lines - lost | gained
    return replace(shot, reading=replace(shot.reading, lines=lines)), (note,)
