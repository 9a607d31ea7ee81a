"""Bad repositories, folders, files and names: a clear word, the right code, and nothing lost."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.outside.files import CACHE_VARIABLE
from tests.databases import Database
from tests.e2e.trouble import (
    FIRST,
    GOOD,
    NO_STYLE,
    UP,
    ZEROS,
    as_a_user,
    ask,
    contents,
    needs_rights,
    no_bug,
    on_a_full_disk,
    prepare,
    push_line,
    report,
    words,
)
from tests.program import Program
from tests.repo import Repo

BAD = "migrations/20250102000000_bad.sql"
NEED_A_FOLDER = ("lint", "lint --all", "status --env=dev", "apply --env=dev", "new thing")


def test_outside_of_a_git_repository(cli: Program, tmp_path: Path) -> None:
    """What needs git says so; what does not works as inside."""
    for line in ("install", "install --check", "uninstall", "lint --staged", "hook pre-commit"):
        ask(cli, line, 2, "is not inside a git repository", "git init")
    ask(
        cli,
        "hook pre-push origin url",
        2,
        "not inside",
        stdin=f"a {'1' * 40} refs/heads/dev {ZEROS}",
    )
    ask(cli, "hook post-merge 0", 0)
    for line in NEED_A_FOLDER:
        ask(cli, line, 2, "There is no folder of migrations in", "mkdir -p migrations")
    (tmp_path / "migrations").mkdir()
    (tmp_path / FIRST).write_text(GOOD)
    ask(cli, "lint --all --no-style", 0)
    ask(cli, "lint --since HEAD", 2, "is not inside a git repository")


def test_before_the_first_commit(repo: Repo) -> None:
    program = prepare(repo)
    for line in ("lint", "lint --all", "lint --staged", "hook pre-commit", "hook post-merge 0"):
        ask(program, line, 0)
    ask(program, "lint --since HEAD", 2, "--since HEAD: there is no such commit", "HEAD~1")
    ask(program, "lint --since --help", 2)
    repo.write(BAD, UP)
    repo.git("add", ".")
    ask(program, "lint --staged", 1, "sections/down-missing")
    ask(program, "hook pre-commit", 1, "sections/down-missing")


def test_a_push_of_something_that_is_not_there(repo: Repo) -> None:
    program = prepare(repo)
    line = f"HEAD {'1' * 40} refs/heads/dev {ZEROS}\n"
    ask(program, "hook pre-push origin url", 2, "git", stdin=line)
    ask(program, "hook pre-push origin url", 2, "a line that git does not write", stdin="what?\n")
    repo.commit()
    gone = push_line(repo, before="1" * 40)
    ask(program, "hook pre-push origin url", 0, "NOT CHECKED", stdin=gone)


def test_a_new_branch_is_judged_against_the_remote(repo: Repo) -> None:
    """Not against the local branch of that name, which has what is pushed and so finds nothing."""
    program = prepare(repo)
    repo.git("update-ref", "refs/remotes/origin/main", repo.commit())
    repo.git("checkout", "-q", "-b", "dev")
    repo.write(BAD, UP)
    repo.commit()
    ask(program, "hook pre-push origin url", 1, "sections/down-missing", stdin=push_line(repo))


def test_a_repository_that_git_refuses(repo: Repo, tmp_path: Path) -> None:
    """A damaged index is git's to name; a folder of somebody else's is not called no repository."""
    program = prepare(repo)
    repo.commit()
    repo.write(".git/index", "garbage")
    for line in ("lint", "lint --staged", "hook pre-commit"):
        ask(program, line, 2, "index file smaller than expected")
    foreign = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # git's own way to test safe.directory
    for line in ("lint", "lint --staged", "install", "hook pre-commit"):
        ask(program, line, 2, "dubious ownership", "safe.directory", env=foreign)
    ask(program, "env check dev", 2, "dubious ownership", env=foreign)
    inside = Program(repo.path / ".git")
    ask(inside, "install", 2, "must be run in a work tree")


def test_without_git_on_the_path(repo: Repo, tmp_path: Path) -> None:
    program = prepare(repo)
    repo.commit()
    for line in ("lint --all", "install", "hook pre-commit"):
        ask(program, line, 2, "The program git was not found", env={"PATH": str(tmp_path)})
    ask(program, "status --env=dev", 3, "nothing listens there", env={"PATH": str(tmp_path)})


def test_a_migrations_folder_that_is_not_there(repo: Repo) -> None:
    program = prepare(repo)
    (repo.path / FIRST).unlink()
    (repo.path / "migrations").rmdir()
    repo.commit()
    before = contents(repo.path)
    for line in NEED_A_FOLDER:
        ask(program, line, 2, "There is no folder of migrations", "mkdir -p migrations")
    ask(program, "lint --staged", 0)
    assert no_bug(program("hook", "pre-commit")) == (0, "", "")
    assert no_bug(program("hook", "post-merge", "0")) == (0, "", "")
    repo.write("migrate-hooks.toml", 'migrations = "db/migratoins"\n')
    ask(program, "apply --env=dev", 2, "mkdir -p db/migratoins")
    (repo.path / "migrate-hooks.toml").write_text(NO_STYLE)
    assert contents(repo.path) == before


def test_a_migrations_folder_that_is_a_file(repo: Repo) -> None:
    program = prepare(repo)
    (repo.path / FIRST).unlink()
    (repo.path / "migrations").rmdir()
    repo.write("migrations", "words\n")
    repo.commit()
    for line in NEED_A_FOLDER:
        ask(program, line, 2, "migrations is no folder", "Rename")
    ask(program, "lint --staged", 0)
    assert (repo.path / "migrations").read_text() == "words\n"


def test_a_migrations_folder_that_is_a_link_inside(repo: Repo, database: Database) -> None:
    """Worktree, index and commit mean the same files by it."""
    program = prepare(repo, database.url)
    (repo.path / "db").mkdir()
    (repo.path / "migrations").rename(repo.path / "db/real")
    (repo.path / "migrations").symlink_to("db/real")
    ask(program, "lint --all", 0, "Judged 1 migration")
    assert ask(program, "apply --env=dev", 0)["steps"][0]["state"] == "applied"
    repo.git("add", ".")
    ask(program, "lint --staged", 0, "Judged 1 staged migration")
    repo.commit()
    repo.write("db/real/20250102000000_bad.sql", UP)
    repo.git("add", ".")
    found = ask(program, "hook pre-commit", 1, "sections/down-missing")
    assert found["findings"][0]["place"]["path"] == "db/real/20250102000000_bad.sql"
    before = repo.git("rev-parse", "HEAD")
    for line in ("lint migrations", "lint migrations/20250102000000_bad.sql"):
        assert "duplicate" not in words(ask(program, line, 1, "sections/down-missing"))
    repo.commit()
    line = push_line(repo, before=before)
    told = ask(program, "hook pre-push origin url", 1, "sections/down-missing", stdin=line)
    assert "status/unknown" not in words(told), "the applied one was found behind the link"


def test_a_migrations_folder_that_is_a_link_out_of_the_repository(
    repo: Repo, tmp_path: Path, untouched: Database
) -> None:
    program = prepare(repo, untouched.url)
    (repo.path / "migrations").rename(tmp_path / "elsewhere")
    (repo.path / "migrations").symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path)
    for line in NEED_A_FOLDER:
        ask(program, line, 2, "leads out of the repository", "elsewhere")
    assert contents(tmp_path) == before
    repo.commit()
    ask(program, "lint --staged", 0, "Judged 0")


def test_a_folder_or_configuration_of_another_project(repo: Repo, tmp_path: Path) -> None:
    """Files of another place are judged where they are; a configuration from there is taken."""
    program = prepare(repo)
    other = tmp_path / "other"
    (other / "migrations").mkdir(parents=True)
    (other / "migrations" / "20250101000000_x.sql").write_text(UP)
    (other / "own.toml").write_text(NO_STYLE)
    ask(program, f"lint {other}/migrations", 1, "sections/down-missing")
    ask(program, f"lint {other}/migrations/20250101000000_x.sql", 1, "sections/down-missing")
    for line in ("lint --all", "config show"):
        ask(program, f"{line} --config {other}/own.toml", 0)
    ask(program, f"env check dev --config {other}/own.toml", 3)


@needs_rights
def test_what_may_not_be_read_is_not_called_empty(repo: Repo) -> None:
    prepare(repo)
    repo.commit()
    program = as_a_user(repo.path)
    folder = repo.path / "migrations"
    for mode in (0o000, 0o444):
        folder.chmod(mode)
        for line in NEED_A_FOLDER:
            ask(program, line, 1, "cannot be read: Permission denied", "ls -ld")
    folder.chmod(0o755)
    repo.write(BAD, UP).chmod(0o000)
    ask(program, "lint --all", 1, "cannot be read: Permission denied")
    ask(program, "apply --env=dev", 1, "cannot be read: Permission denied", "Nothing was applied")
    (repo.path / "migrate-hooks.toml").chmod(0o000)
    ask(program, "config show", 2, "migrate-hooks.toml cannot be read: Permission denied")
    (repo.path / "migrate-hooks.toml").chmod(0o644)
    (repo.path / ".env.dev").chmod(0o000)
    ask(program, "status --env=dev", 1, ".env.dev cannot be read: Permission denied")


def pipe_behind(file: Path) -> None:
    os.mkfifo(file.parents[1] / "pipe")
    file.symlink_to("../pipe")


def link(target: str) -> Callable[[Path], None]:
    return lambda file: file.symlink_to(target)


# How a file that is no text comes to be, and what is said of it where it stands in the folder.
NO_TEXT: dict[str, tuple[Callable[[Path], object], str]] = {
    "not_utf_8": (lambda file: file.write_bytes(b"SELECT 1;\n\xff"), "is not UTF-8: byte 0xff"),
    "binary": (lambda file: file.write_bytes(b"SELECT 1;\0"), "is binary: byte 9 is NUL"),
    "link_out": (link("/etc/passwd"), "leads out of the repository"),
    "link_to_nothing": (link("nothing.sql"), "is not there"),
    "link_to_itself": (link("20250102000004_link_to_itself.sql"), "Too many levels of symbolic"),
    "link_to_a_folder": (link("."), "is no regular file"),
    "link_to_a_pipe": (pipe_behind, "is no regular file"),
}
# As git has it, which knows no pipe and follows no link that leads out.
IN_GIT = {"not_utf_8": "is not UTF-8", "binary": "is binary"}


def spoil(repo: Repo) -> dict[str, str]:
    """Make every file that is no text; return what is said of each path."""
    said = {}
    for number, (kind, (make, says)) in enumerate(NO_TEXT.items()):
        path = f"migrations/2025010200000{number}_{kind}.sql"
        make(repo.path / path)
        said[path] = says
    return said


def messages(found: dict[str, Any]) -> dict[str, str]:
    """Return what a report says of each file, which must be that it is no text."""
    assert {one["code"] for one in found["findings"]} == {"structure/not-text"}
    return {one["place"]["path"]: one["message"] for one in found["findings"]}


def test_files_that_are_no_sql_text(repo: Repo, untouched: Database) -> None:
    """Each is refused by name at lint and apply, and nothing beside them is applied either."""
    program = prepare(repo, untouched.url)
    said = spoil(repo)
    before = contents(repo.path)
    for line in ("lint --all", f"lint {' '.join(said)}", "apply --env=dev", "status --env=dev"):
        told = messages(ask(program, line, 1))
        assert {path: says for path, says in said.items() if says not in told[path]} == {}
    ask(program, "apply --env=dev --dry-run", 1, "Nothing was applied to dev")
    assert contents(repo.path) == before


def test_files_that_are_no_sql_text_in_git(
    repo: Repo, untouched: Database, embedded_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hooks read them from the index and from the commit, and stop."""
    monkeypatch.setenv(CACHE_VARIABLE, str(embedded_folder))  # a scratch server can be made there
    program = prepare(repo, untouched.url)
    before = repo.commit()
    said = spoil(repo)
    repo.git("add", ".")
    staged = messages(ask(program, "hook pre-commit", 1))
    repo.commit()
    line = push_line(repo, before=before)
    pushed = messages(ask(program, "hook pre-push origin url", 1, "BLOCKED", stdin=line))
    for told in (staged, pushed):
        assert set(told) == set(said)
        for path, message in told.items():
            assert IN_GIT.get(path[26:-4], "is a link that leads to no file") in message


