"""Files that came too late get later numbers: all or none, in their order, never a released one."""

from pathlib import Path

import pytest

from migrate_hooks.actions import restamp
from migrate_hooks.config.load import load
from migrate_hooks.errors import Refused, UnknownMigration
from migrate_hooks.model.report import Report
from tests.databases import Database
from tests.program import Program
from tests.repo import Repo

UP = "-- UP\nCREATE TABLE {0} (id int);\n-- DOWN\nDROP TABLE {0};\n"
CONFIG = '[environments.staging]\nbranch = "main"\n'


def write(repo: Repo, digits: str, name: str, folder: str = "migrations") -> str:
    path = f"{folder}/{digits}_{name}.sql"
    repo.write(path, UP.format(name))
    return path


@pytest.fixture
def late(repo: Repo) -> Repo:
    """Branch feature has two files that are older than what main got since."""
    repo.write("migrate-hooks.toml", CONFIG)
    write(repo, "20260101000000", "first")
    repo.commit()
    repo.git("checkout", "-q", "-b", "feature")
    write(repo, "20260102000000", "two")
    write(repo, "20260103000000", "three")
    repo.write("notes.md", "See 20260102000000_two.sql.\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    write(repo, "20260110000000", "newer")
    repo.commit()
    repo.git("checkout", "-q", "feature")
    repo.git("merge", "-q", "--no-edit", "main")
    return repo


def run(repo: Repo, *wanted: str, dry_run: bool = False, alone: bool = False) -> Report:
    return restamp.run(load(repo.path, None, {}), wanted, dry_run=dry_run, alone=alone)


def names(repo: Repo, folder: str = "migrations") -> list[str]:
    return sorted(one.name for one in (repo.path / folder).iterdir())


def words(repo: Repo) -> list[str]:
    return [one.partition("_")[2] for one in names(repo)]


def test_what_came_too_late_goes_behind_all_others_in_its_order(late: Repo) -> None:
    report = run(late)
    assert words(late) == ["first.sql", "newer.sql", "two.sql", "three.sql"]
    assert names(late)[:2] == ["20260101000000_first.sql", "20260110000000_newer.sql"]
    status = late.git("status", "--porcelain").splitlines()
    assert [line[:2] for line in status] == ["R ", "R ", " M"], "git knows them as renamed"
    (moved,) = (row[1] for row in report.listings[0].rows if row[0].endswith("_two.sql"))
    assert (late.path / "notes.md").read_text() == f"See {moved.rpartition('/')[2]}.\n"
    assert "Mentions of the old names were changed in notes.md." in report.notes


def test_what_is_mentioned_elsewhere_is_written_anew_where_that_is_free(late: Repo) -> None:
    """A longer name is another one; a released file keeps its text; half staged work is left."""
    late.git("checkout", "-q", "main")
    late.write(
        "migrations/20260111000000_tells.sql", f"-- 20260102000000_two\n{UP.format('tells')}"
    )
    late.commit()
    late.git("checkout", "-q", "feature")
    late.git("merge", "-q", "--no-edit", "main")
    late.write("more.md", "20260102000000_two_more\r\n20260102000000_two\r\n")
    late.write("half.md", "20260102000000_two\n")
    late.commit()
    late.write("half.md", "20260102000000_two!\n")
    late.git("add", "half.md")
    late.write("half.md", "20260102000000_two!!\n")
    report = run(late, "two")
    new = report.listings[0].rows[0][1].rpartition("/")[2].removesuffix(".sql")
    text = (late.path / "more.md").read_bytes().decode()
    assert text == f"20260102000000_two_more\r\n{new}\r\n"
    assert (late.path / "half.md").read_text() == "20260102000000_two!!\n"
    assert (
        "The old names are still written in half.md:1, migrations/20260111000000_tells.sql:1."
        in report.notes
    )


def test_a_second_run_finds_nothing_to_do(late: Repo) -> None:
    run(late)
    before = names(late)
    assert run(late).listings == ()
    assert names(late) == before


def test_a_dry_run_moves_nothing(late: Repo) -> None:
    before = names(late)
    (listing,) = run(late, dry_run=True).listings
    assert [row[0] for row in listing.rows] == [
        "migrations/20260102000000_two.sql",
        "migrations/20260103000000_three.sql",
    ]
    assert names(late) == before


def test_one_can_be_named(late: Repo) -> None:
    run(late, "two")
    assert words(late) == ["first.sql", "three.sql", "newer.sql", "two.sql"]
    with pytest.raises(UnknownMigration):
        run(late, "nobody")


def test_what_another_branch_has_is_refused(late: Repo) -> None:
    with pytest.raises(Refused, match=r"20260110000000_newer\.sql is on main"):
        run(late, "two", "newer")
    assert "20260102000000_two.sql" in names(late), "nothing was moved"


def test_what_a_database_has_is_refused(
    late: Repo, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On no branch of an environment yet, and applied all the same."""
    monkeypatch.setenv("DATABASE_URL_STAGING", database.url)
    done = Program(late.path)("apply", "--env=staging", "--allow=branch", "--migration=two")
    assert done.code == 0, done
    with pytest.raises(Refused, match="is applied on staging"):
        run(late, "two")
    assert run(late, dry_run=True).listings[0].rows[0][0].endswith("_three.sql")


def test_a_database_that_cannot_be_asked_stops_it(
    late: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_STAGING", "postgresql://user@127.0.0.1:1/none")
    with pytest.raises(Refused, match="staging could not be asked"):
        run(late)
    report = run(late, alone=True)
    assert report.notes[0] == "What is applied on staging was NOT CHECKED."
    assert words(late)[-2:] == ["two.sql", "three.sql"]


def test_half_staged_work_is_not_touched(late: Repo) -> None:
    late.write("migrations/20260102000000_two.sql", UP.format("staged"))
    late.git("add", "migrations")
    late.write("migrations/20260102000000_two.sql", UP.format("not_staged"))
    with pytest.raises(Refused, match="has staged changes and others"):
        run(late)
    assert "20260103000000_three.sql" in names(late)


def test_what_cannot_be_moved_lets_all_others_stay(
    late: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second move fails: the first one is taken back."""
    moved: list[str] = []
    move = restamp._move

    def fails(root: Path, old: str, new: str) -> None:
        if len(moved) == 1:
            moved.append(old)
            raise OSError(28, "No space left on device")
        moved.append(old)
        move(root, old, new)

    monkeypatch.setattr(restamp, "_move", fails)
    before = names(late)
    with pytest.raises(OSError, match="No space left"):
        run(late)
    assert names(late) == before
    assert len(moved) == 3


def test_a_folder_for_each_migration_moves_as_a_whole(repo: Repo) -> None:
    """Prisma's layout: the folder is the name, and its down.sql goes along."""
    repo.write("migrate-hooks.toml", CONFIG)
    base = "prisma/migrations"
    repo.write(f"{base}/20260105000000_newer/migration.sql", "CREATE TABLE n (id int);\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "feature")
    repo.write(f"{base}/20260101000000_late/migration.sql", "CREATE TABLE l (id int);\n")
    repo.write(f"{base}/20260101000000_late/down.sql", "DROP TABLE l;\n")
    repo.commit()
    run(repo)
    newest = repo.path / base / names(repo, base)[-1]
    assert newest.name.endswith("_late")
    assert sorted(one.name for one in newest.iterdir()) == ["down.sql", "migration.sql"]
    assert len(names(repo, base)) == 2
