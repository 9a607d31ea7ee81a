"""`lint --fix` and `--diff` in real repositories: what is touched, and what is said."""

import json
import stat
from pathlib import Path

import pytest

from migrate_hooks.actions import fix
from migrate_hooks.config.load import load
from migrate_hooks.errors import CannotWrite, Exit
from migrate_hooks.model.report import Outcome, Report
from tests.program import Program
from tests.repo import Repo

OLD = "migrations/20260101000000_create_orders.sql"
NEW = "migrations/20260102000000_index_orders.sql"
CREATE = "-- Up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- Down\nDROP TABLE orders;\n"
INDEX = "CREATE INDEX orders_id ON orders (id);\n"
LONE = f"-- Up\n{INDEX}-- Down\nDROP INDEX orders_id;\n"
PAIR = (
    f"-- Up\nCOMMENT ON TABLE orders IS 'o';\n{INDEX}"
    "-- Down\nDROP INDEX orders_id;\nCOMMENT ON TABLE orders IS NULL;\n"
)
FINE = "-- Up\nCOMMENT ON TABLE orders IS 'o';\n-- Down\nCOMMENT ON TABLE orders IS NULL;\n"


@pytest.fixture
def released(repo: Repo) -> Repo:
    """A repository whose main has one migration, on a branch of its own; no style."""
    repo.write(OLD, CREATE)
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "feature")
    return repo


def mend(repo: Repo, *, write: bool = True, staged: bool = False) -> Report:
    return fix.run(load(repo.path, None, {}), (), staged, None, False, write=write)


def texts(repo: Repo) -> dict[str, str]:
    """Return {name: text} of the migrations on disk."""
    found = sorted((repo.path / "migrations").glob("*.sql"))
    return {place.name: place.read_bytes().decode() for place in found}


def rows(report: Report, title: str) -> list[tuple[str, ...]]:
    return [row for one in report.listings if one.title == title for row in one.rows]


def test_what_is_fixed_is_on_disk_and_told_and_a_second_run_changes_nothing(released: Repo) -> None:
    released.write(NEW, LONE)
    report = mend(released)
    assert texts(released)[Path(NEW).name] == (
        "-- Up\n-- migrate-hooks: no-transaction\nCREATE INDEX CONCURRENTLY orders_id ON orders "
        "(id);\n-- Down\nDROP INDEX CONCURRENTLY orders_id;\n"
    )
    assert (report.outcome, report.exit_code) == (Outcome.CLEAN, Exit.CLEAN)
    assert rows(report, "Fixed") == [(NEW, "locks/index-build", "orders_id made CONCURRENTLY")]
    before = texts(released)
    assert rows(mend(released), "Fixed") == []
    assert texts(released) == before


def test_a_diff_writes_nothing_exits_1_and_git_can_apply_it(released: Repo, cli: Program) -> None:
    released.write("migrations/add orders.sql", PAIR.replace("\n", "\r\n"))
    released.git("add", "--all")
    before = texts(released)
    code, out, _ = cli("lint", "--fix", "--diff", "--format", "json", cwd=released.path)
    report = json.loads(out)
    assert (code, report["outcome"]) == (1, "findings")
    assert [one["title"] for one in report["tables"]] == ["Would be fixed"]
    assert texts(released) == before
    (released.path / "patch").write_bytes(report["body"].encode())
    released.git("apply", "--whitespace=nowarn", "patch")
    applied = sorted(texts(released).values())
    released.git("checkout", "--quiet", "--", "migrations")
    released.git("clean", "--quiet", "--force", "migrations")
    assert mend(released).exit_code == Exit.CLEAN
    assert sorted(texts(released).values()) == applied
    assert all("\r\n" in text for name, text in texts(released).items() if name != Path(OLD).name)


def test_a_diff_without_anything_to_do_is_clean(released: Repo) -> None:
    released.write(NEW, FINE)
    report = mend(released, write=False)
    assert (report.exit_code, report.body, report.listings) == (Exit.CLEAN, "", ())


def test_released_files_are_not_touched_and_it_is_said(released: Repo) -> None:
    text = CREATE.replace("-- Down", f"CREATE INDEX i ON users (id);\n{INDEX}-- Down")
    released.write(OLD, text)
    report = mend(released)
    assert texts(released) == {Path(OLD).name: text}
    assert {row[2] for row in rows(report, "Not fixed")} == {
        "is on main already: databases have it as it is"
    }
    assert report.exit_code == Exit.FINDINGS


def test_a_partly_staged_file_is_not_touched_and_it_is_said(released: Repo) -> None:
    released.write(NEW, LONE)
    released.git("add", NEW)
    released.write(NEW, f"{LONE}-- more\n")
    for staged in (False, True):
        report = mend(released, staged=staged)
        assert texts(released)[Path(NEW).name] == f"{LONE}-- more\n"
        assert "not staged" in rows(report, "Not fixed")[0][2]


