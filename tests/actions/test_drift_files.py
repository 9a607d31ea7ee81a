"""A repair as files: each layout reads back exactly the statements that were put in."""

from pathlib import Path

import pytest

from migrate_hooks.actions import drift_files
from migrate_hooks.actions.drift_batches import Left, Mode
from migrate_hooks.actions.drift_plan import Part
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.errors import CannotWrite
from migrate_hooks.layouts import detect
from migrate_hooks.schema.remedy import Piece
from migrate_hooks.sql.split import statements

EVIL = '"a\nDROP TABLE x;\rDROP TABLE y; --"'
KEY = ("column", ("public", "orders", "note"))
ADD = "ALTER TABLE public.orders ADD COLUMN IF NOT EXISTS note text"
DROP = "ALTER TABLE public.orders DROP COLUMN IF EXISTS note"
BODY = (
    "CREATE OR REPLACE FUNCTION public.f() RETURNS text LANGUAGE sql AS $$\n-- DOWN\nSELECT ';'\n$$"
)
BUILD = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.orders USING btree (id)"
LEFT = Left(KEY, (DROP, "SELECT 1\nFROM x"), "it loses\nvalues.")
KEPT = Left(("enum", ("public", "mood")), (), "PostgreSQL cannot remove a label")


def folder(layout: str) -> Folder:
    found = detect.by_name(layout)
    return Folder(found.folders[0], found, ())


def part(mode: Mode, up: tuple[str, ...], down: tuple[str, ...], *kept: Left) -> Part:
    ups, downs = (tuple((KEY, Piece(sql)) for sql in half) for half in (up, down))
    return Part(mode, ups, downs, kept)


PARTS = (
    part(Mode.WHOLE, (ADD, BODY), (DROP,), KEPT),
    part(Mode.ALONE, (BUILD,), ("DROP INDEX CONCURRENTLY IF EXISTS public.i",)),
    part(Mode.APART, ("ALTER TABLE public.orders VALIDATE CONSTRAINT c",), (), KEPT),
)


@pytest.mark.parametrize("layout", sorted(detect.layouts()))
def test_a_layout_reads_back_what_was_written(layout: str) -> None:
    drafts, _ = drift_files.drafts(folder(layout), "adopt", "Adopts it.", PARTS, [LEFT])
    read = [drift_files.read(folder(layout), draft) for draft in drafts]
    for one, made in zip(read, PARTS, strict=True):
        assert [each.text for each in one.up.statements] == [piece.sql for _, piece in made.up]
        down = one.down.statements if one.down else ()
        assert [each.text for each in down] == [piece.sql for _, piece in made.down]
        assert one.up.in_transaction is (made.mode is not Mode.ALONE)
        assert one.down is None or one.down.in_transaction is (made.mode is not Mode.ALONE)
    assert read[-1].irreversible == "enum public.mood: PostgreSQL cannot remove a label"
    assert read[0].version < read[1].version < read[2].version


def test_files_are_called_by_how_they_run_and_what_is_left_stands_in_the_first() -> None:
    drafts, _ = drift_files.drafts(
        folder("sections"), "adopt", "Adopts it.", (*PARTS, PARTS[0]), [LEFT]
    )
    names = [one.path.partition("_")[2] for one in drafts]
    assert names == ["adopt.sql", "adopt_concurrently.sql", "adopt_validate.sql", "adopt_2.sql"]
    said = "-- Left as it is: column public.orders.note, because it loses values.\n--   ALTER"
    assert [said in one.up for one in drafts] == [True, False, False, False]


def test_hazards_and_losses_stand_above_their_statement() -> None:
    pieces = ((KEY, Piece(DROP, loses="the values\nof note")),)
    made = Part(Mode.WHOLE, pieces, pieces, ())
    ((draft,), _) = drift_files.drafts(folder("sections"), "undo", "Undoes it.", (made,), [])
    marks = "-- hazard: drop-column: drops a column of orders with its values\n"
    assert f"{marks}-- loses: the values of note\n{DROP};" in draft.up


def test_a_hazard_and_a_loss_stay_in_their_comments() -> None:
    sql = f"DROP TABLE {EVIL}"
    piece = Piece(sql, loses=f"the rows of {EVIL}")
    text = drift_files.spelled(((("table", ("public", "a")), piece),))
    assert [one.text for one in statements(text)] == [sql]
    assert text.count("-- hazard: ") == text.count("-- loses: ") == 1


def test_statements_that_are_left_out_stay_in_their_comments() -> None:
    left = Left(("table", ("public", EVIL)), (f"DROP TABLE {EVIL}",), f"nobody wants {EVIL}")
    text = drift_files.comment(left)
    assert statements(text) == ()
    assert "\r" not in text


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    place = folder("sections")
    drafts, _ = drift_files.drafts(place, "adopt", "Adopts it.", PARTS, [])
    (tmp_path / "migrations").mkdir()
    taken = tmp_path / drafts[1].path
    taken.write_text("somebody else's")
    with pytest.raises(CannotWrite, match="made by somebody else"):
        drift_files.write(tmp_path, place, drafts)
    assert list((tmp_path / "migrations").iterdir()) == [taken]
    taken.unlink()
    drift_files.write(tmp_path, place, drafts)
    assert len(list((tmp_path / "migrations").iterdir())) == 3
