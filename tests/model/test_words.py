"""Amounts and lists, as they stand in sentences."""

import pytest

from migrate_hooks.model.words import amount, some


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 tables"), (1, "1 table"), (2, "2 tables")], ids=str
)
def test_one_thing_is_no_plural(count: int, said: str) -> None:
    assert amount(count, "table") == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "a, b and 1 more"),
        (["a", "b", "c", "d"], "a, b and 2 more"),
    ],
)
def test_of_many_names_the_rest_is_counted(names: list[str], said: str) -> None:
    assert some(names, 2) == said
