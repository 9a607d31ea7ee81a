"""What has run is not run a second time, and is never called undone."""

from contextlib import closing

import pytest

from migrate_hooks.actions.locking import LOCK_KEY
from tests.faults.scene import Scene

IMPATIENT = '[apply]\nlock_timeout = "300ms"\nlock_retries = 2\n'
PRODUCTION = """
[environments.staging]
protected = true
max_backup_age = 0
"""


@pytest.mark.parametrize("outside", [True, False])
def test_rows_that_nobody_can_read_here_are_no_failure(scene: Scene, outside: bool) -> None:
    """A date that Python has no value for is the answer to a statement that went well."""
    scene.write(2, "SELECT 'infinity'::timestamptz, '0044-03-15 BC'::date;", outside=outside)
    ended = scene.run()
    assert (ended.code, ended.states) == (0, ["applied", "applied"]), ended
    assert scene.applied() == [1, 2]


def test_a_procedure_that_commits_in_its_middle_is_not_called_again(scene: Scene) -> None:
    scene.configure(IMPATIENT)
    scene.run()
    scene.database.run("CREATE TABLE busy ()")
    scene.database.run(
        "CREATE PROCEDURE halfway() LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO marks VALUES (1); COMMIT; LOCK TABLE busy; END $$"
    )
    scene.write(2, "CALL halfway();", outside=True)
    with closing(scene.database.connect()) as other, other.transaction():
        other.execute("LOCK TABLE busy")
        ended = scene.run()
    assert (ended.code, ended.states) == (5, ["partial"]), ended
    assert scene.marks() == [1]


def test_a_detach_whose_second_half_had_to_wait_is_finished(scene: Scene) -> None:
    scene.configure('[apply]\nlock_timeout = "300ms"\nlock_retries = 0\n')
    scene.database.run("CREATE TABLE logs (id int) PARTITION BY RANGE (id)")
    scene.database.run("CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (9)")
    scene.write(2, "ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY;", outside=True)
    with closing(scene.database.connect()) as reader, reader.transaction():
        reader.execute("SELECT FROM logs")
        assert scene.run().code == 5
    ended = scene.run()
    assert (ended.code, ended.states) == (0, ["applied"]), ended
    assert scene.database.run("SELECT 1 FROM pg_inherits") == []


def test_a_file_that_was_begun_in_pieces_is_not_run_as_a_whole(scene: Scene) -> None:
    """Its first statement is done: without its marker it would be done once more."""
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT 1 / 0;", outside=True)
    assert scene.run().code == 5
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT 1;")
    ended = scene.run()
    assert (ended.code, ended.codes) == (1, ["guard/begun"]), ended
    assert scene.marks() == [2]
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT 1;", outside=True)
    assert scene.run().code == 0
    assert scene.marks() == [2]


def test_what_production_has_is_not_run_again_because_force_was_said(scene: Scene) -> None:
    """There every run needs --force, and a pipeline that is started again says the same words."""
    scene.configure(PRODUCTION)
    scene.write(2, "INSERT INTO marks VALUES (2);")
    words = ("apply", "--force", "--yes=staging", "--allow=stale-backup")
    assert scene.run(*words).code == 0
    ended = scene.run(*words, "--migration=step_2")
    assert (ended.code, ended.codes) == (0, []), ended
    assert scene.marks() == [2]
    assert "--allow=again" in ended.words
    assert scene.run(*words, "--migration=step_2", "--allow=again").code == 0
    assert scene.marks() == [2, 2]


def test_a_file_with_another_number_is_not_run_again_because_it_was_named(scene: Scene) -> None:
    path = scene.write(2, "INSERT INTO marks VALUES (2);")
    scene.run()
    path.rename(path.with_name(path.name.replace("20250002", "20250003")))
    ended = scene.run("apply", "--migration=step_2")
    assert (ended.code, ended.states) == (0, []), ended
    assert scene.marks() == [2]


def test_a_file_does_not_give_our_lock_away(scene: Scene) -> None:
    scene.write(2, "DISCARD ALL;\nINSERT INTO marks VALUES (2);", outside=True)
    ended = scene.run()
    assert (ended.code, ended.codes) == (1, ["apply/discard"]), ended
    assert scene.applied() == []


def test_a_busy_lock_does_not_unsay_what_an_earlier_run_did(scene: Scene) -> None:
    scene.configure('[apply]\nlock_wait = "0s"\n')
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT 1 / 0;", outside=True)
    assert scene.run().code == 5
    with closing(scene.database.connect()) as other:
        other.execute(f"SELECT pg_advisory_lock({LOCK_KEY})".encode())
        ended = scene.run()
    assert (ended.code, ended.codes) == (6, ["lock/busy"]), ended
    assert "Nothing of this file" not in ended.words
