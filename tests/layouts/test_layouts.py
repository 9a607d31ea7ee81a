"""Every layout keeps the same promises; each one has its own way with DOWN."""

import pytest

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.layouts import base, detect
from migrate_hooks.layouts.base import Layout
from migrate_hooks.model.migration import Migration, Script
from migrate_hooks.sql.checksum import checksum

PATH = "migrations/20260102030405_add_orders.sql"
UP = "CREATE TABLE orders (\n  note text DEFAULT ';' -- it's\n);\nCREATE INDEX i ON orders (note);"
DOWN = (
    "-- the last one first\nDROP INDEX i;\n\n"
    "DO $$\nBEGIN \n  -- why\t\n   \n  DROP TABLE orders;\nEND $$;"
)
LAYOUTS = detect.layouts()
SECTIONS, SUPABASE = LAYOUTS["sections"], LAYOUTS["supabase"]
ONE_FILE = {name: one for name, one in LAYOUTS.items() if one.beside(PATH) is None}
every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
one_file = pytest.mark.parametrize("layout", ONE_FILE.values(), ids=ONE_FILE)


def texts(script: Script | None) -> list[str]:
    return [statement.text for statement in script.statements] if script else []


def verbs(script: Script | None) -> list[str]:
    return [statement.verb for statement in script.statements] if script else []


@one_file
def test_what_is_scaffolded_is_read_back(layout: Layout) -> None:
    read = layout.read(PATH, layout.scaffold(UP, DOWN))
    assert verbs(read.up) == ["CREATE TABLE", "CREATE INDEX"]
    assert texts(read.down) == ["DROP INDEX i", DOWN[DOWN.index("DO") : -1]]
    assert (read.name, read.version.text, read.version.key) == (
        "add_orders",
        "20260102030405",
        (20260102030405,),
    )


@every_layout
def test_a_waiver_survives_scaffolding(layout: Layout) -> None:
    waiver = "-- DOWN: irreversible because the rows are kept nowhere"
    read = layout.read(PATH, layout.scaffold(UP, waiver))
    assert (read.down, read.irreversible) == (None, "the rows are kept nowhere")


@every_layout
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(layout: Layout, start: str) -> None:
    text = layout.scaffold(UP, DOWN)
    assert layout.read(PATH, start + text.replace("\n", "\r\n")) == layout.read(PATH, text)


@one_file
def test_places_are_those_of_the_file(layout: Layout) -> None:
    text = layout.scaffold(UP, DOWN)
    read = layout.read(PATH, text)
    for script in (read.up, read.down):
        assert script is not None
        for statement in script.statements:
            rest = text.split("\n")[statement.line - 1][statement.column - 1 :]
            assert rest == statement.text.split("\n")[0] or rest.startswith(statement.text)


@every_layout
def test_the_checksum_is_about_what_up_says(layout: Layout) -> None:
    first = layout.read(PATH, layout.scaffold(UP, DOWN))
    assert layout.read(PATH, layout.scaffold(f"-- why\n{UP}", "")).checksum == first.checksum
    assert layout.read(PATH, layout.scaffold(f"BEGIN;{UP}COMMIT;", "")).checksum == first.checksum
    assert layout.read(PATH, layout.scaffold(f"{UP} SELECT 1;", "")).checksum != first.checksum
    assert checksum(";".join(texts(first.up))) == first.checksum


@one_file
def test_only_numbered_sql_files_are_migrations(layout: Layout) -> None:
    names = ["10_c.sql", "9_b.sql", "README.md", "seed.sql", "01_a.sql.bak", "1_.sql", "x_1.sql"]
    found = layout.find([f"migrations/{name}" for name in names])
    assert found == ("migrations/9_b.sql", "migrations/10_c.sql")
    assert layout.version("migrations/seed.sql") is None


@every_layout
def test_a_file_without_a_version_can_still_be_read(layout: Layout) -> None:
    read = layout.read("migrations/seed.sql", "SELECT 1;")
    assert (read.version.key, read.name, verbs(read.up)) == ((), "seed", ["SELECT"])


