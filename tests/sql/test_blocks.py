"""What stands in DO blocks: text in, statements out."""

import pytest

from migrate_hooks.sql.blocks import builds, inner, opened
from migrate_hooks.sql.split import statements


@pytest.mark.parametrize(
    ("body", "expected", "built"),
    [
        (
            "$$\nBEGIN\n  IF true THEN\n    ALTER TABLE t\n      ADD a int;\n  END IF;\n"
            "EXCEPTION WHEN OTHERS THEN\n  EXECUTE 'DROP TABLE \"it''s\"';\nEND $$",
            [("ALTER TABLE", "t", 5), ("DROP TABLE", '"it\'s"', 9)],
            False,
        ),
        ("$$BEGIN EXECUTE $x$DROP VIEW v$x$; END$$", [("DROP VIEW", "v", 2)], False),
        ("$$BEGIN EXECUTE 'DROP VIEW ' || v; DROP VIEW w; END$$", [("DROP VIEW", "w", 2)], True),
        ("$$BEGIN NULL; END$$", [], False),
        ("$$BEGIN RETRUN; END$$", [], True),
        ("$$DECLARE r other.t; BEGIN DROP VIEW v; END$$", [], True),
    ],
)
def test_statements_are_found_in_a_block(
    body: str, expected: list[tuple[str, str, int]], built: bool
) -> None:
    (_, block) = statements("SELECT 1;\nDO " + body)
    assert [(one.verb, one.target, one.line) for one in inner(block)] == expected
    assert builds(block) is built


def test_a_block_is_opened_in_its_place() -> None:
    sql = (
        "SELECT 1;\nDO $$ BEGIN\r\n  IF true THEN\n    DROP TABLE a; ALTER TABLE ü\n"
        "      ADD b int;\n  END IF;\n  EXECUTE 'DROP TABLE \"c\"';\n  PERFORM 1;\n"
        "END $$;\nSELECT 2;\n"
    )
    text, found = opened(sql, statements(sql))
    assert [len(line) for line in text.split("\n")] == [len(line) for line in sql.split("\n")]
    assert text.split("\n")[1].strip() == ""
    assert [(one.verb, one.target, one.line, one.column) for one in found] == [
        ("SELECT", "", 1, 1),
        ("DROP TABLE", "a", 4, 5),
        ("ALTER TABLE", "ü", 4, 19),
        ("DROP TABLE", '"c"', 7, 12),
        ("SELECT", "", 10, 1),
    ]
    assert [one.text for one in statements(text)] == [one.text for one in found]


def test_a_text_without_changes_in_blocks_stays() -> None:
    sql = "DO $$ BEGIN PERFORM 1; END $$;\nDROP TABLE a;\n"
    assert opened(sql, statements(sql)) == (sql, statements(sql))
