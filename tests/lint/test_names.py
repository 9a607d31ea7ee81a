"""File names: what is right, what a wrong one should have been called."""

import pytest

from migrate_hooks.lint import names


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("add-user's-email!", "add_users_email"),
        ("addUserEmail", "add_user_email"),
        ("Add HTTPServer log", "add_http_server_log"),
        ("  spaces\tand\nlines ", "spaces_and_lines"),
        ("größe über straße", "grosse_uber_strasse"),
        ("user\N{RIGHT SINGLE QUOTATION MARK}s", "users"),
        ("--help", "help"),
        ("../../etc/passwd", "etc_passwd"),
        ("a; rm -rf /", "a_rm_rf"),
        ("v2", "v2"),
        ("!!!", ""),
        ("добавить", ""),
    ],
)
def test_words_become_snake_case(words: str, expected: str) -> None:
    assert names.snake_case(words) == expected


def test_a_long_name_is_cut_without_a_loose_underscore() -> None:
    cut = names.snake_case("a" * 99 + " long tail")
    assert cut == "a" * 99


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("20240229235959_add_users.sql", True),
        ("20240229235959_2fa.sql", True),
        ("20230229000000_add_users.sql", False),  # no leap year
        ("20240101246000_add_users.sql", False),
        ("20240101000000_add__users.sql", False),
        ("20240101000000_add_users_.sql", False),
        ("20240101000000_Add_users.sql", False),
        ("20240101000000.sql", False),
        ("2024010100000\N{ARABIC-INDIC DIGIT ZERO}_add_users.sql", False),  # an Arabic digit
        ("20240101000000_add_users.sql\n", False),
        ("20240101000000_add_users.SQL", False),
    ],
)
def test_a_name_is_right_only_with_a_real_time_and_snake_case(name: str, right: bool) -> None:
    assert names.is_file_name(name) is right


@pytest.mark.parametrize(
    ("wrong", "better"),
    [
        ("20260101_AddUsers.sql", "20260101000000_add_users.sql"),
        ("2026-01-01-add-users.sql", "20260101000000_add_users.sql"),
        ("202601011530_add users.SQL", "20260101153000_add_users.sql"),
        ("20260230000000_add_users.sql", "YYYYMMDDHHMMSS_add_users.sql"),
        ("0007_add_users.sql", "YYYYMMDDHHMMSS_add_users.sql"),
        ("--help.sql", "YYYYMMDDHHMMSS_help.sql"),
        ("add_users.sql", "YYYYMMDDHHMMSS_add_users.sql"),
        (".sql", "YYYYMMDDHHMMSS_describe_the_change.sql"),
    ],
)
def test_a_wrong_name_gets_a_proposal(wrong: str, better: str) -> None:
    assert names.corrected(wrong) == better


def test_the_second_after_the_last_of_a_year_is_in_the_next() -> None:
    assert names.after("20251231235959") == "20260101000000"
