"""What a repair says in comments never ends the comment, whatever things are called."""

from migrate_hooks.actions import drift_files
from migrate_hooks.actions.drift_batches import Left
from migrate_hooks.schema.remedy import Piece
from migrate_hooks.sql.split import statements

EVIL = '"a\nDROP TABLE x;\rDROP TABLE y; --"'


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