def test_files_with_nothing_in_them(repo: Repo, untouched: Database) -> None:
    program = prepare(repo, untouched.url)
    for number, text in enumerate((b"", b"\xef\xbb\xbf \n", b"-- UP\n-- Words\n-- DOWN\n")):
        repo.write(f"migrations/2025010200000{number}_nothing.sql", text)
    before = contents(repo.path)
    ask(program, "lint --all", 1, "structure/empty", "sections/up-empty")
    found = ask(program, "apply --env=dev", 1, "Nothing was applied to dev")
    assert [one["code"] for one in found["findings"]] == ["apply/empty"] * 3
    assert contents(repo.path) == before


def test_links_that_lead_in_a_circle(repo: Repo) -> None:
    program = prepare(repo)
    (repo.path / "loop").symlink_to("loop")
    ask(program, "lint loop/x.sql", 2, "loop/x.sql is not there")
    ask(program, "lint --all --output=json=loop", 0)
    assert (repo.path / "loop").is_file(), "the report stands where it was asked for"
    (repo.path / "loop").unlink()
    (repo.path / "loop").symlink_to("loop")
    repo.git("config", "core.hooksPath", "loop")
    ask(program, "install", 1, "could not be written", "migrate-hooks install")
    ask(program, "install --check", 1, "hook/missing")


