"""`lint --baseline`: an old repository adopts the linter, and what is new is found all the same."""

import json
from pathlib import Path

import pytest

from migrate_hooks.actions import lint
from migrate_hooks.actions.baseline import NAME
from migrate_hooks.config.load import load
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint.baseline import OBSOLETE
from migrate_hooks.lint.waived import KNOWN
from migrate_hooks.model.finding import FilePlace, Severity
from migrate_hooks.model.report import Report
from tests.program import Program
from tests.repo import Repo

OLD = "migrations/20260101000000_create_orders.sql"
BAD = "migrations/20260102000000_index_orders.sql"
NEW = "migrations/20260103000000_index_orders_again.sql"
CREATE = "-- Up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- Down\nDROP TABLE orders;\n"
INDEX = "-- Up\nCREATE INDEX orders_id ON orders (id);\n-- Down\nDROP INDEX orders_id;\n"
CONFIG = "[lint]\nstyle = false\n"
OBEYED = f'{CONFIG}baseline = "{NAME}"\n'


@pytest.fixture
def old(repo: Repo) -> Repo:
    """An old repository, main released, whose second migration has a critical finding."""
    repo.write("migrate-hooks.toml", CONFIG)
    repo.write(OLD, CREATE)
    repo.commit()
    repo.write(BAD, INDEX)
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "feature")
    return repo


def judge(repo: Repo, *files: str, baseline: str | None = None, staged: bool = False) -> Report:
    everything = not files and not staged
    return lint.run(load(repo.path, None, {}), files, staged, None, everything, baseline)


def shown(report: Report) -> set[tuple[str, str]]:
    """Return (path, code) of what people are shown."""
    told = [one for one in report.findings if one.severity is not Severity.INFO]
    return {(one.place.path, one.code) for one in told if isinstance(one.place, FilePlace)}


def codes(report: Report) -> list[str]:
    return [one.code for one in report.findings]


def rows(repo: Repo) -> list[tuple[str, str]]:
    lines = (repo.path / NAME).read_text().splitlines()[1:]
    return [(one["path"], one["code"]) for one in map(json.loads, lines)]


def test_what_is_written_is_hidden_and_counted(old: Repo) -> None:
    assert shown(judge(old)) == {(BAD, "locks/index-build")}
    written = judge(old, baseline="write")
    assert (written.exit_code, codes(written)) == (0, [KNOWN])
    assert written.notes[1] == f"Wrote 1 finding to {NAME}."
    assert f'baseline = "{NAME}"' in written.notes[2]
    read = judge(old, baseline="read")
    assert (read.exit_code, codes(read)) == (0, [KNOWN])
    assert read.notes[1] == "1 finding of the baseline is not shown; --verbose lists it."
    assert shown(judge(old)) == {(BAD, "locks/index-build")}  # nobody has asked for it yet
    old.write("migrate-hooks.toml", OBEYED)
    assert shown(judge(old)) == set()


def test_what_is_new_beside_it_is_found(old: Repo) -> None:
    judge(old, baseline="write")
    old.write(NEW, INDEX.replace("orders_id", "orders_2"))
    assert shown(judge(old, baseline="read")) == {(NEW, "locks/index-build")}


def test_a_narrower_write_keeps_what_it_did_not_look_at(old: Repo) -> None:
    judge(old, baseline="write")
    old.write(NEW, INDEX.replace("orders_id", "orders_2"))
    report = judge(old, str(old.path / NEW), baseline="write")
    assert "1 of what was not judged stay in it" in report.notes[1]
    assert rows(old) == [(BAD, "locks/index-build"), (NEW, "locks/index-build")]
    (old.path / NEW).unlink()
    judge(old, str(old.path / OLD), baseline="write")
    assert rows(old) == [(BAD, "locks/index-build")]


def test_a_run_without_an_engine_keeps_what_that_engine_found(old: Repo) -> None:
    old.write("migrate-hooks.toml", "")
    old.write(BAD, INDEX.replace("DROP INDEX", "drop index"))
    judge(old, baseline="write")
    styled = rows(old)
    assert (BAD, "sqlfluff/CP01") in styled
    old.write("migrate-hooks.toml", CONFIG)
    assert OBSOLETE not in codes(judge(old, baseline="read"))
    judge(old, baseline="write")
    assert rows(old) == styled
    old.write("migrate-hooks.toml", f'{CONFIG}exclude_rules = ["locks/*", "squawk/*"]\n')
    judge(old, baseline="write")
    assert rows(old) == styled


def test_what_matches_nothing_any_more_is_said_with_its_line(old: Repo) -> None:
    old.write(NEW, INDEX.replace("orders_id", "orders_2"))
    judge(old, baseline="write")
    old.write(NEW, CREATE.replace("orders", "items"))
    (old.path / BAD).unlink()
    report = judge(old, baseline="read")
    idle = [one for one in report.findings if one.code == OBSOLETE]
    assert [one.place for one in idle] == [FilePlace(NAME, 2), FilePlace(NAME, 3)]
    assert {one.severity for one in idle} == {Severity.INFO}
    assert f"2 entries of {NAME} are obsolete" in report.notes[-1]
    judge(old, baseline="write")
    assert rows(old) == [(BAD, "order/deleted")]


