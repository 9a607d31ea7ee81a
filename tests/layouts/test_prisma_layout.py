"""Prisma's folders: a migration is a folder, DOWN a file of its own beside UP."""

import hashlib

import pytest

from migrate_hooks.layouts import detect

LAYOUT = detect.by_name("prisma")
PATH = "prisma/migrations/20260105090000_add_users/migration.sql"


def test_up_is_the_whole_file_and_down_the_one_beside_it() -> None:
    text = "-- CreateTable\nCREATE TABLE a (id int);\n-- DOWN Migration\nCREATE TABLE b (id int);\n"
    read = LAYOUT.read(PATH, text, "DROP TABLE b;\nDROP TABLE a;\n")
    assert [one.text for one in read.up.statements] == [
        "CREATE TABLE a (id int)",
        "CREATE TABLE b (id int)",
    ]
    assert read.down is not None
    assert [one.text for one in read.down.statements] == ["DROP TABLE b", "DROP TABLE a"]
    assert LAYOUT.beside(PATH) == "prisma/migrations/20260105090000_add_users/down.sql"


def test_without_down_sql_there_is_no_down_and_perhaps_a_reason() -> None:
    assert LAYOUT.read(PATH, "SELECT 1;").down is None
    text = LAYOUT.scaffold("SELECT 1;", "-- DOWN: irreversible because rows are gone")
    assert LAYOUT.read(PATH, text).irreversible == "rows are gone"


def test_the_whole_name_of_the_folder_is_the_version() -> None:
    read = LAYOUT.read(PATH, "SELECT 1;")
    assert (read.version.text, read.version.key) == (
        "20260105090000_add_users",
        (20260105090000,),
    )
    assert read.name == "add_users"


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("0_init", (9999999999999,), "init"),
        ("init", (), "init"),
        ("20260105090000", (20260105090000,), "20260105090000"),
        ("20260105090000_add_2_users", (20260105090000,), "add_2_users"),
    ],
)
def test_any_folder_with_a_migration_sql_counts(
    name: str, key: tuple[int, ...], words: str
) -> None:
    """Prisma takes any name; its own baseline is called 0_init."""
    read = LAYOUT.read(f"m/{name}/migration.sql", "SELECT 1;")
    assert (read.version.text, read.version.key, read.name) == (name, key, words)


def test_only_migration_sql_is_found_in_the_order_of_the_folders() -> None:
    names = ["9_b/migration.sql", "10_c/migration.sql", "9_b/down.sql", "9_b/notes.sql", "x.sql"]
    found = LAYOUT.find([f"prisma/migrations/{name}" for name in names])
    assert found == ("prisma/migrations/10_c/migration.sql", "prisma/migrations/9_b/migration.sql")


def test_folders_run_in_the_order_of_their_names_as_text() -> None:
    """As Prisma runs them: a day without hours comes after all hours of that day."""
    names = [
        "0_init",
        "10_c",
        "1_a",
        "20260107235959_x",
        "20260108000000_a1",
        "20260108000000_b",
        "20260108235959_x",
        "20260108_y",
        "20260109000000_z",
    ]
    assert names == sorted(names)
    paths = [f"m/{name}/migration.sql" for name in reversed(names)]
    assert LAYOUT.find(paths) == tuple(reversed(paths))


def test_what_new_writes_is_read_back() -> None:
    path = f"prisma/migrations/{LAYOUT.place('20260105090000_add_users')}"
    assert path == PATH
    read = LAYOUT.read(path, LAYOUT.scaffold("CREATE TABLE a (id int);", "DROP TABLE a;"))
    assert ([one.verb for one in read.up.statements], read.down) == (["CREATE TABLE"], None)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_checksum_is_prismas_whatever_git_did_to_the_line_ends(ends: str) -> None:
    """Prisma writes the SHA-256 of the file as it stands, and accepts either kind of line ends."""
    lines = "SELECT 1;\n-- two\n"
    text = lines.replace("\n", ends)
    read = LAYOUT.read(PATH, text)
    assert read.sha256 == hashlib.sha256(lines.encode()).hexdigest()
    windows = lines.replace("\n", "\r\n")
    expected = {hashlib.sha256(one.encode()).hexdigest() for one in (lines, windows)}
    assert read.digests == expected


def test_mixed_line_ends_have_a_digest_of_their_own() -> None:
    text = "SELECT 1;\r\nSELECT 2;\n"
    assert hashlib.sha256(text.encode()).hexdigest() in LAYOUT.read(PATH, text).digests


@pytest.mark.parametrize(
    ("folder", "paths", "expected"),
    [
        ("prisma/migrations", [], "prisma"),
        ("apps/web/prisma/migrations", [], "prisma"),
        ("db/migrations", ["db/migrations/0_init/migration.sql"], "prisma"),
        ("db/migrations", ["db/migrations/20260105090000_a.sql"], "sections"),
        ("supabase/migrations", [], "supabase"),
    ],
)
def test_a_folder_is_known_by_its_name_or_by_its_files(
    folder: str, paths: list[str], expected: str
) -> None:
    assert detect.by_content(folder, [], paths).name == expected
