"""Which types hold less than others: two types in, what is lost out."""

import pytest

from migrate_hooks.lint import narrowing
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import operations
from migrate_hooks.sql.split import statements


def read(name: str) -> narrowing.Type:
    (one,) = operations(statements(f"ALTER TABLE t ALTER COLUMN a TYPE {name}"))
    return narrowing.of(objects.unwrapped(getattr(one.node, "def"))[1].type_name)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bigint", "int", "does not fit"),
        ("int", "smallint", "does not fit"),
        ("smallint", "bigint", ""),
        ("numeric", "int", "fractions are rounded"),
        ("double precision", "real", "digits are lost"),
        ("text", "varchar(5)", "longer"),
        ("text", "char(5)", "longer"),
        ("varchar(5)", "char", "longer"),
        ("varchar(5)", "varchar(6)", ""),
        ("varchar(5)", "varchar", ""),
        ("text[]", "varchar(5)[]", ""),
        ("numeric", "numeric(10, 2)", "rounded"),
        ("numeric(10, 4)", "numeric(12, 2)", "rounded"),
        ("numeric(10, 2)", "numeric(8, 2)", "does not fit"),
        ("numeric(10, 2)", "numeric(8)", "rounded"),
        ("numeric(8)", "numeric(10, 2)", ""),
        ("numeric(10, 2)", "numeric", ""),
        ("timestamptz", "date", "time of day"),
        ("jsonb", "json", ""),
    ],
)
def test_what_is_lost_is_said(old: str, new: str, said: str) -> None:
    found = narrowing.loss(read(old), read(new))
    assert said in found
    assert bool(said) is bool(found)