def test_a_link_to_a_file_of_the_repository_is_read(repo: Repo) -> None:
    """In the index too, where git itself hands out where the link leads instead of a text."""
    program = prepare(repo)
    repo.write("shared/bad.txt", UP)
    (repo.path / BAD).symlink_to("../shared/bad.txt")
    repo.git("add", ".")
    for line in ("lint --all", "lint --staged"):
        found = ask(program, line, 1)
        assert [one["code"] for one in found["findings"]] == ["sections/down-missing"]
        assert found["findings"][0]["place"]["line"] == 2


def test_a_file_of_five_megabytes(repo: Repo, database: Database) -> None:
    """Read, judged, applied and compared whole, even where style gives up."""
    program = prepare(repo, database.url)
    rows = "".join(
        f"INSERT INTO orders SELECT {n} WHERE '{'x' * 250_000}' <> '';\n" for n in range(20)
    )
    repo.write("migrations/20250102000000_fill.sql", f"-- UP\n{rows}-- DOWN\nDELETE FROM orders;\n")
    found = ask(
        program, "lint --all --config migrate-hooks.toml", 0, env={"MIGRATE_HOOKS_LINT_STYLE": "1"}
    )
    assert "sqlfluff/not-checked" in words(found)
    ask(program, "apply --env=dev", 0, "2 of 2 applied")
    assert database.run("SELECT count(*) FROM orders") == [(20,)]
    entries = ask(program, "status --env=dev", 0)["entries"]
    assert {one["state"] for one in entries} == {"applied"}


