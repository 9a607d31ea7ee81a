"""What stands in a DO block as plain SQL is judged like the rest of the file, by both engines."""

from migrate_hooks.model.settings import LintSettings
from tests.lint.world import lint, places

RULES = LintSettings(style=False, down="optional")


def test_what_a_block_loses_is_found_in_its_place() -> None:
    found = lint(
        "DO $$\nBEGIN\n  ALTER TABLE orders DROP COLUMN note;\n  TRUNCATE lines;\nEND $$;\n",
        lint=RULES,
    )
    assert places(found) == [("data/drop-column", 3, 3), ("data/truncate", 4, 3)]


def test_a_new_table_in_a_block_is_free_for_changes() -> None:
    found = lint(
        "DO $$\nBEGIN\n  CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "  ALTER TABLE orders ADD CONSTRAINT one UNIQUE (id);\nEND $$;\n",
        lint=RULES,
    )
    assert places(found) == []
