"""Two branches whose migrations commute and two that do not: told apart by running them."""

from pathlib import Path

import pytest

from migrate_hooks.actions import conflicts
from migrate_hooks.config.load import load
from migrate_hooks.errors import Exit, GitProblem
from migrate_hooks.model.report import Report
from migrate_hooks.outside.files import CACHE_VARIABLE
from tests.repo import Repo

FIRST = "20260101000000_first.sql"
THEIRS = "20260102000000_theirs.sql"
MINE = "20260103000000_mine.sql"


@pytest.fixture(autouse=True)
def _warm(embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all of them share one scratch server."""
    monkeypatch.setenv(CACHE_VARIABLE, str(embedded_folder))


def migration(up: str) -> str:
    return f"-- UP\n{up};\n-- DOWN\n-- DOWN: irreversible because it is a test\n"


def judged(repo: Repo, theirs: str, mine: str, *, more: str = "") -> Report:
    """Judge `mine` of branch feature against `theirs` of main, behind one table `t`."""
    write(repo, FIRST, "CREATE TABLE t (id int PRIMARY KEY, a int)")
    repo.commit()
    repo.git("checkout", "-q", "-b", "feature")
    write(repo, MINE, mine)
    if more:
        write(repo, "20260104000000_more.sql", more)
    repo.commit()
    repo.git("checkout", "-q", "main")
    write(repo, THEIRS, theirs)
    repo.commit()
    return conflicts.run(load(repo.path, None, {}), "main", "feature")


def write(repo: Repo, name: str, up: str) -> None:
    repo.write(f"migrations/{name}", migration(up))


def test_what_commutes_is_clean(repo: Repo) -> None:
    """Must show 2, the first half. In which order columns stand does not count."""
    report = judged(
        repo,
        "CREATE TABLE u (id int);\nALTER TABLE t ADD COLUMN x int;\nCREATE INDEX t_a ON t (a)",
        "ALTER TABLE t ADD y int;\nALTER TABLE t ALTER COLUMN a SET NOT NULL;\nDELETE FROM t",
    )
    assert (report.exit_code, report.findings) == (Exit.CLEAN, ())
    assert "make the same schema, whichever run first" in report.notes[0]
    assert f"What {MINE} does to rows was NOT CHECKED" in report.notes[1]


@pytest.mark.parametrize(
    ("theirs", "mine", "code", "said"),
    [
        (
            "ALTER TABLE t ALTER COLUMN a TYPE bigint",
            "ALTER TABLE t ALTER COLUMN a TYPE numeric",
            "order",
            "column public.t.a differs: type is numeric",
        ),
        (
            "ALTER TABLE t RENAME COLUMN a TO b",
            "CREATE INDEX t_a ON t (a)",
            "fails",
            "with 20260102000000_theirs.sql first, 20260103000000_mine.sql fails. ",
        ),
        (
            "CREATE TABLE u (id int)",
            "CREATE TABLE u (id bigint)",
            "fails",
            "whichever comes first, the other one fails.",
        ),
    ],
    ids=["type", "rename under an index", "one name"],
)
def test_what_does_not_commute_is_named(
    repo: Repo, theirs: str, mine: str, code: str, said: str
) -> None:
    """Must show 2, the second half: the two files, and what comes of it."""
    report = judged(repo, theirs, mine)
    (finding,) = report.findings
    assert (report.exit_code, finding.code) == (Exit.FINDINGS, f"conflicts/{code}")
    assert f"{THEIRS} of main and {MINE} of feature do not get along" in finding.message
    assert said in finding.message
    assert finding.hint.endswith(f"migrate-hooks restamp migrations/{MINE}")


def test_the_guilty_one_of_several_is_named(repo: Repo) -> None:
    """The first file of the branch gets along; the one behind it does not."""
    report = judged(
        repo,
        "ALTER TABLE t ALTER COLUMN a TYPE bigint",
        "CREATE TABLE v (id int)",
        more="ALTER TABLE t ALTER COLUMN a TYPE text",
    )
    (finding,) = report.findings
    assert "20260104000000_more.sql of feature" in finding.message


def test_the_working_tree_is_judged_unless_a_head_is_named(repo: Repo) -> None:
    """What is not committed yet counts, and what was merged already is common."""
    judged(repo, "ALTER TABLE t ADD COLUMN x int", "ALTER TABLE t ADD COLUMN y int")
    repo.git("checkout", "-q", "feature")
    settings = load(repo.path, None, {})
    write(repo, MINE, "ALTER TABLE t ADD COLUMN x text")
    assert conflicts.run(settings, "main", None).findings[0].code == "conflicts/fails"
    repo.git("checkout", "-q", ".")
    repo.git("merge", "-q", "main")
    merged = conflicts.run(settings, "main", None)
    assert merged.notes == (
        "main has no migration that the working tree has not, so there is nothing to compare.",
    )


def test_a_revision_that_is_not_there_is_told(repo: Repo) -> None:
    judged(repo, "CREATE TABLE u (id int)", "CREATE TABLE v (id int)")
    with pytest.raises(GitProblem, match="There is no origin/none"):
        conflicts.run(load(repo.path, None, {}), "origin/none", None)
