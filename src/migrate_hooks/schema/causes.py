"""Where a difference comes from, proved by what the files make when they are run again; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from migrate_hooks.model.schema import (
    AttributeChange,
    Change,
    Difference,
    Origin,
    SchemaObject,
    Snapshot,
)
from migrate_hooks.schema.wording import only_expressions, reads_the_same

Key = tuple[str, tuple[str, ...]]
Objects = Mapping[Key, SchemaObject]

PROVIDED_EXTENSIONS = frozenset(
    {
        "pg_cron", "pg_graphql", "pg_net", "pg_stat_statements", "pgcrypto", "pgjwt", "pgsodium",
        "supabase_vault", "uuid-ossp", "wrappers",
    }
)  # fmt: skip
"""Extensions that Supabase puts into a database, or leaves out, as it likes."""

_API_ROLES = frozenset({"anon", "authenticated", "service_role"})
"""Roles whose default privileges Supabase changes from outside."""

_ENSURING = (("ensure_rls",), ("public", "rls_auto_enable", "()"))
"""What Supabase puts into a project that was made with automatic row security."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a database would contain after something more: how that is called, and its objects."""

    cause: str
    origin: Origin
    objects: Objects


@dataclass(frozen=True, slots=True)
class Side:
    """One environment as it is and as its files make it; `trials` are those after one step more.

    `major` is the version of its server.
    """

    environment: str
    major: int
    actual: Objects
    expected: Objects
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides when two objects count as equal.

    `major` is the version of the server that the files were replayed on; `standins` are extensions
    that were not the real ones there; `provided` tells that a provider adds extensions, and
    `lacking` are objects of that provider which an environment lacks that is none of its databases.
    """

    major: int
    standins: frozenset[str] = frozenset()
    provided: bool = False
    lacking: frozenset[Key] = frozenset()


def by_key(snapshot: Snapshot) -> Objects:
    """Return the objects of a snapshot by what names them."""
    return {(each.kind, each.identity): each for each in snapshot.objects}


def of_two(
    differences: Sequence[Difference], source: Side, target: Side, terms: Terms
) -> tuple[Difference, ...]:
    """Give every difference between two environments its cause, as far as there is proof."""
    return tuple(_between(each, source, target, terms) for each in differences)


def of_one(
    differences: Sequence[Difference], environment: str, major: int, terms: Terms
) -> tuple[Difference, ...]:
    """Give every difference between what files make and one environment its cause."""
    found = (_without_standins(each, terms) for each in differences)
    return tuple(_from_files(each, environment, major, terms) for each in found if each)


def _without_standins(difference: Difference, terms: Terms) -> Difference | None:
    """Return a difference less the version of what was not real; None when nothing is left."""
    if difference.kind != "extension" or difference.change is not Change.CHANGED:
        return difference
    left = tuple(one for one in difference.attributes if one.name != "version")
    return replace(difference, attributes=left) if left else None


def _from_files(difference: Difference, environment: str, major: int, terms: Terms) -> Difference:
    general = _general(difference, terms, {terms.major, major})
    if general:
        return general
    if (
        difference.change is Change.MISSING
        and (difference.kind, difference.identity) in terms.lacking
    ):
        words = f"Supabase makes it, and {environment} is none of its databases"
        return _because(difference, Origin.PROVIDER, words)
    return _because(difference, Origin.BY_HAND, f"made by hand on {environment}")


def lacking(made: Objects, there: Objects) -> frozenset[Key]:
    """Return what a provider makes at first and an environment lacks, if that is most of it.

    Where it is a part alone, somebody took it away.
    """
    gone = frozenset(made.keys() - there.keys())
    return gone if 2 * len(gone) > len(made) else frozenset()


def _between(difference: Difference, source: Side, target: Side, terms: Terms) -> Difference:
    general = _general(difference, terms, {source.major, target.major})
    if general:
        return general
    hands = [side.environment for side in (source, target) if _is_by_hand(difference, side, terms)]
    if hands:
        return _because(difference, Origin.BY_HAND, f"made by hand on {' and '.join(hands)}")
    trials = ((source, target.trials), (target, source.trials))
    for side, tried in trials:
        for trial in tried:
            if _equal(difference, side.expected, trial.objects, lenient=False):
                return _because(difference, trial.origin, trial.cause)
    names = f"{source.environment} and {target.environment}"
    if terms.provided and difference.kind == "grant" and difference.identity[-1] in _API_ROLES:
        words = f"the default privileges of {names} gave it, each at its time"
        return _because(difference, Origin.PROVIDER, words)
    return _because(difference, Origin.PENDING, f"other migrations are applied on {names}")


def _general(difference: Difference, terms: Terms, majors: set[int]) -> Difference | None:
    """Return the difference with a cause that has nothing to do with migrations, if it has one."""
    if len(majors) > 1 and only_expressions(difference) and reads_the_same(difference):
        words = " and ".join(f"PostgreSQL {each}" for each in sorted(majors))
        return _because(difference, Origin.VERSION, f"{words} write it in other ways")
    if terms.provided and _is_providers(difference):
        return _because(difference, Origin.PROVIDER, f"Supabase manages this {difference.kind}")
    return None


def _is_providers(difference: Difference) -> bool:
    """Return whether Supabase makes and changes such a thing by itself."""
    match difference.kind:
        case "extension":
            return difference.identity[-1] in PROVIDED_EXTENSIONS
        case "default privilege":
            own = any(part.startswith("supabase_") for part in difference.identity)
            return own or _is_closed_to_api(difference)
        case "event trigger" | "function":
            return difference.change is Change.UNEXPECTED and difference.identity in _ENSURING
        case "grant":
            return _is_providers_role(difference.identity[-1])
        case "publication" | "published table":
            return difference.identity[-1] == "supabase_realtime_messages_publication"
    return False


def _is_closed_to_api(difference: Difference) -> bool:
    """Return whether an API role will get less than Supabase once gave, as since October 2026."""
    was = {each.name: each.source for each in difference.attributes}
    return difference.identity[-1] in _API_ROLES and was.get("privileges") == "ALL"


def _is_providers_role(name: str) -> bool:
    return name.startswith("supabase_") or name in ("dashboard_user", "pgbouncer")


def _because(difference: Difference, origin: Origin, cause: str) -> Difference:
    return replace(difference, cause=cause, origin=origin)


def _is_by_hand(difference: Difference, side: Side, terms: Terms) -> bool:
    lenient = side.major != terms.major
    return not _equal(difference, side.actual, side.expected, lenient=lenient)


def _equal(difference: Difference, one: Objects, other: Objects, *, lenient: bool) -> bool:
    """Return whether the object is the same in both, as far as the difference is about it."""
    key = (difference.kind, difference.identity)
    left, right = one.get(key), other.get(key)
    if left is None or right is None:
        return left is right
    if difference.change is not Change.CHANGED:
        return True  # it is about being there, and it is there in both
    names = {each.name for each in difference.attributes}
    changed = tuple(_changes(left, right, names))
    if not changed:
        return True
    again = replace(difference, attributes=changed)
    return lenient and only_expressions(again) and reads_the_same(again)


def _changes(
    left: SchemaObject, right: SchemaObject, names: set[str]
) -> tuple[AttributeChange, ...]:
    before, after = dict(left.attributes), dict(right.attributes)
    return tuple(
        AttributeChange(name, before.get(name), after.get(name))
        for name in sorted(names)
        if before.get(name) != after.get(name)
    )
