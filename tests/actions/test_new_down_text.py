"""A DOWN put into its file: what stands there, what comes, and what it looks like then."""

import pytest

from migrate_hooks.actions.new_down_text import Text, said_in, with_down
from migrate_hooks.layouts import detect

UP = "-- UP Migration\nCREATE TABLE t (id int);\n"
DOWN = "-- loses: the rows of public.t\nDROP TABLE t;"
RULE = f"-- {'=' * 77}"
PATH = "migrations/20260101000000_t.sql"
KNOWN = said_in(["-- Write below what undoes UP.\n--   e.g. DROP TABLE example;\n"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            UP,
            f"{UP}\n{RULE}\n-- DOWN Migration (rollback)\n{RULE}\n{DOWN}\n",
        ),
        (f"{UP}\n-- Down\n", f"{UP}\n-- Down\n{DOWN}\n"),
        (f"{UP}-- Down", f"{UP}-- Down\n{DOWN}\n"),
        (f"{UP}\n{RULE}\n-- DOWN\n{RULE}\n\n", f"{UP}\n{RULE}\n-- DOWN\n{RULE}\n{DOWN}\n"),
        # what a person wrote stays, what a template did goes
        (
            f"{UP}\n-- DOWN\n-- Write below what undoes UP.\n-- Ask Ann first.\n--\n",
            f"{UP}\n-- DOWN\n-- Ask Ann first.\n{DOWN}\n",
        ),
        (f"-- DOWN\n\n{UP}", f"-- DOWN\n{DOWN}\n\n{UP}"),
        ("\ufeff-- Up\r\nSELECT 1;\r\n-- Down\r\n", f"\ufeff-- Up\nSELECT 1;\n-- Down\n{DOWN}\n"),
    ],
)
def test_down_stands_behind_its_marker(text: str, expected: str) -> None:
    layout = detect.by_name("sections")
    made = with_down(layout, PATH, Text(text), DOWN, KNOWN).main
    assert made.replace("\r\n", "\n") == expected
    assert made.count("\r\n") == (made.count("\n") if "\r\n" in text else 0)
    read = layout.read(PATH, made)
    assert read.checksum == layout.read(PATH, text).checksum
    assert read.down is not None
    assert [one.text for one in read.down.statements] == ["DROP TABLE t"]


def test_down_stands_in_comments_where_the_tool_runs_the_whole_file() -> None:
    layout = detect.by_name("supabase")
    for text in (UP, f"{UP}-- DOWN\n-- Ask Ann first.\n"):
        made = with_down(layout, PATH, Text(text), DOWN, KNOWN).main
        assert made.endswith("-- -- loses: the rows of public.t\n-- DROP TABLE t;\n")
        assert ("\n-- Ask Ann first.\n" in made) == ("Ann" in text)
        read = layout.read(PATH, made)
        assert [one.text for one in read.up.statements] == ["CREATE TABLE t (id int)"]
        assert read.down is not None
        assert [one.text for one in read.down.statements] == ["DROP TABLE t"]


@pytest.mark.parametrize("beside", ["", "-- Ask Ann first.\n"])
def test_down_stands_beside_where_it_is_a_file_of_its_own(beside: str) -> None:
    layout = detect.by_name("prisma")
    path = "prisma/migrations/20260101000000_t/migration.sql"
    made = with_down(layout, path, Text("CREATE TABLE t (id int);\n", beside), DOWN, KNOWN)
    assert made == Text("CREATE TABLE t (id int);\n", f"{beside}{DOWN}\n")
