"""Files and ledger are not as they should be: what runs is what was meant, or nothing."""

from pathlib import Path

import pytest

from tests.databases import Database
from tests.faults.scene import Scene

LEDGER = "supabase_migrations.schema_migrations"


def states(scene: Scene) -> list[str]:
    return [entry["state"] for entry in scene.run("status").report["entries"]]


@pytest.mark.parametrize("sql", ["COMMIT;", "ROLLBACK;", "COMMIT AND CHAIN;", "END;", "ABORT;"])
def test_transaction_control_in_a_file_stops_everything_before_anything_runs(
    scene: Scene, sql: str
) -> None:
    scene.write(2, f"CREATE TABLE a (id int);\n{sql}\nCREATE TABLE b (id int);")
    done = scene.run()
    assert (done.code, done.report["outcome"]) == (1, "refused")
    assert done.codes == ["apply/transaction-control"]
    assert (scene.applied(), scene.has("marks"), scene.has("a")) == ([], False, False)


CALLS = {
    "DO": "DO $$ BEGIN INSERT INTO marks VALUES (2); COMMIT; END $$;",
    "procedure": "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO marks VALUES (2); "
    "COMMIT; END $$;\nCALL p();",
    "dynamic": "DO $$ BEGIN INSERT INTO marks VALUES (2); EXECUTE 'COMMIT'; END $$;",
}


@pytest.mark.parametrize("sql", CALLS.values(), ids=CALLS)
def test_a_commit_that_hides_in_a_procedure_is_rolled_back(scene: Scene, sql: str) -> None:
    """The file's own transaction is around it, so the server refuses; nothing of it stays."""
    scene.write(2, sql)
    done = scene.run()
    assert (done.code, done.states) == (4, ["applied", "failed"])
    assert "Nothing of this file was applied" in done.words
    assert (scene.applied(), scene.marks()) == ([1], [])


@pytest.mark.parametrize("rest", ["", "\nSELECT 1/0;"], ids=["at its end", "before an error"])
def test_a_commit_that_the_server_reads_and_we_do_not_is_told_as_partial(
    scene: Scene, rest: str
) -> None:
    """In another reading of quotes than the standard's the COMMIT is no text any more."""
    hidden = "SELECT '\\' || '; COMMIT; INSERT INTO marks VALUES (9); --';"
    scene.write(2, f"SET standard_conforming_strings = off;\n{hidden}{rest}")
    done = scene.run()
    assert (done.code, done.states) == (5, ["applied", "partial"])
    assert "part of it is applied" in done.words
    assert "Nothing of this file" not in done.words
    assert (scene.applied(), scene.marks()) == ([1], [9])


