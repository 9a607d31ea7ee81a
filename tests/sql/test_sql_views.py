"""A view's definition of an older server, as a newer one would write it."""

import pytest

from migrate_hooks.sql.views import unqualified


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (" SELECT a.id\n   FROM public.a;", " SELECT id\n   FROM public.a;"),
        (
            " SELECT x.id\n   FROM public.a x\n  WHERE x.id > 1;",
            " SELECT id\n   FROM public.a x\n  WHERE id > 1;",
        ),
        (' SELECT "Ä ".id,\n    "Ä ".ö\n   FROM "Ä ";', ' SELECT id,\n    ö\n   FROM "Ä ";'),
        (
            " SELECT n.n\n   FROM generate_series(1, 5) n(n);",
            " SELECT n\n   FROM generate_series(1, 5) n(n);",
        ),
        (" SELECT a.id\n   FROM a,\n    b;", None),
        (" SELECT a.id\n   FROM a\nUNION\n SELECT b.id\n   FROM b;", None),
        (" SELECT 1 AS one;", None),
        (
            " SELECT a.id\n   FROM a\n  WHERE EXISTS ( SELECT 1 FROM b WHERE b.id = a.id);",
            " SELECT id\n   FROM a\n  WHERE EXISTS ( SELECT 1 FROM b WHERE b.id = a.id);",
        ),
    ],
)
def test_the_name_of_the_only_relation_goes(older: str, newer: str | None) -> None:
    assert unqualified(older) == (newer or older)
