"""Which version a person means, whether it has a file, a row, or only marks of progress."""

from collections.abc import Iterator

from migrate_hooks.errors import AmbiguousName, UnknownMigration
from migrate_hooks.model.books import Unfinished
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import Version, called
from migrate_hooks.model.repair import Situation

_SHOWN = 10


def find(situation: Situation, wanted: str) -> Entry:
    """Return the one entry that `wanted` means, with a file or without one.

    A whole version or name wins over parts of others. Raises AmbiguousName and UnknownMigration.
    """
    word = called(wanted).removesuffix(".sql")
    known = (*situation.entries, *_only_begun(situation))
    exact = [one for one in known if word in _names(one)]
    found = exact or [one for one in known if word and word in _names(one)[0]]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(_names(one)[0] for one in (found or known)[:_SHOWN])
    if found:
        raise AmbiguousName(
            f"{wanted!r} fits {len(found)} versions: {shown}.", "Type more of the name."
        )
    raise UnknownMigration(
        f"Neither a file nor {situation.environment} has a version {wanted!r}.",
        f"There are: {shown or 'none'}.",
    )


def _only_begun(situation: Situation) -> Iterator[Entry]:
    """Yield entries for versions that only our marks of progress know."""
    known = {one.version.text for one in situation.entries}
    for text in sorted({one.version for one in situation.books.unfinished} - known):
        yield Entry(situation.environment, Version((), text), State.UNKNOWN, None, None)


def begun(situation: Situation, version: str) -> tuple[Unfinished, ...]:
    """Return the halves of a version that were begun and not ended."""
    return tuple(one for one in situation.books.unfinished if one.version == version)


def _names(entry: Entry) -> tuple[str, str, str]:
    """Return the whole name of an entry, its version, and its words alone."""
    version, known = entry.version.text, entry.migration or entry.applied
    name = (known.name if known else None) or version
    whole = version if version.endswith(name) else f"{version}_{name}"
    return whole, version, name