def test_a_quote_that_is_never_closed(repo: Repo, database: Database) -> None:
    """The parser and the server point at everything behind it; nobody wants to read all that."""
    program = prepare(repo, database.url)
    repo.write("migrations/20250102000000_open.sql", "-- UP\nSELECT 'open\n" + "x\n" * 500_000)
    for line, code in (("lint --all", 1), ("apply --env=dev", 4)):
        found = ask(program, line, code, "unterminated quoted string")
        assert len(words(found)) < 5_000
    assert database.run("SELECT to_regclass('public.orders')") == [("orders",)]


def test_a_file_that_is_named_like_an_option(repo: Repo) -> None:
    program = prepare(repo)
    repo.write("migrations/--help.sql", UP)
    for line in ("lint --all", "lint migrations", "lint ./migrations/--help.sql"):
        ask(program, line, 1, "--help.sql is not named YYYYMMDDHHMMSS_snake_case.sql")
    inside = Program(repo.path / "migrations")
    done = inside("lint", "--format=json", "--", "--help.sql")
    assert report(done)["findings"][0]["place"]["path"] == "migrations/--help.sql"
    done = inside("lint", "--help.sql")
    assert (done.code, done.stdout) == (2, "")
    repo.git("add", ".")
    ask(program, "hook pre-commit", 1, "naming/file-name")


@pytest.mark.parametrize("name", ["", "''", "/", "🎉", "--", "\x1b", ".."])
def test_a_name_for_new_without_a_letter(repo: Repo, name: str) -> None:
    program = prepare(repo)
    before = contents(repo.path)
    found = report(no_bug(program("new", "--format=json", "--", name)))
    assert found["exit_code"] == 2
    assert "add email to users" in words(found)
    assert contents(repo.path) == before


def test_names_for_new_that_are_too_long_or_strange(repo: Repo) -> None:
    program = prepare(repo)
    for name in ("x" * 5_000, "../../etc/passwd", "a\nb", "DROP TABLE; --", "é" * 300):
        found = report(program("new", "--format=json", name))
        path = found["tables"][0]["rows"][0][0]
        assert (repo.path / path).parent == repo.path / "migrations"
        ask(program, f"lint {path}", 0)


@pytest.mark.parametrize("room", [0, 100])
def test_a_full_disk_leaves_nothing_half_written(repo: Repo, room: int) -> None:
    prepare(repo)
    repo.commit()
    theirs = repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
    theirs.chmod(0o755)
    before = contents(repo.path)
    program = on_a_full_disk(repo.path, room)
    ask(program, "new thing", 1, "could not be written: File too large", "Free some space")
    assert contents(repo.path) == before
    ask(program, "install", 1, "could not be written: File too large", "Free some space")
    assert contents(repo.path) == before
    assert Program(repo.path)("install").code == 0
    assert Program(repo.path)("new", "thing").code == 0


@needs_rights
def test_a_repository_that_may_not_be_written(repo: Repo) -> None:
    prepare(repo)
    repo.commit()
    assert Program(repo.path)("install").code == 0
    hooks, folder = repo.path / ".git/hooks", repo.path / "migrations"
    (hooks / "pre-push").write_text("#!/bin/sh\n")
    before = contents(repo.path)
    hooks.chmod(0o555)
    folder.chmod(0o555)
    program = as_a_user(repo.path)
    ask(program, "new thing", 1, "could not be written: Permission denied")
    ask(program, "install", 1, "could not be written: Permission denied", "migrate-hooks install")
    ask(program, "uninstall", 1, "could not be removed: Permission denied")
    ask(program, "lint --all", 0)
    ask(program, "install --check", 1, "hook/")
    hooks.chmod(0o755)
    folder.chmod(0o755)
    assert contents(repo.path) == before
