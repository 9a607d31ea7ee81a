"""From wishes to repairs, or to the reasons why a wish does not fit what is the case: pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from migrate_hooks.errors import UsageProblem
from migrate_hooks.history.meant import begun, find
from migrate_hooks.model.books import Progress, Unfinished
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Place, Severity
from migrate_hooks.model.history import Edit, Entry, State
from migrate_hooks.model.migration import Contents, Migration, Script, Version
from migrate_hooks.model.repair import EVERY, Kind, Repair, Situation, Wish
from migrate_hooks.sql.checksum import checksum

_TO_MARK = (State.PENDING, State.OUT_OF_ORDER, State.FAILED)
_TO_REALIGN = (State.CHANGED, State.RENUMBERED)

Answer = Repair | Finding


def plan(
    situation: Situation, wishes: Sequence[Wish], allow: Collection[str]
) -> tuple[tuple[Repair, ...], tuple[Finding, ...]]:
    """Return what is to be done, and what speaks against it; a critical one forbids all of it.

    Raises AmbiguousName and UnknownMigration for versions, UsageProblem for one that two wishes
    are about.
    """
    answers = [answer for wish in wishes for answer in _ANSWERS[wish.kind](situation, wish, allow)]
    repairs = tuple(one for one in answers if isinstance(one, Repair))
    twice = [text for text, count in Counter(one.version for one in repairs).items() if count > 1]
    if twice:
        raise UsageProblem(
            f"Two repairs are about {twice[0] or 'the identity'}, and only one can be true.",
            "Name every version once.",
        )
    return repairs, tuple(one for one in answers if isinstance(one, Finding))


def _stand_in(version: Version, name: str | None) -> Migration:
    """Return what a ledger needs to know of a version that no file has."""
    return Migration(version, name or "", "", lambda: Contents(Script((), True, ""), None, ""))


def _of_row(entry: Entry) -> Migration:
    """Return the migration of the row that the ledger has."""
    if entry.other is not None:
        return _stand_in(entry.other, entry.applied.name if entry.applied else None)
    known = entry.applied.name if entry.applied else None
    return entry.migration or _stand_in(entry.version, known)


def _refused(entry: Entry, code: str, message: str, hint: str) -> Finding:
    place: Place = ObjectPlace(entry.environment, "migration", entry.version.text)
    if entry.migration:
        place = FilePlace(entry.migration.path)
    return Finding(f"repair/{code}", Severity.CRITICAL, message, place, hint)


def _mark_applied(situation: Situation, wish: Wish, _allow: Collection[str]) -> Iterator[Answer]:
    entry = find(situation, wish.version)
    text, name = entry.version.text, situation.environment
    if entry.migration is None:
        yield _refused(
            entry,
            "no-file",
            f"No file has version {text}, so there is nothing that could count as applied.",
            f"Bring its file here first; migrate-hooks status --env={name} says where it is.",
        )
    elif entry.state not in _TO_MARK:
        yield _refused(
            entry,
            "in-ledger",
            f"The ledger of {name} has {text} as {entry.state} already.",
            f"To let it say what the file says: --realign={text}.",
        )
    else:
        yield Repair(
            Kind.MARK_APPLIED,
            f"write {text} into the ledger as applied; none of its statements is run",
            entry.migration,
        )


def _mark_reverted(situation: Situation, wish: Wish, _allow: Collection[str]) -> Iterator[Answer]:
    entry = find(situation, wish.version)
    text = entry.version.text
    if entry.applied is None and not begun(situation, text):
        yield _refused(
            entry,
            "not-in-ledger",
            f"The ledger of {situation.environment} has no {text}, so there is nothing to revert.",
            f"See what it has: migrate-hooks status --env={situation.environment}",
        )
        return
    row = _of_row(entry)
    yield Repair(
        Kind.MARK_REVERTED,
        f"take {row.version.text} out of the ledger; nothing of what it did is undone, and its "
        "file would be pending",
        row,
    )


def _realign(situation: Situation, wish: Wish, allow: Collection[str]) -> Iterator[Answer]:
    if wish.version == EVERY:
        wanted = [one for one in situation.entries if one.state in _TO_REALIGN]
        if not wanted:
            yield _nothing_to_realign(situation.environment)
    else:
        wanted = [find(situation, wish.version)]
    for entry in wanted:
        yield _realigned(entry, allow, everything=wish.version == EVERY)


def _nothing_to_realign(name: str) -> Finding:
    return Finding(
        "repair/unchanged",
        Severity.CRITICAL,
        f"Every row of the ledger of {name} says what its file says.",
        ObjectPlace.whole(name),
        f"See where it stands: migrate-hooks status --env={name}",
    )


def _realigned(entry: Entry, allow: Collection[str], *, everything: bool) -> Answer:
    text, file = entry.version.text, entry.migration
    if file is None or entry.state not in _TO_REALIGN:
        return _refused(
            entry,
            "unchanged",
            f"{text} is {entry.state}: there is no row and file of it that differ.",
            f"See where it stands: migrate-hooks status --env={entry.environment}",
        )
    if entry.state is State.RENUMBERED and entry.other:
        words = f"give the row of {entry.other.text} the version and words of its file: {text}"
        return Repair(Kind.REALIGN, words, file, entry.other.text)
    if entry.edit is Edit.TEXT or "changed-sql" in allow:
        words = f"let the row of {text} say what its file says now"
        if entry.edit is not Edit.TEXT:
            words += "; that SQL is not what was run, and it is not run now"
        return Repair(Kind.REALIGN, words, file, text)
    return _other_sql(entry, Severity.WARNING if everything else Severity.CRITICAL)


def _other_sql(entry: Entry, severity: Severity) -> Finding:
    text = entry.version.text
    what = (
        "it was applied with other SQL"
        if entry.edit is Edit.SQL
        else "whether its SQL is the same is not known"
    )
    return Finding(
        "repair/changed-sql",
        severity,
        f"{text} is not realigned: {what}, so ledger and file would agree about something that "
        "never ran.",
        FilePlace(entry.migration.path) if entry.migration else None,
        "Put the file back as it was, and write the change as a new migration. If the database has "
        f"it by hand: --realign={text} --allow=changed-sql.",
    )


def _clear_failed(situation: Situation, wish: Wish, _allow: Collection[str]) -> Iterator[Answer]:
    entry = find(situation, wish.version)
    text = entry.version.text
    if entry.state is not State.FAILED and not begun(situation, text):
        yield _refused(
            entry,
            "not-failed",
            f"{text} is {entry.state} in {situation.environment}, and no run of it stopped "
            "halfway.",
            f"See what is wrong: migrate-hooks verify --env={situation.environment}",
        )
        return
    yield Repair(
        Kind.CLEAR_FAILED,
        f"forget that {text} was begun; the next run starts with its first statement, so whatever "
        "it left must be undone by now",
        _of_row(entry),
        held=text if entry.state is State.FAILED else "",
    )


def _statement(situation: Situation, wish: Wish, _allow: Collection[str]) -> Iterator[Answer]:
    entry = find(situation, wish.version)
    file = entry.migration
    running = [one for one in begun(situation, entry.version.text) if one.progress.running]
    if not running or file is None:
        yield _refused(
            entry,
            "not-under-way",
            f"No statement of {entry.version.text} was under way when a run ended, or its file is "
            "not here.",
            f"See what is wrong: migrate-hooks verify --env={situation.environment}",
        )
        return
    for one in running:
        yield _settled(entry, file, one, wish.kind)


def _settled(entry: Entry, file: Migration, one: Unfinished, kind: Kind) -> Answer:
    script = file.up if one.direction == "up" else file.down
    texts = [each.text for each in script.statements] if script else []
    count = one.progress.statements_done
    if _over(texts[: count + 1]) != one.progress.checksum:
        return _refused(
            entry,
            "edited",
            f"The first {count + 1} statements of {file.path} are not what was run.",
            "Put the file back as it was when that run began.",
        )
    took_effect = kind is Kind.STATEMENT_DONE
    done = count + took_effect
    found = "took effect, and go on behind it" if took_effect else "had no effect, and run it again"
    return Repair(
        kind,
        f"remember that statement {count + 1} of {entry.version.text} ({one.direction.upper()}) "
        f"{found}",
        file,
        progress=Progress(_over(texts[:done]), done, running=False),
        direction=one.direction,
    )


def _over(texts: Sequence[str]) -> str:
    return checksum(";\n".join(texts))


def _baseline(situation: Situation, wish: Wish, allow: Collection[str]) -> Iterator[Answer]:
    last = None if wish.version == EVERY else find(situation, wish.version).version
    count = sum(one.applied is not None for one in situation.entries)
    name = situation.environment
    if count and "ledger-rows" not in allow:
        yield Finding(
            "repair/ledger-rows",
            Severity.CRITICAL,
            f"The ledger of {name} has {count} row{'' if count == 1 else 's'} already: somebody "
            "keeps it, and a baseline is for a database that has none.",
            ObjectPlace.whole(name),
            "Mark single versions with --mark-applied; or if all that it lacks was brought in by "
            "hand: --allow=ledger-rows.",
        )
        return
    for entry in situation.entries:
        if entry.migration and not entry.applied and (last is None or entry.version <= last):
            words = f"write {entry.version.text} into the ledger as applied; it is not run"
            yield Repair(Kind.BASELINE, words, entry.migration)


def _adopt(situation: Situation, _wish: Wish, _allow: Collection[str]) -> Iterator[Answer]:
    name, here, recorded = situation.environment, situation.books.here, situation.books.recorded
    was = f" instead of {recorded.environment} on {recorded.database}" if recorded else ""
    yield Repair(
        Kind.ADOPT_IDENTITY,
        f"record database {here.database} of server {here.system_identifier or 'unknown'} as "
        f"{name}{was}",
    )


_ANSWERS: dict[Kind, Callable[[Situation, Wish, Collection[str]], Iterator[Answer]]] = {
    Kind.MARK_APPLIED: _mark_applied,
    Kind.MARK_REVERTED: _mark_reverted,
    Kind.REALIGN: _realign,
    Kind.CLEAR_FAILED: _clear_failed,
    Kind.STATEMENT_DONE: _statement,
    Kind.STATEMENT_UNDONE: _statement,
    Kind.BASELINE: _baseline,
    Kind.ADOPT_IDENTITY: _adopt,
}
