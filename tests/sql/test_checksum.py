"""A checksum changes with the meaning of SQL and with nothing else."""

import pytest
from hypothesis import given, settings

from migrate_hooks.sql.checksum import checksum
from migrate_hooks.sql.split import statements
from tests.sql.test_lexer import SQL

BASE = "CREATE TABLE Orders (id int); SELECT 'a  b', $$ x\n y $$"


@pytest.mark.parametrize(
    "text",
    [
        f"{BASE};",
        f"-- why\n{BASE}",
        f"/* why /* not */ */{BASE};;\n",
        f"\ufeff{BASE}",
        BASE.replace("\n", "\r\n"),
        BASE.replace("; ", "\n;\n;\n"),
        BASE.replace("CREATE TABLE Orders", "create\ttable ORDERS"),
        BASE.replace(" (id int)", "(id/**/int)"),
    ],
)
def test_layout_and_comments_do_not_count(text: str) -> None:
    assert checksum(text) == checksum(BASE)


@pytest.mark.parametrize(
    "text",
    [
        BASE.replace("; ", " "),
        BASE.replace("a  b", "a b"),
        BASE.replace("x\n y", "x y"),
        BASE.replace("'a", "'A"),
        BASE.replace("Orders", '"Orders"'),
        BASE.replace("Orders", '"orders"'),
        BASE.replace("id int", "id int4"),
        BASE.replace("$$", "$x$"),
    ],
)
def test_meaning_counts(text: str) -> None:
    assert checksum(text) != checksum(BASE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "ab"),
        ("'a' 'b'", "'a'' 'b'"),
        ("a;b", "a b"),
        ("É", "é"),
        ('"a";"b"', '"a;b"'),
        ("", "a"),
        ("COPY t FROM stdin;\n1\n\\.\n", "COPY t FROM stdin;\n2\n\\.\n"),
    ],
)
def test_different_tokens_never_look_alike(one: str, other: str) -> None:
    assert checksum(one) != checksum(other)


def test_it_is_stable_over_versions() -> None:
    """Ledgers keep what an older version computed."""
    assert checksum(BASE) == "a77a726c3cf60760abb1d342614bb5b5465366d6d7b36ba29b1a07d013a61d5e"


@settings(deadline=None, max_examples=300)
@given(SQL.filter(lambda text: not set(text) & set("\\'\"") and "\ufeff" not in text[1:]))
def test_the_statements_of_a_file_have_the_checksum_of_the_file(text: str) -> None:
    """A ledger that keeps statements can be compared with a file.

    Left out are quotes without an end, and a byte order mark that starts a statement: it is no
    white space to the server, and would be one at the start of a text.
    """
    assert checksum(";\n".join(each.text for each in statements(text))) == checksum(text)