@every_layout
@pytest.mark.parametrize(
    ("text", "in_transaction", "wrapped", "count"),
    [
        ("SELECT 1;", True, False, 1),
        ("CREATE INDEX CONCURRENTLY i ON a (b);", False, False, 1),
        ("VACUUM a; VACUUM b;", False, False, 2),
        ("SELECT 1; VACUUM a;", True, False, 2),
        ("-- migrate-hooks: no-transaction\nSELECT 1;", False, False, 1),
        ("BEGIN; SELECT 1; COMMIT;", True, True, 1),
        ("START TRANSACTION;\nSELECT 1;\nEND;", True, True, 1),
        ("BEGIN; VACUUM a; COMMIT;", True, True, 1),
        ("-- migrate-hooks: no-transaction\nBEGIN; SELECT 1; COMMIT;", False, False, 3),
        ("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", True, False, 6),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;", True, False, 3),
        ("BEGIN; COMMIT;", True, True, 0),
        ("", True, False, 0),
    ],
)
def test_how_a_script_wants_to_run(
    layout: Layout, text: str, in_transaction: bool, wrapped: bool, count: int
) -> None:
    up = layout.read(PATH, text).up
    assert (up.in_transaction, up.wrapped, len(up.statements)) == (in_transaction, wrapped, count)


MIXED = "-- Up\nCREATE TABLE a ();\n-- Down\nDROP TABLE a;\n-- DROP TABLE b;\n"


def test_sections_run_only_the_half_that_is_wanted() -> None:
    read = SECTIONS.read(PATH, MIXED)
    assert (texts(read.up), texts(read.down)) == (["CREATE TABLE a ()"], ["DROP TABLE a"])


def test_supabase_runs_all_that_can_be_executed() -> None:
    read = SUPABASE.read(PATH, MIXED)
    assert texts(read.up) == ["CREATE TABLE a ()", "DROP TABLE a"]
    assert texts(read.down) == ["DROP TABLE b"]


def test_supabase_reads_a_block_comment_as_down() -> None:
    read = SUPABASE.read(PATH, "A;\n-- DOWN Migration\n/*\nDROP TABLE a;\nDROP TABLE b;\n*/\n")
    assert texts(read.down) == ["DROP TABLE a", "DROP TABLE b"]


@every_layout
def test_a_down_that_says_nothing_is_none(layout: Layout) -> None:
    assert layout.read(PATH, "-- Up\nSELECT 1;\n-- Down\n-- by hand\n").down is None


def test_a_repeated_marker_loses_no_statement() -> None:
    text = "-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n-- Up\nSELECT 3;\n-- Down\nSELECT 4;\n"
    read: Migration = SECTIONS.read(PATH, text)
    assert texts(read.up) == ["SELECT 1", "SELECT 3"]
    assert texts(read.down) == ["SELECT 2", "SELECT 4"]


CODE = "-- Up\nSELECT 1;\n-- Down\nSELECT 2;\n"
COMMENT = "-- Up\nSELECT 1;\n-- Down\n-- SELECT 2;\n"


@pytest.mark.parametrize(
    ("folder", "samples", "expected"),
    [
        ("migrations", [], SECTIONS),
        ("migrations", ["SELECT 1;"], SECTIONS),
        ("migrations", [CODE, CODE], SECTIONS),
        ("migrations", [COMMENT, COMMENT], SUPABASE),
        ("migrations", [COMMENT, COMMENT, COMMENT, CODE], SECTIONS),
        ("supabase/migrations", [CODE, CODE], SUPABASE),
        ("apps/web/supabase/migrations", [], SUPABASE),
        ("notsupabase/migrations", [], SECTIONS),
    ],
)
def test_a_folder_is_known_by_its_files(folder: str, samples: list[str], expected: Layout) -> None:
    assert detect.by_content(folder, samples) is expected


def test_usual_folders_are_offered_most_telling_first() -> None:
    assert detect.candidate_folders()[:2] == ("supabase/migrations", "prisma/migrations")


def test_an_unknown_layout_names_the_known_ones() -> None:
    assert detect.by_name("sections") is SECTIONS
    with pytest.raises(ConfigProblem) as caught:
        detect.by_name("section")
    assert "Did you mean sections?" in caught.value.message
    assert "sections, supabase" in caught.value.hint


def test_only_a_missing_down_of_sections_is_wrong_by_itself() -> None:
    assert {layout.name: layout.down_required for layout in LAYOUTS.values()} == {
        "prisma": False,
        "sections": True,
        "supabase": False,
    }


def test_versions_order_by_number_and_not_by_text() -> None:
    assert base.find(["2_b.sql", "10_c.sql", "001_a.sql"]) == ("001_a.sql", "2_b.sql", "10_c.sql")
