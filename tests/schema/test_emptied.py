"""Which data a DOWN does not bring back, from snapshots to sentences."""

import pytest

from migrate_hooks.model.schema import SchemaObject, Snapshot
from migrate_hooks.schema import emptied

ORDERS = ("public", "orders")
TABLE = SchemaObject("table", ORDERS, (("kind", "table"),), None)


def column(name: str, **told: str) -> SchemaObject:
    told = {"type": "text", **told}
    return SchemaObject("column", (*ORDERS, name), tuple(told.items()), ORDERS)


def sequence(name: str) -> SchemaObject:
    return SchemaObject("sequence", ("public", name), (("start", "1"),), None)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([TABLE, column("id")], [], ["table public.orders comes back without its rows"]),
        ([], [TABLE, column("id")], []),
        (
            [TABLE, column("note")],
            [TABLE],
            ["column public.orders.note comes back without its values"],
        ),
        (
            [TABLE, column("note", not_null="true")],
            [TABLE],
            [
                "column public.orders.note comes back without its values; it is NOT NULL, so DOWN "
                "fails where the table has rows"
            ],
        ),
        (
            [TABLE, column("note", not_null="true", default="''::text")],
            [TABLE],
            ["column public.orders.note comes back without its values"],
        ),
        ([TABLE, column("sum", generated="a + b stored")], [TABLE], []),
        (
            [TABLE, column("note")],
            [TABLE, column("note", type="integer")],
            [
                "the values of column public.orders.note went from text to integer and back, and "
                "keep what that changed"
            ],
        ),
        ([TABLE, column("note")], [TABLE, column("note", default="1")], []),
        ([sequence("s")], [], ["sequence public.s begins at its start again"]),
        ([SchemaObject("table", ORDERS, (("kind", "foreign table"),), None)], [], []),
    ],
)
def test_what_comes_back_without_its_data_is_said(
    before: list[SchemaObject], after: list[SchemaObject], said: list[str]
) -> None:
    here, there = Snapshot("files", tuple(before)), Snapshot("files", tuple(after))
    assert list(emptied.between(here, there)) == said
