"""Where a difference comes from, given what the files make on each side."""

import pytest

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import (
    AttributeChange,
    Change,
    Difference,
    Origin,
    SchemaObject,
    Snapshot,
)
from migrate_hooks.schema.causes import Objects, Side, Terms, Trial, by_key, lacking, of_one, of_two

NOTE = ("public", "orders", "note")


def column(kind: str = "text", default: str | None = None) -> SchemaObject:
    attributes = (("type", kind), ("default", default))
    return SchemaObject("column", NOTE, attributes, ("public", "orders"))


def objects(*found: SchemaObject | None) -> Objects:
    return by_key(Snapshot("x", tuple(one for one in found if one)))


def side(
    name: str,
    actual: SchemaObject | None,
    expected: SchemaObject | None,
    *tried: tuple[str, SchemaObject | None],
    major: int = 18,
) -> Side:
    trials = tuple(Trial(label, Origin.PENDING, objects(one)) for label, one in tried)
    return Side(name, major, objects(actual), objects(expected), trials)


def between(source: Side, target: Side, kind: str = "column") -> Difference:
    before, after = source.actual.get((kind, NOTE)), target.actual.get((kind, NOTE))
    change = Change.CHANGED
    if after is None:
        change = Change.MISSING
    elif before is None:
        change = Change.UNEXPECTED
    left, right = dict(before.attributes if before else ()), dict(after.attributes if after else ())
    changes = tuple(
        AttributeChange(name, left.get(name), right.get(name))
        for name in {**left, **right}
        if left.get(name) != right.get(name)
    )
    return Difference(change, kind, NOTE, changes, Severity.WARNING)


def cause(source: Side, target: Side, terms: Terms | None = None) -> tuple[str | None, str | None]:
    (found,) = of_two([between(source, target)], source, target, terms or Terms(18))
    return found.origin, found.cause


OLD, NEW = column(), column("bigint")


@pytest.mark.parametrize(
    ("source", "target", "origin", "words"),
    [
        (
            side("dev", NEW, NEW),
            side("staging", None, None, ("pending 1_a", None), ("pending 2_b", NEW)),
            Origin.PENDING,
            "pending 2_b",
        ),
        (
            side("dev", None, None, ("pending 1_a on dev", OLD)),
            side("staging", OLD, OLD),
            Origin.PENDING,
            "pending 1_a on dev",
        ),
        (side("dev", None, None), side("staging", OLD, None), Origin.BY_HAND, "staging"),
        (side("dev", OLD, None), side("staging", None, None), Origin.BY_HAND, "dev"),
        (side("dev", OLD, OLD), side("staging", None, OLD), Origin.BY_HAND, "staging"),
        (
            side("dev", NEW, OLD),
            side("staging", column("int"), OLD),
            Origin.BY_HAND,
            "dev and staging",
        ),
        # That it is not there is staging's own doing, whatever it looks like on dev.
        (side("dev", NEW, OLD), side("staging", None, OLD), Origin.BY_HAND, "hand on staging"),
        # What a pending migration would make as well was still made by hand where it is.
        (
            side("dev", NEW, OLD),
            side("staging", OLD, OLD, ("pending 1_a", NEW)),
            Origin.BY_HAND,
            "dev",
        ),
        # Both are as their files say, and no single migration more makes them equal.
        (side("dev", NEW, NEW), side("staging", OLD, OLD), Origin.PENDING, "other migrations"),
    ],
)
def test_the_side_that_is_not_as_its_files_say_was_changed_by_hand(
    source: Side, target: Side, origin: Origin, words: str
) -> None:
    found, said = cause(source, target)
    assert found == origin
    assert words in (said or "")


def test_only_what_differs_decides_whose_hand_it_was() -> None:
    here = side("dev", column("bigint", "1"), column("bigint", "2"))
    there = side("staging", column("text", "1"), column("text", "1"), ("pending 1_a", NEW))
    assert cause(here, there) == (Origin.PENDING, "pending 1_a")


def test_another_spelling_of_another_server_is_no_hand() -> None:
    one, other = column("text", "'a'::text"), column("text", "('a'::character varying)::text")
    here, there = side("dev", one, one, major=16), side("staging", other, other, major=18)
    origin, words = cause(here, there)
    assert (origin, "PostgreSQL 16 and PostgreSQL 18" in (words or "")) == (Origin.VERSION, True)
    same_major = side("dev", one, one)
    assert cause(same_major, there)[0] == Origin.PENDING


def test_a_replay_on_another_major_may_spell_as_it_likes() -> None:
    spelled = Difference(
        Change.CHANGED,
        "column",
        NOTE,
        (AttributeChange("default", "'a'", "('a'::varchar)::text"),),
        Severity.WARNING,
    )
    (found,) = of_one([spelled], "staging", 16, Terms(18))
    assert found.origin == Origin.VERSION
    (found,) = of_one([spelled], "staging", 18, Terms(18))
    assert (found.origin, found.cause) == (Origin.BY_HAND, "made by hand on staging")


