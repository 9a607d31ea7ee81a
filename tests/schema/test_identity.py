"""An identity is written as SQL would write it."""

import pytest

from migrate_hooks.schema.identity import dotted


@pytest.mark.parametrize(
    ("identity", "text"),
    [
        (("public", "orders"), "public.orders"),
        (("public", "Order items", "id"), 'public."Order items".id'),
        (("public", 'a"b'), 'public."a""b"'),
        (("public", "a.b"), 'public."a.b"'),
        (("public", "9lives"), 'public."9lives"'),
        (("public", "größe"), 'public."größe"'),
        (("public", "total(integer, text[])"), "public.total(integer, text[])"),
        (("public", 'f(public."My type")'), 'public.f(public."My type")'),
        (("public", ""), 'public.""'),
        (("public", "Total", "(integer, text)"), 'public."Total"(integer, text)'),
        (("public", "f", "()"), "public.f()"),
    ],
)
def test_parts_are_quoted_where_needed(identity: tuple[str, ...], text: str) -> None:
    assert dotted(identity) == text
