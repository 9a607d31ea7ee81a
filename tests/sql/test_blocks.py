"""What stands in DO blocks: text in, statements out."""

import pytest

from migrate_hooks.sql.blocks import builds, inner
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
