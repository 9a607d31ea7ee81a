"""How a name is written, and which words PostgreSQL does not read as one."""

import pytest

from migrate_hooks.sql.forms import quoted
from migrate_hooks.sql.keywords import NEED_QUOTES
from tests.databases import Database


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("orders", "orders"),
        ("_a$1", "_a$1"),
        ("user", '"user"'),
        ("Orders", '"Orders"'),
        ("1st", '"1st"'),
        ('say "hi"', '"say ""hi"""'),
        ("größe", "größe"),
        ("Größe", '"Größe"'),
        ("a.b", '"a.b"'),
        ("", ""),
    ],
)
def test_a_name_is_quoted_only_where_it_must_be(name: str, written: str) -> None:
    assert quoted(name) == written


def test_the_words_are_those_of_the_server(database: Database) -> None:
    known = database.run("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'")
    assert {word for (word,) in known} == NEED_QUOTES