def test_a_staged_file_is_mended_on_disk_and_the_index_stays(released: Repo) -> None:
    released.write(NEW, LONE)
    released.git("add", NEW)
    mend(released, staged=True)
    assert "CONCURRENTLY" in texts(released)[Path(NEW).name]
    assert "CONCURRENTLY" not in released.git("show", f":{NEW}")


def test_a_link_and_a_read_only_file_are_left_alone(released: Repo) -> None:
    place = released.write(NEW, LONE)
    place.chmod(0o444)
    real = released.write("elsewhere.sql", LONE.replace("orders_id", "b_idx"))
    (released.path / "migrations/20260103000000_b.sql").symlink_to(real)
    report = mend(released)
    assert {row[2] for row in rows(report, "Not fixed")} == {"is a link", "is read-only"}
    assert "CONCURRENTLY" not in place.read_text() + real.read_text()


def test_the_mode_of_a_file_stays(released: Repo) -> None:
    place = released.write(NEW, LONE)
    place.chmod(0o750)
    mend(released)
    assert "CONCURRENTLY" in place.read_text()
    assert stat.S_IMODE(place.stat().st_mode) == 0o750


def test_a_tracked_file_is_renamed_in_the_index_too(released: Repo) -> None:
    released.write("migrations/20250101000000_early.sql", FINE)
    released.commit()
    mend(released)
    assert sorted(texts(released)) == [Path(OLD).name, "20260101000001_early.sql"]
    assert released.git("status", "--short").split() == [
        "R",
        "migrations/20250101000000_early.sql",
        "->",
        "migrations/20260101000001_early.sql",
    ]


@pytest.mark.parametrize(
    "name", ["--force.sql", "a b'; rm -rf x.sql", 'q"uote.sql', "ünïcode.sql", "line\nfeed.sql"]
)
def test_hostile_names_are_renamed_tracked_or_not(released: Repo, name: str) -> None:
    released.write(f"migrations/{name}", FINE)
    diff = mend(released, write=False)
    assert diff.exit_code == Exit.FINDINGS
    report = mend(released)
    assert report.exit_code == Exit.CLEAN, report
    assert len(texts(released)) == 2
    assert f"{name}" not in texts(released)


def test_a_name_that_is_taken_leaves_every_file_whole(released: Repo) -> None:
    released.write("migrations/20260203-Index orders.sql", LONE)
    (released.path / "migrations/20260203000000_index_orders.sql").mkdir()
    with pytest.raises(CannotWrite, match="in the meantime"):
        mend(released)
    (text,) = [text for name, text in texts_of_files(released) if "Index" in name]
    assert "CONCURRENTLY" in text  # edited whole under its old name


def texts_of_files(repo: Repo) -> list[tuple[str, str]]:
    found = (place for place in (repo.path / "migrations").iterdir() if place.is_file())
    return [(place.name, place.read_text()) for place in found]


def test_a_full_disk_leaves_the_old_file_and_the_new_one_whole(
    released: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate_hooks.outside import files

    def full(path: Path, _text: str, _mode: int = 0) -> None:
        raise CannotWrite(f"{path} could not be written: No space left on device.")

    released.write(NEW, PAIR)
    monkeypatch.setattr(files, "write_atomically", full)
    with pytest.raises(CannotWrite, match="No space"):
        mend(released)
    found = texts(released)
    assert found[Path(NEW).name] == PAIR
    assert sum("CONCURRENTLY" in text for text in found.values()) == 1


def test_style_is_mended_and_what_a_comment_keeps_is_kept(repo: Repo) -> None:
    repo.write(OLD, CREATE)
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "feature")
    mixed = FINE.replace("COMMENT ON TABLE orders IS NULL", "comment ON TABLE orders IS NULL")
    repo.write(NEW, mixed.replace("\n", "\r\n"))
    kept = "migrations/20260103000000_b.sql"
    repo.write(kept, mixed.replace("IS NULL;", "IS NULL; -- noqa: CP01"))
    report = mend(repo)
    assert texts(repo)[Path(NEW).name] == FINE.replace("\n", "\r\n")
    assert "comment ON" in texts(repo)[Path(kept).name]
    assert rows(report, "Fixed") == [(NEW, "sqlfluff/CP01", "layout and case mended")]


def test_style_of_a_file_that_sqlfluff_cannot_read_is_left(repo: Repo) -> None:
    text = "alter FUNCTION f() SET search_path = a, b;\nCOMMENT ON TABLE a IS NULL;\n"
    repo.write(NEW, text)
    mend(repo)
    assert texts(repo)[Path(NEW).name] == text


@pytest.mark.parametrize(
    "words", [("--fix", "--baseline", "write"), ("--diff", "--stdin", "--path", "a.sql")]
)
def test_words_that_do_not_go_together_are_refused(
    released: Repo, cli: Program, words: tuple[str, ...]
) -> None:
    assert cli("lint", *words, cwd=released.path).code == 2
