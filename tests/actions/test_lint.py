"""`lint`: what is judged, read from where, and how it ends."""

import json
from pathlib import Path

import pytest

from migrate_hooks.actions import lint
from migrate_hooks.config.load import load
from migrate_hooks.errors import Exit, NoMigrationsFolder, NotARepository, UsageProblem
from migrate_hooks.model.finding import FilePlace
from migrate_hooks.model.report import Report
from tests.program import Program
from tests.repo import Repo

OLD = "migrations/20260101000000_create_orders.sql"
NEW = "migrations/20260102000000_index_orders.sql"
NEWER = "migrations/20260103000000_note_orders.sql"
CREATE = "-- Up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- Down\nDROP TABLE orders;\n"
INDEX = "-- Up\nSELECT 1;\n  CREATE INDEX orders_id ON orders (id);\n"
FINE = "-- Up\nCOMMENT ON TABLE orders IS 'o';\n-- Down\nCOMMENT ON TABLE orders IS NULL;\n"


def judge(
    repo: Repo, *files: str, staged: bool = False, since: str = "", all_: bool = False
) -> Report:
    return lint.run(load(repo.path, None, {}), files, staged, since or None, all_)


def judged(report: Report) -> dict[str, set[str]]:
    """Return {path: codes} of the findings."""
    found: dict[str, set[str]] = {}
    for one in report.findings:
        assert isinstance(one.place, FilePlace)
        found.setdefault(one.place.path, set()).add(one.code)
    return found


@pytest.fixture
def released(repo: Repo) -> Repo:
    """A repository whose main has one migration, on a branch of its own."""
    repo.write(OLD, CREATE)
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "feature")
    return repo


def test_a_missing_down_and_an_index_on_an_old_table_have_true_lines(
    released: Repo, cli: Program
) -> None:
    released.write(NEW, INDEX)
    code, out, _ = cli("lint", "--format", "json", NEW, cwd=released.path)
    report = json.loads(out)
    found = {one["code"]: one["place"] for one in report["findings"]}
    assert code == report["exit_code"] == 1
    assert report["outcome"] == "findings"
    assert found["locks/index-build"] == {
        "path": NEW,
        "line": 3,
        "column": 3,
    }
    assert found["sections/down-missing"] == {"path": NEW, "line": 3, "column": 1}


def test_without_words_only_what_is_new_is_judged(released: Repo) -> None:
    released.write(OLD, CREATE + "-- Up\n")  # edited: judged, too
    released.write(NEW, INDEX)
    released.commit()
    released.write(NEWER, FINE)  # not even added
    report = judge(released)
    assert set(judged(report)) == {OLD, NEW}
    assert report.notes == ("Judged 3 new migrations against main.",)
    released.git("checkout", "--quiet", "--", OLD)


def test_released_migrations_are_left_alone(released: Repo) -> None:
    released.write(NEWER, FINE)
    report = judge(released)
    assert (report.exit_code, report.findings) == (Exit.CLEAN, ())
    assert report.notes == ("Judged 1 new migration against main; 1 other not judged.",)


def test_the_branch_an_environment_stands_for_is_judged_against_its_remote(
    released: Repo,
) -> None:
    released.git("update-ref", "refs/remotes/origin/staging", "main")
    released.git("checkout", "--quiet", "-b", "staging")
    released.write(NEW, INDEX)
    released.commit()
    report = judge(released)
    assert set(judged(report)) == {NEW}
    assert "against origin/staging" in report.notes[0]


def test_without_any_target_everything_is_judged(repo: Repo) -> None:
    repo.write(OLD, CREATE)
    repo.write(NEW, INDEX)
    report = judge(repo)
    assert report.notes == ("Judged 2 migrations.",)
    assert judged(report) == {NEW: {"sections/down-missing"}}  # the table is as new as its index


def test_a_folder_outside_of_git_is_judged(tmp_path: Path) -> None:
    folder = Repo(tmp_path)
    folder.write(OLD, CREATE)
    folder.write(NEW, INDEX)
    assert "locks/index-build" in judged(judge(folder, str(tmp_path / NEW)))[NEW]


def test_staged_content_is_judged_not_the_working_tree(released: Repo) -> None:
    released.write(NEW, INDEX)
    released.git("add", NEW)
    released.write(NEW, FINE)
    released.write(NEWER, INDEX)  # not staged at all
    assert set(judged(judge(released, staged=True))) == {NEW}
    released.git("add", NEW)
    released.write(NEW, INDEX)
    report = judge(released, staged=True)
    assert report.findings == ()
    assert report.notes == ("Judged 1 staged migration against main; 1 other not judged.",)


