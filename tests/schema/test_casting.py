"""What a change of type costs: nothing, some digits, or a word from a person."""

import pytest

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.casting import lost
from migrate_hooks.schema.remedy import world

EMAIL = SchemaObject("domain", ("app", "email"), (("type", "text"),))
WORLD = world((EMAIL,), 180004)


@pytest.mark.parametrize(
    ("have", "want", "told"),
    [
        ("integer", "bigint", ""),
        ("bigint", "smallint", ""),
        ("integer", "numeric(10,2)", ""),
        ("integer", "real", "digits of the numbers in t.c"),
        ("numeric", "integer", "digits of the numbers in t.c"),
        ("numeric(10,2)", "numeric(8,1)", "digits of the values in t.c"),
        ("numeric(8,1)", "numeric(10,2)", ""),
        ("numeric(8,1)", "numeric(8)", "digits of the values in t.c"),
        ("character varying(5)", "character varying(3)", ""),
        ("uuid", "text", ""),
        ("text", "uuid", None),
        ("text", "app.email", ""),
        ("integer", "boolean", None),
        ("integer[]", "bigint[]", ""),
        ("integer", "integer[]", None),
        ("integer[]", "text", ""),
        ("time(6) with time zone", "time(3) with time zone", "digits of the values in t.c"),
        ("timestamp with time zone", "date", "the time of day in t.c"),
        ("timestamp without time zone", "timestamp with time zone", None),
        ("public.mood", "text", ""),
        ("text", "public.mood", None),
        ("text", "extensions.citext", ""),
        ("bit(3)", "bit(2)", ""),
    ],
)  # fmt: skip
def test_a_change_of_type_tells_what_it_loses(have: str, want: str, told: str | None) -> None:
    assert lost(have, want, "t.c", WORLD) == told