def test_a_file_that_cannot_be_read_makes_nothing_obsolete(old: Repo) -> None:
    judge(old, baseline="write")
    old.write(BAD, INDEX + "SELEKT;\n")
    report = judge(old, baseline="read")
    assert (BAD, "structure/syntax") in shown(report)
    assert OBSOLETE not in codes(report)


def test_what_nothing_may_hide_is_not_written_and_still_stops(old: Repo) -> None:
    old.write(NEW, "SELEKT;\n")
    report = judge(old, baseline="write")
    assert (report.exit_code, shown(report)) == (1, {(NEW, "structure/syntax")})
    assert "No baseline can hold structure/syntax." in report.notes
    assert (NEW, "structure/syntax") not in rows(old)


def test_a_commit_is_judged_by_the_baseline_of_the_index(old: Repo) -> None:
    judge(old, baseline="write")
    old.write("migrate-hooks.toml", OBEYED)
    old.write(BAD, INDEX.replace("-- Down", "-- Why\n\n-- Down"))
    old.git("add", BAD)
    report = judge(old, staged=True)
    assert shown(report) == {(BAD, "locks/index-build"), (NAME, "baseline/missing")}
    old.git("add", NAME)
    (old.path / NAME).write_text("broken")
    assert shown(judge(old, staged=True)) == set()


def test_a_push_is_judged_by_the_baseline_of_its_commit(old: Repo) -> None:
    first = old.git("rev-list", "--max-parents=0", "HEAD")
    old.write("migrate-hooks.toml", OBEYED)
    settings = load(old.path, None, {})
    bare = old.git("rev-parse", "HEAD")
    found = lint.pushed(settings, bare, first)
    assert [one.code for one in found] == ["locks/index-build", "baseline/missing"]
    judge(old, baseline="write")
    commit = old.commit()
    (old.path / NAME).unlink()
    found = lint.pushed(settings, commit, first)
    assert [one.code for one in found] == [KNOWN]


def test_a_piped_text_is_judged_by_it_too(old: Repo) -> None:
    judge(old, baseline="write")
    old.write("migrate-hooks.toml", OBEYED)
    program = Program(old.path)
    assert program("lint", "--stdin", "--path", BAD, stdin=INDEX).code == 0
    other = INDEX.replace("(id)", "(id, id)")
    assert program("lint", "--stdin", "--path", BAD, stdin=other).code == 1
    done = program("lint", "--stdin", "--path", BAD, "--baseline", "write", stdin=INDEX)
    assert done.code == 2


def test_it_lies_beside_the_configuration(old: Repo) -> None:
    old.write("db/migrate-hooks.toml", "[lint]\nstyle = false\nbaseline = 'known.jsonl'\n")
    old.git("mv", "migrations", "db/migrations")
    old.write(f"db/{BAD}", "CREATE TABLE items (id bigint PRIMARY KEY);\n")
    inner = Program(old.path / "db")
    assert inner("lint", "--all", "--baseline", "write").code == 0
    assert (old.path / "db" / "known.jsonl").is_file()
    assert "1 finding of the baseline is not shown" in inner("lint", "--all").stdout


def test_a_baseline_that_is_not_there_is_a_configuration_problem(old: Repo) -> None:
    with pytest.raises(ConfigProblem, match="There is no baseline") as caught:
        judge(old, baseline="read")
    assert "lint --all --baseline write" in caught.value.hint


@pytest.mark.parametrize("text", [b"", b"words\n", b"\x00", b"\xff\xfe", b"{}\n"])
def test_writing_never_replaces_what_is_no_baseline(old: Repo, text: bytes) -> None:
    old.write(NAME, text)
    for verb in ("write", "read"):
        with pytest.raises(ConfigProblem):
            judge(old, baseline=verb)
    assert (old.path / NAME).read_bytes() == text


def test_a_baseline_cannot_lead_out_of_the_repository(old: Repo, tmp_path: Path) -> None:
    old.write("migrate-hooks.toml", '[lint]\nbaseline = "../known.jsonl"\n')
    with pytest.raises(ConfigProblem, match="leads out of the repository"):
        judge(old)
    outside = tmp_path / "outside"
    outside.mkdir()
    (old.path / "link").symlink_to(outside)
    old.write("migrate-hooks.toml", f'{CONFIG}baseline = "link/known.jsonl"\n')
    with pytest.raises(ConfigProblem, match="leads out of the repository"):
        judge(old, baseline="write")
    assert list(outside.iterdir()) == []


def test_a_link_as_baseline_is_not_read(old: Repo, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password\n")
    (old.path / NAME).symlink_to(secret)
    done = Program(old.path)("lint", "--all", "--baseline", "read")
    assert done.code == 2
    assert "password" not in done.stdout + done.stderr


def test_the_report_for_programs_has_it_all(old: Repo) -> None:
    judge(old, baseline="write")
    old.write(NEW, INDEX.replace("orders_id", "orders_2"))
    done = Program(old.path)("lint", "--all", "--baseline", "read", "--format", "json")
    report = json.loads(done.stdout)
    assert done.code == report["exit_code"] == 1
    assert {one["code"] for one in report["findings"]} == {KNOWN, "locks/index-build"}
    assert "1 finding of the baseline is not shown; --verbose lists it." in report["notes"]
    listed = Program(old.path)("lint", "--all", "--baseline", "read", "--verbose").stdout
    assert "locks/index-build is in the baseline" in listed
