"""What is remembered of a push comes back as it was, and anything else as nothing."""

import pytest

from migrate_hooks.actions import push_memory, push_verdict
from migrate_hooks.actions.push_memory import Row
from migrate_hooks.actions.push_verdict import Verdict
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Outcome
from migrate_hooks.model.schema import AttributeChange, Change, Difference, Origin
from migrate_hooks.outside import shelf

DEV = Environment("dev", "develop")
BAD = Finding("a/b", Severity.CRITICAL, "bad", FilePlace("m/1_x.sql", 2, 3), "mend", "SELECT")
DRIFT = Finding("drift/x", Severity.CRITICAL, "drift", ObjectPlace("dev", "column", "public.t.c"))
NOWHERE = Finding("promotion/x", Severity.CRITICAL, "late")
DIFFERENCE = Difference(
    Change.CHANGED,
    "column",
    ("public", "t", "c"),
    (AttributeChange("type", "text", None),),
    Severity.CRITICAL,
    ("public", "t"),
    "made by hand on dev",
    origin=Origin.BY_HAND,
)
WHOLE = Verdict(DEV, (BAD, DRIFT, NOWHERE), (DIFFERENCE,), ("1_x.sql",), (), ("a note",), ("x",))
ROW = Row({"dev": Wanted("own", certain=True)}, {"dev": "digest"}, WHOLE)


def found() -> Row | None:
    return push_memory.find({"dev": "key"}, {"dev": DEV}).get("dev")


def test_a_row_comes_back_as_it_was() -> None:
    assert found() is None
    push_memory.keep("key", ROW)
    assert found() == ROW


def test_a_verdict_with_anything_unchecked_is_not_kept() -> None:
    push_memory.keep("key", Row({}, {}, Verdict(DEV, unchecked=("drift",))))
    assert found() is None


@pytest.mark.parametrize("text", ["", "[]", "[1, 2, 3]", "null", '[{}, {}, {"findings": [1]}]'])
def test_what_is_no_row_is_not_known(text: str) -> None:
    shelf.keep({"key": text})
    assert found() is None


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Verdict(DEV), "dev (branch develop): passes; nothing to deploy"),
        (Verdict(DEV, is_deletion=True), "dev (branch develop): passes"),
        (Verdict(DEV, deploys=("a", "b")), "dev (branch develop): passes; to be deployed: a, b"),
        (
            Verdict(DEV, deploys=tuple("abcdefghij")),
            "dev (branch develop): passes; to be deployed: a, b, c, d, e, f, g, h and 2 more",
        ),
        (
            Verdict(DEV, unchecked=("status", "drift")),
            "dev (branch develop): passes; NOT CHECKED: status, drift",
        ),
        (
            WHOLE,
            "dev (branch develop): BLOCKED by 3 critical findings: a/b in 1_x.sql, "
            "drift/x public.t.c, promotion/x",
        ),
    ],
)
def test_a_verdict_is_one_line_that_says_why(verdict: Verdict, says: str) -> None:
    assert push_verdict.report([verdict]).notes[0] == says


def test_one_that_is_blocked_stops_the_push_and_one_unchecked_is_never_clean() -> None:
    fine, blocked = Verdict(DEV), Verdict(DEV, (BAD,), unchecked=("drift",))
    doubtful = Verdict(DEV, unchecked=("drift",))
    outcomes = [
        push_verdict.report(each).outcome
        for each in ([fine, fine], [fine, doubtful], [fine, doubtful, blocked])
    ]
    assert outcomes == [Outcome.CLEAN, Outcome.UNCHECKED, Outcome.REFUSED]
