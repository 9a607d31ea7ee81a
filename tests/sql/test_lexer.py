"""Tokens are the server's, and none is ever lost."""

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_hooks.sql.lexer import Token, locator, scan, tokens

TRICKY = (
    "'", "''", "E'", "\\", "\\'", "$$", "$a$", "$", "a$b$", "$1", "1", ".5", "1e5", "1..2", "0x1F",
    "--", "-", "/*", "*/", "*", "/", "\n", "\r\n", "\r", " ", "\t", ";", "(", ")", '"', '""', "U&'",
    'u&"', "B'", "x'1F'", "n'", "a", "select", "é", "::", "<=", "@", "|", "E", "[", ",", ".", "_",
    "e'\\''", "$é$", "?", "\ufeff", "\0", "copy a from stdin;", "\n\\.\n", "\\connect b\n",
)  # fmt: skip
SQL = st.lists(st.sampled_from(TRICKY), max_size=20).map("".join)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text) if token.kind != "space"]


@settings(deadline=None, max_examples=300)
@given(st.one_of(SQL, st.text(), st.text(alphabet="'\"$\\-/*;aE&U\n\r(")))
def test_tokens_join_back_to_any_text(text: str) -> None:
    found = tokens(text)
    assert "".join(token.text for token in found) == text
    assert [token.start for token in found] == [
        sum(len(each.text) for each in found[:number]) for number in range(len(found))
    ]
    assert all(token.text for token in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"E'\''", [("string", r"E'\''")]),
        (r"'\'", [("string", r"'\'")]),
        ("'it''s'", [("string", "'it''s'")]),
        ("B'01' X'1f' N'x'", [("string", "B'01'"), ("string", "X'1f'"), ("string", "N'x'")]),
        (r"U&'d\0061t'", [("string", r"U&'d\0061t'")]),
        (r'U&"d\0061t"', [("quoted", r'U&"d\0061t"')]),
        ("U & 'x'", [("word", "U"), ("operator", "&"), ("string", "'x'")]),
        ('"a;""b"', [("quoted", '"a;""b"')]),
        ("$$ ' $$", [("dollar", "$$ ' $$")]),
        ("$a$ $$ ; $b$ $a$", [("dollar", "$a$ $$ ; $b$ $a$")]),
        ("$é$;$é$", [("dollar", "$é$;$é$")]),
        ("a$b$ $1 $2", [("word", "a$b$"), ("parameter", "$1"), ("parameter", "$2")]),
        ("/* a /* ; */ b */;", [("block_comment", "/* a /* ; */ b */"), ("semicolon", ";")]),
        ("-- it's\r\na", [("line_comment", "-- it's"), ("word", "a")]),
        ("-- it's\ra", [("line_comment", "-- it's"), ("word", "a")]),
        ("a--b", [("word", "a"), ("line_comment", "--b")]),
        ("1+--2", [("number", "1"), ("operator", "+"), ("line_comment", "--2")]),
        ("a/*b*/", [("word", "a"), ("block_comment", "/*b*/")]),
        ("1.5e-3 .5 1..2", [
            ("number", "1.5e-3"), ("number", ".5"), ("number", "1"), ("punct", ".."),
            ("number", "2"),
        ]),
        ("naïve", [("word", "naïve")]),
        ("'a", [("bad", "'a")]),
        ("a E'b\\'", [("word", "a"), ("bad", "E'b\\'")]),
        ("a $x$ $y$ ;", [("word", "a"), ("bad", "$x$ $y$ ;")]),
        ("a /* /* */ ;", [("word", "a"), ("bad", "/* /* */ ;")]),
        ('a "b', [("word", "a"), ("bad", '"b')]),
        ("\\connect b\na", [("meta", "\\connect b"), ("word", "a")]),
        ("a\0b", [("word", "a"), ("other", "\0"), ("word", "b")]),
    ],
)  # fmt: skip
def test_each_construct_is_one_token(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


def test_a_byte_order_mark_is_white_space_at_the_start_only() -> None:
    assert [token.kind for token in tokens("\ufeff")] == ["space"]
    assert [(token.kind, token.text) for token in tokens("\ufeff a\ufeffb")] == [
        ("space", "\ufeff "),
        ("word", "a\ufeffb"),
    ]


def test_an_escape_string_keeps_its_rules_behind_a_line_break() -> None:
    text = r"E'a' -- x" + "\n" + r" '\'';'"
    assert kinds(text) == [("string", text[:-2]), ("semicolon", ";"), ("bad", "'")]


COPY = "COPY t (a) FROM stdin;\n1\tit's\n2\t$$\n\\.\nSELECT 1;"


def test_the_data_of_a_copy_is_one_token_and_swallows_nothing() -> None:
    assert ("copy_data", "\n1\tit's\n2\t$$\n\\.") in kinds(COPY)
    assert kinds(COPY)[-3:] == [("word", "SELECT"), ("number", "1"), ("semicolon", ";")]


def test_a_copy_without_its_end_is_read_like_any_statement() -> None:
    found = kinds("COPY t FROM stdin;\nSELECT 1;")
    assert [text for kind, text in found if kind == "semicolon"] == [";", ";"]


def test_a_scan_can_start_in_the_middle() -> None:
    assert list(scan("a; b", 2)) == [Token("space", " ", 2), Token("word", "b", 3)]


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("ab\ncd", 3, (2, 1)),
        ("ab\r\ncd", 5, (2, 2)),
        ("\ufeffab", 1, (1, 1)),
        ("\ufeffab", 0, (1, 1)),
        ("a\n", 2, (2, 1)),
        ("", 0, (1, 1)),
    ],
)
def test_places_count_from_one(text: str, offset: int, place: tuple[int, int]) -> None:
    assert locator(text)(offset) == place


def ends(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """What decides where a statement ends: terminators and comments, by their place."""
    return [(start, text) for start, text in found if text == ";" or text[:2] in {"--", "/*"}]


# Without psql's own constructs, and without E'' strings, whose continuation behind a comment
# libpg_query reads unlike the server (a case of its own above, seen on a server).
SCANNED = [piece for piece in TRICKY if not {"\\", "\0", "\ufeff", "E"} & set(piece)]


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(SCANNED), max_size=20).map("".join))
def test_the_servers_own_scanner_sees_the_same_ends(text: str) -> None:
    raw = text.encode()
    try:
        theirs = [(t.start, raw[t.start : t.end].decode()) for t in postgast.scan(text).tokens]
    except postgast.PgQueryError:
        return
    ours = [(len(text[: token.start].encode()), token.text) for token in tokens(text)]
    assert ends(ours) == ends(theirs)
    assert "bad" not in {token.kind for token in tokens(text)}
