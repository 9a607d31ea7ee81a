"""Snapshots as files: what comes back, what is refused, and what another version makes of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from migrate_hooks.actions import drift_report
from migrate_hooks.errors import BadSnapshot
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Version
from migrate_hooks.model.schema import Unchecked
from migrate_hooks.schema import compare, rows, saved, snapshot
from migrate_hooks.schema.saved import Saved
from migrate_hooks.schema.snapshot import Reading

HOSTILE = 'a\tb\\N "c" \n\r\v\b\f é\u202e\x85\u2028'
NUMBERS = {kind.name: number for number, kind in enumerate(snapshot.kinds())}


def lines(*found: tuple[str, dict[str, str]]) -> frozenset[bytes]:
    numbered = [(NUMBERS[kind], values) for kind, values in found]
    return frozenset(rows.lines(numbered, snapshot.kinds()))


COLUMN = ("column", {"schema": "public", "table": "orders", "column": "id", "type": "bigint"})
TABLE = ("table", {"schema": "public", "table": "orders", "kind": "table"})
COMMENT = ("comment", {"schema": "public", "object": "orders", "text": HOSTILE})

WAS = Saved(
    datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
    "0.1.0",
    Reading(
        "staging",
        lines(COLUMN, TABLE, COMMENT),
        (Unchecked("staging", "view", "somebody holds a lock", (("public", "v"),)),),
        (("conversion", 2),),
        180004,
    ),
    "owner",
    "worker",
    (
        Applied(Version((2,), "2"), "second", sha256="ab", failed=True),
        Applied(Version((1,), "1"), None, "2026-01-01 00:00:00+00", checksum="cd"),
    ),
)


def signed(change: Callable[[dict[str, Any]], None]) -> str:
    """Return the file with something changed and signed anew, as another version would write it."""
    words = json.loads(saved.to_text(WAS))
    change(words)
    told = {name: words[name] for name in words if name not in ("format", "version", "sha256")}
    return json.dumps({**words, "sha256": saved._hash(told)})


def test_what_was_saved_comes_back() -> None:
    back = saved.from_text(saved.to_text(WAS), "staging.json")
    in_order = tuple(sorted(WAS.applied, key=lambda one: one.version))
    assert back == replace(WAS, applied=in_order)


def test_a_line_is_what_the_server_would_have_written() -> None:
    number = NUMBERS["column"]
    server = b"%d" % number + b"\tpublic\torders\tid\ta\\\\b\\nc\\td\t\\N"
    ((_, values),) = rows.columns([server], snapshot.kinds())
    assert values == {"schema": "public", "table": "orders", "column": "id", "type": "a\\b\nc\td"}
    (again,) = rows.lines([(number, values)], snapshot.kinds())
    assert again.startswith(server)


def test_it_is_valid_json_with_an_object_a_line_in_order() -> None:
    text = saved.to_text(WAS)
    assert json.loads(text)["objects"][0] == {"column": COLUMN[1]}
    kinds = [line[2:9] for line in text.splitlines() if line.startswith('{"')]
    assert '{"table": {"schema": "public", "table": "orders", "kind": "table"}}' in text
    assert kinds.index("comment") < kinds.index('table":')


def test_the_same_database_at_the_same_moment_gives_the_same_file() -> None:
    other = replace(WAS, reading=replace(WAS.reading, lines=frozenset(sorted(WAS.reading.lines))))
    assert saved.to_text(other) == saved.to_text(WAS)


def test_layout_and_line_ends_do_not_count() -> None:
    text = saved.to_text(WAS)
    pretty = json.dumps(json.loads(text), indent=4, sort_keys=True)
    for one in (pretty, text.replace("\n", "\r\n"), text.strip()):
        assert saved.from_text(one, "x.json").reading == WAS.reading


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"bigint"', '"integer"'),
        ('"staging"', '"production"'),
        ("08:15", "09:15"),
        ('"cd"', '"ce"'),
    ],
)
def test_a_file_that_was_changed_is_refused(before: str, after: str) -> None:
    text = saved.to_text(WAS).replace(before, after)
    with pytest.raises(BadSnapshot, match=r"x\.json was changed since it was saved") as failed:
        saved.from_text(text, "x.json")
    assert failed.value.hint.startswith("Take it from git as it was, or save it again")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no JSON"),
        ("CREATE TABLE t ()", "it is no JSON"),
        ("[]", "it does not say"),
        ('{"format": "something else"}', "it does not say"),
        ('{"format": "migrate-hooks snapshot"}', "another form"),
        ('{"format": "migrate-hooks snapshot", "version": "1", "sha256": ""}', "another form"),
        (saved.to_text(WAS)[:-200], "it is cut off, or was edited"),
        (saved.to_text(WAS).replace('"kinds"', "<<<<<<< HEAD"), "it is cut off, or was edited"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"a":' * 100_000, "it is nested too deeply"),
        ("9" * 10_000, "it is no JSON"),
    ],
)  # fmt: skip
def test_what_is_no_snapshot_is_said_to_be_none(text: str, why: str) -> None:
    with pytest.raises(BadSnapshot, match=r"x\.json is no snapshot of a database: ") as failed:
        saved.from_text(text, "x.json")
    assert why in failed.value.message
    assert failed.value.hint.startswith("Name one that migrate-hooks drift")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("objects", [{"column": {"schema": 1}}]),
        ("objects", ["column"]),
        ("objects", [{"column": {"schema": "\ud800"}}]),
        ("environment", "\ud800"),
        ("environment", None),
        ("taken_at", "2026-11-22T08:15:00"),
        ("taken_at", "yesterday"),
        ("kinds", []),
        ("ledger", [{"version": "1"}]),
        ("ledger", [{"version": "1", "order": [1], "strange": 1}]),
        ("ledger", [{"version": "1", "order": [1], "name": {}}]),
        ("unmodelled", {"conversion": "many"}),
        ("server_version", "eighteen"),
    ],
)
def test_a_signature_alone_makes_no_snapshot(key: str, value: object) -> None:
    with pytest.raises(BadSnapshot, match="another form"):
        saved.from_text(signed(lambda words: words.update({key: value})), "x.json")


def test_a_newer_form_asks_for_a_newer_program() -> None:
    text = saved.to_text(WAS).replace('"version": 1', '"version": 2').replace('"0.1.0"', '"9.0"')
    with pytest.raises(BadSnapshot, match=r"saved by a newer migrate-hooks, 9\.0") as failed:
        saved.from_text(text, "x.json")
    assert failed.value.hint.startswith("Upgrade migrate-hooks")


def test_a_kind_that_only_one_version_knows_is_not_compared() -> None:
    def change(words: dict[str, Any]) -> None:
        words["kinds"]["spell"] = {"identity": ["name"], "attributes": []}
        words["objects"].append({"spell": {"name": "abracadabra"}})
        del words["kinds"]["policy"]
        words["kinds"]["cast"]["identity"] = ["oid"]

    reading = saved.from_text(signed(change), "x.json").reading
    assert {(one.kind, one.reason) for one in reading.unchecked} == {
        ("view", "somebody holds a lock"),
        ("spell", "this version does not know them"),
        ("policy", "the version that saved it did not read them"),
        ("cast", "another version saved them, in another form"),
    }
    assert reading.lines == WAS.reading.lines


def test_an_attribute_that_only_one_version_knows_is_no_difference() -> None:
    def change(words: dict[str, Any]) -> None:
        words["kinds"]["column"]["attributes"].remove("type")
        words["kinds"]["table"]["attributes"].append("colour")
        for one in words["objects"]:
            one.get("column", {}).pop("type", None)
            one.get("table", {}).update(colour="red")

    old = saved.from_text(signed(change), "x.json").reading
    assert set(old.unasked) == {("column", "type"), ("table", "colour")}
    changed = lines((COLUMN[0], {**COLUMN[1], "not_null": "true"}), TABLE, COMMENT)
    now = Reading("staging", changed)
    for sides in ((old, now), (now, old)):
        (found,) = compare.compare(*snapshot.apart(*sides), ("public",))
        assert [one.name for one in found.attributes] == ["not_null"]
        told = drift_report.unread(*sides)
        assert [one.partition(" (")[0] for one in told[1:]] == [
            "type of columns",
            "colour of tables",
        ]
    empty = Reading("staging", frozenset())
    assert len(drift_report.unread(old, empty)) == 1  # the view that was locked
