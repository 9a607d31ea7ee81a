"""The same expression, printed before and after it went through a dump."""

import pytest

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import AttributeChange, Change, Difference
from migrate_hooks.schema import wording


def difference(name: str, before: str | None, after: str | None) -> Difference:
    change = AttributeChange(name, before, after)
    return Difference(Change.CHANGED, "x", ("public", "x"), (change,), Severity.WARNING)


# Both printed by PostgreSQL, for the same object.
SAME = [
    (
        "CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::"
        "text[])))",
        "CHECK (((status)::text = ANY (ARRAY[('a'::character varying)::text, "
        "('b'::character varying)::text])))",
    ),
    ("(at)::timestamp(3) without time zone", "at::timestamp without time zone"),
    ("(price)::numeric(10, 2)", "price"),
    ("kind = 'x'::public.\"Kind\"", "kind = 'x'"),
    (" SELECT 1;\n", "SELECT 1;"),
]
OTHER = [("a > 1", "a > 2"), ("'a'", "'b'"), ("a AND b", "a OR b"), (None, "1"), ("1", None)]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_casts_and_brackets_are_no_difference(before: str, after: str) -> None:
    assert wording.reads_the_same(difference("definition", before, after))


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_anything_else_is(before: str | None, after: str | None) -> None:
    assert not wording.reads_the_same(difference("definition", before, after))


def test_a_type_is_no_expression() -> None:
    assert wording.only_expressions(difference("definition", "a", "b"))
    assert not wording.only_expressions(difference("type", "text", "integer"))
    missing = Difference(Change.MISSING, "x", ("public", "x"), (), Severity.WARNING)
    assert not wording.only_expressions(missing)