@pytest.mark.parametrize("outside", [False, True])
def test_role_search_path_and_settings_do_not_leak_into_the_next_file(
    scene: Scene, outside: bool
) -> None:
    role = f"other_{scene.database.name}"
    scene.database.run(f"CREATE ROLE {role}; CREATE SCHEMA other AUTHORIZATION {role}")
    try:
        scene.write(
            2,
            f"SET ROLE {role};\nSET search_path = other;\nSET timezone = 'Asia/Kathmandu';\n"
            "CREATE TABLE mine (id int);",
            outside=outside,
        )
        scene.write(
            3,
            "CREATE TABLE seen AS SELECT current_user::text AS who, "
            "current_setting('timezone') AS zone, to_regclass('mine') IS NULL AS clean;",
        )
        assert scene.run().code == 0
        assert scene.database.run("SELECT who, zone <> 'Asia/Kathmandu', clean FROM public.seen")[
            0
        ] == ("postgres", True, True)
        assert scene.has("other.mine")
        assert scene.applied() == [1, 2, 3]
    finally:
        scene.database.run(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


def test_a_new_enum_value_that_is_used_at_once_is_rolled_back_and_explained(scene: Scene) -> None:
    scene.write(2, "CREATE TYPE mood AS ENUM ('good');")
    assert scene.run().code == 0
    sql = "ALTER TYPE mood ADD VALUE 'bad';\nINSERT INTO marks SELECT 3 WHERE 'bad'::mood = 'bad';"
    scene.write(3, sql)
    done = scene.run()
    assert (done.code, done.states) == (4, ["failed"])
    assert "ERROR 55P04: unsafe use of new value" in done.words
    assert "must be committed before they can be used" in done.words
    assert scene.database.run("SELECT enum_range(NULL::mood)::text") == [("{good}",)]
    scene.write(3, sql, outside=True)
    assert scene.run().code == 0
    assert (scene.applied(), scene.marks()) == ([1, 2, 3], [3])


def test_a_constraint_that_is_checked_at_commit_leaves_nothing(scene: Scene) -> None:
    scene.write(
        2,
        "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES child "
        "DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO child VALUES (1, 9);",
    )
    done = scene.run()
    assert (done.code, done.states) == (4, ["applied", "failed"])
    assert "ERROR 23503" in done.words
    assert (scene.has("child"), scene.applied()) == (False, [1])


def test_a_file_that_was_edited_after_it_ran_is_told_and_not_run_again(scene: Scene) -> None:
    scene.write(2, "INSERT INTO marks VALUES (2);")
    assert scene.run().code == 0
    scene.write(2, "INSERT INTO marks VALUES (2);\nINSERT INTO marks VALUES (22);")
    scene.write(3, "INSERT INTO marks VALUES (3);")
    assert states(scene) == ["applied", "changed", "pending"]
    done = scene.run()
    assert (done.code, done.states) == (0, ["applied"])
    assert "the file was edited after it was run" in done.words
    assert scene.marks() == [2, 3]


def test_a_checkout_with_other_ends_of_lines_changes_nothing(scene: Scene) -> None:
    path = scene.write(2, "INSERT INTO marks VALUES (2);\n\nINSERT INTO marks VALUES (3);")
    assert scene.run().code == 0
    for file in path.parent.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert states(scene) == ["applied", "applied"]
    done = scene.run()
    assert (done.code, done.states, done.codes) == (0, [], [])
    assert scene.marks() == [2, 3]


def test_without_its_ledger_nothing_that_is_there_is_done_twice(scene: Scene) -> None:
    """Whoever drops the table loses the memory; what runs again meets what is there and stops."""
    scene.write(2, "INSERT INTO marks VALUES (2);")
    assert scene.run().code == 0
    scene.database.run("DROP SCHEMA supabase_migrations CASCADE")
    assert states(scene) == ["pending", "pending"]
    done = scene.run()
    assert (done.code, done.states) == (4, ["failed", "not-run"])
    assert "already exists" in done.words
    assert (scene.applied(), scene.marks()) == ([], [2])


@pytest.mark.parametrize("make", ["version text PRIMARY KEY", "newer"])
def test_older_and_newer_forms_of_the_ledger_are_written_as_they_are(
    scene: Scene, make: str
) -> None:
    """The oldest form has one column; a newer one may have some that nobody knows yet."""
    newer = (
        "version text PRIMARY KEY, statements text[], name text, created_by text,"
        " idempotency_key text UNIQUE, invented_later jsonb NOT NULL DEFAULT '{}'"
    )
    columns = newer if make == "newer" else make
    scene.database.run(f"CREATE SCHEMA supabase_migrations; CREATE TABLE {LEDGER} ({columns})")
    assert scene.run().code == 0
    assert scene.applied() == [1]
    rows = scene.database.run(f"SELECT name, array_length(statements, 1) FROM {LEDGER}")
    assert rows == [("step_1", 1)]
    assert states(scene) == ["applied"]


def test_a_full_disk_of_ours_costs_the_log_and_nothing_else(scene: Scene) -> None:
    done = scene.run(largest_file=0)
    assert (done.code, done.states) == (0, ["applied"])
    assert scene.applied() == [1]


def test_a_ledger_that_may_not_be_read_is_not_taken_for_an_empty_one(
    scene: Scene, database: Database, tmp_path: Path
) -> None:
    assert scene.run().code == 0
    role = f"blind_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}")
    try:
        scene.point(database.url.replace("postgres@", f"{role}@"))
        scene.write(2, "INSERT INTO marks VALUES (2);")
        done = scene.run()
        assert (done.code, done.report["outcome"]) == (3, "unchecked")
        assert (scene.applied(), scene.marks()) == ([1], [])
    finally:
        database.run(f"DROP OWNED BY {role}; DROP ROLE {role}")