def test_a_commit_in_a_repository_without_migrations_is_fine(repo: Repo) -> None:
    repo.write("README.md", "hello\n")
    repo.git("add", "README.md")
    report = judge(repo, staged=True)
    assert (report.exit_code, report.findings) == (Exit.CLEAN, ())


def test_staged_migrations_are_found_where_the_working_tree_has_no_folder(released: Repo) -> None:
    released.write(NEW, INDEX)
    released.git("add", NEW)
    for file in (released.path / "migrations").iterdir():
        file.unlink()
    (released.path / "migrations").rmdir()
    assert set(judged(judge(released, staged=True))) == {NEW}


def test_staged_and_since_need_a_repository(tmp_path: Path) -> None:
    Repo(tmp_path).write(NEW, INDEX)
    for words in ({"staged": True}, {"since": "HEAD"}):
        with pytest.raises(NotARepository):
            judge(Repo(tmp_path), **words)


def test_a_deleted_migration_is_no_subject(released: Repo) -> None:
    released.write(NEW, INDEX)
    released.commit()
    released.git("rm", "--quiet", NEW)
    report = judge(released, staged=True)
    assert report.notes[0].startswith("Judged 0 staged migrations")
    assert report.exit_code == Exit.CLEAN


def test_since_a_commit_and_all(released: Repo) -> None:
    released.write(NEW, INDEX)
    first = released.commit()
    released.write(NEWER, INDEX.replace("orders_id", "orders_id_2"))
    released.commit()
    assert set(judged(judge(released, since=first))) == {NEWER}
    assert set(judged(judge(released, all_=True))) == {NEW, NEWER}
    with pytest.raises(UsageProblem, match="there is no such commit"):
        judge(released, since="no-such-revision")


def test_an_older_file_than_the_newest_of_the_target_is_out_of_order(released: Repo) -> None:
    late = "migrations/20251231235959_late.sql"
    released.write(late, FINE)
    (found,) = judge(released).findings
    assert found.code == "order/out-of-order"
    assert "main" in found.message
    assert found.hint.endswith(f"git mv {late} migrations/20260101000001_late.sql")


def test_order_is_judged_against_what_others_merged_meanwhile(released: Repo) -> None:
    released.write(NEW, FINE)
    released.commit()
    released.git("checkout", "--quiet", "main")
    released.write(NEWER, FINE)
    released.commit()
    released.git("checkout", "--quiet", "feature")
    assert judged(judge(released)) == {NEW: {"order/out-of-order"}}


def test_a_version_taken_on_the_target_meanwhile_is_found(released: Repo) -> None:
    released.git("checkout", "--quiet", "main")
    released.write(NEW, FINE)
    released.commit()
    released.git("checkout", "--quiet", "feature")
    mine = "migrations/20260102000000_mine.sql"
    released.write(mine, FINE)
    assert judged(judge(released)) == {mine: {"naming/duplicate-version"}}


def test_renaming_a_file_is_no_duplicate_of_itself(released: Repo) -> None:
    released.git("mv", OLD, "migrations/20260101000000_make_orders.sql")
    assert judged(judge(released, staged=True)) == {OLD: {"order/deleted"}}


def test_an_index_on_a_table_of_the_same_branch_is_no_hazard(released: Repo) -> None:
    released.write(NEW, CREATE.replace("orders", "parcels"))
    released.commit()
    released.write(NEWER, INDEX.replace("orders", "parcels") + "-- Down\nDROP INDEX parcels_id;\n")
    released.git("add", NEWER)
    assert judged(judge(released, staged=True)) == {}
    assert judged(judge(released, str(released.path / NEWER))) == {}


