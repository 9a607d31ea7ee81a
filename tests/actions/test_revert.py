"""`revert`: the file that it writes, in each layout, and when it writes none."""

import pytest

from migrate_hooks.actions import revert, sources
from migrate_hooks.config.load import load
from migrate_hooks.errors import AmbiguousName, Refused, UnknownMigration
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Report
from tests.program import Program
from tests.repo import Repo

SECTIONS = "migrations/20250101000000_{}.sql"
SUPABASE = "supabase/migrations/20250101000000_{}.sql"
PRISMA = "prisma/migrations/20250101000000_{}/migration.sql"
TABLE = "-- UP Migration\nCREATE TABLE a (id int);\n-- DOWN Migration\nDROP TABLE a;\n"


def run(repo: Repo, wanted: str, because: str = "") -> Report:
    return revert.run(load(repo.path, None, {}), wanted, because)


def text(repo: Repo, report: Report) -> str:
    return (repo.path / report.listings[0].rows[0][0]).read_text()


def newest(repo: Repo) -> Migration:
    return sources.from_worktree(load(repo.path, None, {})).migrations[-1]


@pytest.mark.parametrize(
    "files",
    [
        {SECTIONS: TABLE},
        {SUPABASE: TABLE.replace("DROP", "-- say why\n-- DROP")},
        {
            PRISMA: "CREATE TABLE a (id int);\n",
            PRISMA.replace("migration.sql", "down.sql"): "DROP TABLE a;",
        },
    ],
    ids=["sections", "supabase", "prisma"],
)
def test_the_halves_change_places_in_every_layout(repo: Repo, files: dict[str, str]) -> None:
    for path, body in files.items():
        repo.write(path.format("create_a"), body)
    report = run(repo, "create_a", "it was too early")
    assert "-- Why: it was too early\n" in text(repo, report)
    made = newest(repo)
    assert (made.path, made.name) == (report.listings[0].rows[0][0], "revert_create_a")
    assert [one.text for one in made.up.statements] == ["DROP TABLE a"]
    assert made.down is not None
    assert [one.text for one in made.down.statements] == ["CREATE TABLE a (id int)"]


def test_lint_says_what_the_new_file_costs(repo: Repo) -> None:
    repo.write(SECTIONS.format("create_a"), TABLE)
    done = Program(repo.path)("revert", "create_a")
    assert done.code == 1
    assert "data/drop-table" in done.stdout
    assert "migrate-hooks apply --env=dev --dry-run=server" in done.stdout
    again = Program(repo.path)("revert", "20250101000000_create_a")
    assert (again.code, "already there" in again.stderr) == (1, True)


def test_what_is_reverted_can_be_reverted_again(repo: Repo) -> None:
    index = "CREATE INDEX CONCURRENTLY i ON a (id);\n-- DOWN Migration\nDROP INDEX CONCURRENTLY i;"
    repo.write(SECTIONS.format("index_a"), f"-- UP Migration\n{index}\n")
    run(repo, "index_a")
    run(repo, "revert_index_a")
    made = newest(repo)
    assert made.name == "revert_revert_index_a"
    assert [one.text for one in made.up.statements] == ["CREATE INDEX CONCURRENTLY i ON a (id)"]
    assert not made.up.in_transaction


def test_it_is_newer_than_every_other(repo: Repo) -> None:
    repo.write(SECTIONS.format("create_a"), TABLE)
    repo.write("migrations/29990101000000_far.sql", "-- UP Migration\nSELECT 1;\n")
    report = run(repo, "create_a")
    assert report.listings[0].rows[0][0] == "migrations/29990101000001_revert_create_a.sql"
    assert "dated in the future" in report.notes[0]


def test_who_came_later_is_named(repo: Repo) -> None:
    repo.write(SECTIONS.format("create_a"), TABLE)
    later = "-- UP Migration\nALTER TABLE a ADD COLUMN b int;\n-- DOWN Migration\nSELECT 1;\n"
    repo.write("migrations/20250102000000_widen.sql", later)
    (found,) = (one for one in run(repo, "create_a").findings if one.code == "revert/later")
    assert "20250102000000_widen.sql (a)" in found.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("-- UP Migration\nDELETE FROM a;\n", "has no DOWN"),
        ("-- UP Migration\nDELETE FROM a;\n-- DOWN: irreversible because rows go\n", "rows go"),
    ],
)
def test_without_a_way_back_nothing_is_written(repo: Repo, body: str, said: str) -> None:
    file = repo.write(SECTIONS.format("empty"), body)
    with pytest.raises(Refused, match=said) as refused:
        run(repo, "empty")
    assert "migrate-hooks new undo_empty" in refused.value.hint
    assert list(file.parent.iterdir()) == [file]


def test_a_down_that_the_layout_would_read_as_something_else_is_refused(repo: Repo) -> None:
    down = "SELECT 1;\n\\connect other\n"
    file = repo.write(
        SECTIONS.format("x"), f"-- UP Migration\nSELECT 2;\n-- DOWN Migration\n{down}"
    )
    with pytest.raises(Refused, match="cannot stand in a migration of layout sections"):
        run(repo, "20250101000000_x")
    assert list(file.parent.iterdir()) == [file]


def test_an_up_that_cannot_stand_in_comments_is_said_and_not_lost(repo: Repo) -> None:
    up = "SECURITY LABEL ON TABLE a IS 'x';\nCHECKPOINT;"
    repo.write(SUPABASE.format("odd"), f"{up}\n-- DOWN Migration\n-- DROP TABLE b;\n")
    run(repo, "odd")
    made = newest(repo)
    assert made.down is None
    assert made.irreversible


def test_a_name_that_fits_none_or_several_is_answered(repo: Repo) -> None:
    repo.write(SECTIONS.format("a_one"), TABLE)
    repo.write(SECTIONS.format("a_two").replace("0000_", "0001_"), TABLE)
    with pytest.raises(UnknownMigration):
        run(repo, "nothing")
    with pytest.raises(AmbiguousName):
        run(repo, "a_")


def test_clean_is_a_file_in_which_lint_finds_nothing(repo: Repo) -> None:
    up, down = (f"COMMENT ON TABLE a IS {words}" for words in ("'once'", "NULL"))
    text = f"-- UP Migration\n{up};\n-- DOWN Migration\n{down};\n"
    repo.write(SECTIONS.format("comment_a"), text)
    done = Program(repo.path)("revert", "comment_a")
    assert (done.code, done.stdout.splitlines()[-1]) == (0, "done")