def test_the_version_of_an_extension_is_the_servers_and_supabases_are_supabases() -> None:
    other = AttributeChange("version", "stand-in", "1.3")
    moved = AttributeChange("installed_in", "public", "extensions")
    versions = Difference(Change.CHANGED, "extension", ("pgcrypto",), (other,), Severity.INFO)
    assert of_one([versions], "staging", 18, Terms(18)) == ()
    both = Difference(Change.CHANGED, "extension", ("citext",), (other, moved), Severity.INFO)
    (found,) = of_one([both], "staging", 18, Terms(18, provided=True))
    assert (found.attributes, found.origin) == ((moved,), Origin.BY_HAND)
    mine = Difference(Change.UNEXPECTED, "extension", ("pg_net",), (), Severity.WARNING)
    assert of_one([mine], "staging", 18, Terms(18, provided=True))[0].origin == Origin.PROVIDER
    assert of_one([mine], "staging", 18, Terms(18))[0].origin == Origin.BY_HAND


@pytest.mark.parametrize(
    ("kind", "identity", "origin"),
    [
        ("default privilege", ("public", "supabase_admin", "tables", "anon"), Origin.PROVIDER),
        ("default privilege", ("public", "postgres", "tables", "anon"), Origin.BY_HAND),
        ("publication", ("supabase_realtime_messages_publication",), Origin.PROVIDER),
        ("publication", ("supabase_realtime",), Origin.BY_HAND),
        (
            "published table",
            ("realtime", "m", "supabase_realtime_messages_publication"),
            Origin.PROVIDER,
        ),
        ("grant", ("public", "supabase_realtime_admin"), Origin.PROVIDER),
        ("grant", ("public", "orders", "anon"), Origin.BY_HAND),
        ("event trigger", ("ensure_rls",), Origin.PROVIDER),
        ("function", ("public", "rls_auto_enable", "()"), Origin.PROVIDER),
        ("function", ("public", "rls_auto_enable", "(text)"), Origin.BY_HAND),
    ],
)
def test_what_supabase_does_by_itself_is_told_from_what_a_hand_did(
    kind: str, identity: tuple[str, ...], origin: Origin
) -> None:
    found = Difference(Change.UNEXPECTED, kind, identity, (), Severity.WARNING)
    assert of_one([found], "staging", 18, Terms(18, provided=True))[0].origin == origin


@pytest.mark.parametrize(
    ("was", "now", "origin"),
    [
        ("ALL", None, Origin.PROVIDER),
        ("ALL", "REFERENCES, TRIGGER, TRUNCATE", Origin.PROVIDER),
        ("SELECT", "ALL", Origin.BY_HAND),
        (None, "SELECT", Origin.BY_HAND),
    ],
)
def test_supabase_closes_defaults_and_only_a_hand_opens_them(
    was: str | None, now: str | None, origin: Origin
) -> None:
    change = Change.CHANGED if was and now else Change.MISSING if was else Change.UNEXPECTED
    found = Difference(
        change,
        "default privilege",
        ("public", "postgres", "tables", "anon"),
        (AttributeChange("privileges", was, now),),
        Severity.WARNING,
    )
    assert of_one([found], "staging", 18, Terms(18, provided=True))[0].origin == origin


def test_grants_of_two_times_are_the_providers_when_no_hand_gave_either() -> None:
    grant = SchemaObject("grant", ("public", "t", "anon"), (("privileges", "ALL"),))
    old: Objects = {("grant", grant.identity): grant}
    new: Objects = {}
    found = Difference(Change.MISSING, "grant", grant.identity, (), Severity.WARNING)
    here, there = Side("dev", 18, old, old), Side("staging", 18, new, new)
    terms = Terms(18, provided=True)
    assert of_two([found], here, there, terms)[0].origin == Origin.PROVIDER
    by_hand = Side("staging", 18, new, old)
    assert of_two([found], here, by_hand, terms)[0].origin == Origin.BY_HAND


def test_only_what_no_hand_made_is_explained() -> None:
    plain = Difference(Change.MISSING, "table", ("public", "t"), (), Severity.CRITICAL)
    assert not plain.explained
    (by_hand,) = of_one([plain], "staging", 18, Terms(18))
    assert not by_hand.explained
    here, there = side("dev", NEW, NEW), side("staging", None, None, ("pending 1_a", NEW))
    assert of_two([between(here, there)], here, there, Terms(18))[0].explained


def test_a_database_that_is_not_supabases_lacks_what_is_supabases() -> None:
    """Most of it is gone: nobody took it away. A single thing that is gone was taken by a hand."""
    made = [SchemaObject("grant", ("public", role), ()) for role in ("anon", "web", "service")]
    assert lacking(objects(*made), objects()) == frozenset(by_key(Snapshot("x", tuple(made))))
    assert lacking(objects(*made), objects(*made[1:])) == frozenset()
    gone = Difference(Change.MISSING, "grant", made[0].identity, (), Severity.WARNING)
    for known, origin in ((("grant", made[0].identity), Origin.PROVIDER), (None, Origin.BY_HAND)):
        terms = Terms(18, provided=True, lacking=frozenset([known] if known else []))
        (found,) = of_one([gone], "dev", 18, terms)
        assert found.origin is origin