def test_the_framework_hands_over_files_that_are_no_migrations(
    released: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = released.write("scripts/seed.sql", "DROP TABLE orders;\n")
    by_hand = judge(released, str(stray))
    assert "naming/file-name" in judged(by_hand)["scripts/seed.sql"]
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert judge(released, str(stray)).findings == ()


def test_a_folder_can_be_named(released: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    released.write(NEW, INDEX)
    monkeypatch.chdir(released.path / "migrations")
    assert set(judged(judge(released, "."))) == {NEW}
    assert set(judged(judge(released, Path(NEW).name))) == {NEW}


def test_a_file_that_is_not_there_is_a_usage_problem(released: Repo, cli: Program) -> None:
    code, _, said = cli("lint", "migrations/nope.sql", cwd=released.path)
    assert code == 2
    assert "migrations/nope.sql is not there" in said


@pytest.mark.parametrize(
    "words", [("--staged", "--all"), ("--all", NEW), ("--since", "HEAD", "--staged")]
)
def test_words_that_exclude_each_other_are_refused(
    released: Repo, cli: Program, words: tuple[str, ...]
) -> None:
    code, _, said = cli("lint", *words, cwd=released.path)
    assert (code, "exclude each other" in said) == (2, True)


def test_a_folder_of_folders_is_never_called_clean(repo: Repo, cli: Program) -> None:
    init = "prisma/migrations/20260101000000_init/up.sql"
    repo.write(init, "CREATE TABLE a (id bigint PRIMARY KEY);\n")
    repo.write("migrate-hooks.toml", 'migrations = "prisma/migrations"\n')
    for words in (("lint", "--all"), ("status", "--all"), ("new", "a"), ("apply", "--env=dev")):
        code, _, stderr = cli(*words, cwd=repo.path)
        assert code == 2
        assert "none of them is called migration.sql" in stderr
    assert cli("lint", init, cwd=repo.path)[0] == 1


def test_a_missing_folder_offers_the_command_that_makes_it(repo: Repo) -> None:
    with pytest.raises(NoMigrationsFolder) as failure:
        judge(repo)
    assert "mkdir -p migrations" in failure.value.hint


def test_bad_files_are_named_and_the_good_one_beside_them_is_judged(released: Repo) -> None:
    released.write("migrations/20260104000000_latin.sql", b"SELECT '\xe9';\n")
    released.write("migrations/20260105000000_binary.sql", b"\x7fELF\x00\x01")
    released.write("migrations/20260106000000_empty.sql", b"")
    outside = released.path.parent / "secret.sql"
    outside.write_text("SELECT 1;\n")
    (released.path / "migrations/20260107000000_link.sql").symlink_to(outside)
    (released.path / "migrations/20260108000000_dead.sql").symlink_to("nowhere.sql")
    released.write("migrations/--help.sql", "DROP TABLE orders;\n")
    released.write(NEW, INDEX)
    found = {
        path.partition("_")[2] or path: codes for path, codes in judged(judge(released)).items()
    }
    assert found["latin.sql"] == found["binary.sql"] == {"structure/not-text"}
    assert found["link.sql"] == found["dead.sql"] == {"structure/not-text"}
    assert found["empty.sql"] == {"structure/empty"}
    assert {"naming/file-name", "data/drop-table"} <= found["migrations/--help.sql"]
    assert "locks/index-build" in found["index_orders.sql"]


def test_five_megabytes_are_judged_for_safety(released: Repo) -> None:
    rows = ("INSERT INTO orders (note) VALUES ('" + "x" * 1_000 + "');\n") * 5_000
    released.write(
        NEW, f"-- Up\n{rows}CREATE INDEX orders_id ON orders (id);\n-- Down\nSELECT 1;\n"
    )
    report = judge(released)
    places = {one.code: one.place for one in report.findings}
    assert places["locks/index-build"] == FilePlace(NEW, 5_002, 1)
    assert "sqlfluff/not-checked" in places


def test_style_can_be_left_out(released: Repo, cli: Program) -> None:
    released.write(NEW, "-- Up\nSELECT 1;\nselect 2;\n-- Down\nSELECT 1;\n")
    assert "sqlfluff/CP01" in cli("lint", cwd=released.path).stdout
    code, out, _ = cli("lint", "--no-style", cwd=released.path)
    assert (code, "sqlfluff" in out) == (0, False)


def test_a_push_is_judged_by_its_commit_alone(released: Repo) -> None:
    before = released.git("rev-parse", "main")
    released.write(NEW, INDEX)
    commit = released.commit()
    (released.path / NEW).unlink()
    settings = load(released.path, None, {})
    expected = {"sections/down-missing", "locks/index-build"}
    assert {one.code for one in lint.pushed(settings, commit, before)} == expected
    assert {one.code for one in lint.pushed(settings, commit, None)} == expected
    assert lint.pushed(settings, before, before) == ()


def test_the_reference_migrations_are_clean(repo: Repo) -> None:
    here = Path(__file__).parents[2] / "migrations"
    for path in here.glob("*.sql"):
        repo.write(f"migrations/{path.name}", path.read_bytes())
    report = judge(repo, all_=True)
    assert report.findings == ()
    assert report.notes == (f"Judged {len(list(here.glob('*.sql')))} migrations.",)
