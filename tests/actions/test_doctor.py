"""`doctor`: every part is asked for itself, and nothing is called "ok" that was not tried."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate_hooks.actions import doctor, install
from migrate_hooks.config.load import load
from migrate_hooks.model.report import Report
from migrate_hooks.outside import files, pg_tools, process
from tests.databases import Database
from tests.program import Program
from tests.repo import Repo

ONE = "[lint]\nstyle = false\n[environments.staging]\n"


def look(folder: Path) -> Report:
    return doctor.run(folder, lambda: load(folder, None, {}))


def results(report: Report, *about: str) -> dict[tuple[str, str], str]:
    """Return {(what, check): result}, of some parts only."""
    found = report.listings[0].rows
    return {(row[0], row[1]): row[2] for row in found if row[0] in about or not about}


def codes(report: Report) -> set[str]:
    return {one.code for one in report.findings}


@pytest.fixture
def project(repo: Repo) -> Repo:
    """A repository in which all is well, but for a database."""
    repo.write("migrate-hooks.toml", ONE)
    repo.write(".gitignore", ".env*\n")
    repo.write("migrations/20260101000000_a.sql", "-- UP Migration\nSELECT 1;\n")
    repo.commit()
    install.run(repo.path)
    return repo


def test_all_is_well(project: Repo, database: Database) -> None:
    project.write(".env.staging", f"DATABASE_URL={database.url}\n").chmod(0o600)
    report = look(project.path)
    assert (report.exit_code, report.findings) == (0, ())
    assert set(results(report).values()) == {"ok", "found", "off"} | (
        set() if shutil.which("migrate-hooks") else {"none"}
    )
    assert results(report, "staging") == dict.fromkeys(
        (("staging", name) for name in ("dsn", "reachable", "tls", "ledger", "pg_dump")), "ok"
    )
    assert results(report, "engines") == {
        ("engines", "squawk"): "ok",
        ("engines", "sqlfluff"): "off",
    }
    assert str(files.cache_folder()) in report.listings[0].rows[-2][3]


def test_programs_get_it_as_a_table(project: Repo) -> None:
    done = Program(project.path)("doctor", "--format=json")
    report = json.loads(done.stdout)
    assert (done.code, report["exit_code"], report["outcome"]) == (3, 3, "unchecked")
    assert ["staging", "dsn", "not checked", "see below"] in report["tables"][0]["rows"]


def test_a_database_that_is_not_there_is_not_checked(project: Repo) -> None:
    project.write(".env.staging", "DATABASE_URL=postgresql://me:s3cret@localhost:1/shop\n")
    report = look(project.path)
    assert (report.exit_code, report.outcome) == (3, "unchecked")
    assert results(report, "staging")["staging", "reachable"] == "not checked"
    assert "s3cret" not in repr(report)


def test_a_database_that_never_answers_is_not_waited_for(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        project.write(".env.staging", f"DATABASE_URL=postgresql://me@127.0.0.1:{port}/shop\n")
        report = look(project.path)
    assert results(report, "staging") == {("staging", "reachable"): "not checked"}
    (finding,) = (one for one in report.findings if one.code == "database/unreachable")
    assert "did not answer within 0.3 s" in finding.message


def test_a_broken_configuration_leaves_the_rest_to_be_looked_at(project: Repo) -> None:
    project.write("migrate-hooks.toml", "nope = 1\n")
    report = look(project.path)
    assert report.exit_code == 1
    assert results(report, "configuration", "environments") == {
        ("configuration", "read"): "critical",
        ("environments", "all"): "not checked",
    }
    assert results(report, "engines")["engines", "squawk"] == "ok"


def test_without_git_the_rest_is_looked_at(
    project: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project.write(".env.staging", "DATABASE_URL=postgresql://me@localhost:1/shop\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    report = look(project.path)
    assert results(report, "hooks", "configuration", "migrations", "disk") == {
        ("hooks", "all"): "critical",
        ("configuration", "read"): "ok",
        ("configuration", "all"): "not checked",
        ("migrations", "read"): "ok",
        ("disk", "cache"): "ok",
        ("disk", "all"): "not checked",
    }
    assert "The program git was not found." in {one.message for one in report.findings}


def test_a_configuration_from_elsewhere_is_named(project: Repo, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(ONE)
    report = doctor.run(project.path, lambda: load(project.path, tmp_path / "other.toml", {}))
    rows = [row for row in report.listings[0].rows if row[0] == "configuration"]
    assert rows[0][3] == f"{tmp_path}/other.toml; staging"


def test_outside_of_a_repository_hooks_are_not_checked(tmp_path: Path) -> None:
    (tmp_path / "migrate-hooks.toml").write_text(ONE)
    report = look(tmp_path)
    assert report.exit_code == 3
    assert results(report, "git", "hooks") == {("git", "repository"): "not checked"}
    assert {"git/no-repository", "layout/no-folder"} <= codes(report)


def damage_hooks(repo: Repo, _: pytest.MonkeyPatch) -> None:
    (repo.path / ".git" / "hooks" / "pre-push").unlink()


def lead_hooks_away(repo: Repo, _: pytest.MonkeyPatch) -> None:
    repo.git("config", "core.hooksPath", "/nowhere")


def track_a_secret(repo: Repo, _: pytest.MonkeyPatch) -> None:
    repo.write(".env.staging", "DATABASE_URL=postgresql://me:s3cret@localhost:1/x\n")
    repo.git("add", "--force", ".env.staging")


def lose_squawk(_: Repo, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(process, "find", lambda _name: None)


def break_squawk(repo: Repo, patch: pytest.MonkeyPatch) -> None:
    broken = repo.write(".git/broken", "#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    patch.setattr(process, "find", lambda _name: str(broken))


def lose_servers(_: Repo, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pg_tools, "installations", tuple)


def leave_something(repo: Repo, _: pytest.MonkeyPatch) -> None:
    repo.write(".migrate-hooks/backups/staging/1-a.part", "half")


@pytest.mark.parametrize(
    ("damage", "code", "exit_code"),
    [
        (damage_hooks, "hook/missing", 1),
        (lead_hooks_away, "refused", 1),
        (track_a_secret, "environment/tracked-env-file", 1),
        (lose_squawk, "tool/missing", 1),
        (break_squawk, "tool/missing", 1),
        (lose_servers, "tool/missing", 3),
        (leave_something, "disk/leftover", 3),
    ],
)
def test_what_is_wrong_is_named_with_what_mends_it(
    project: Repo,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Repo, pytest.MonkeyPatch], None],
    code: str,
    exit_code: int,
) -> None:
    damage(project, monkeypatch)
    report = look(project.path)
    fresh = [one for one in report.findings if one.code != "environment/no-dsn"]
    assert [one.code for one in fresh if one.code == code] == [code]
    assert all(one.hint[:1].isupper() for one in fresh)
    assert report.exit_code == exit_code


def test_a_scratch_server_of_ones_own_is_asked(
    project: Repo, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("migrate-hooks.toml", ONE + '[scratch]\nurl_env = ["SCRATCH_URL"]\n')
    assert results(look(project.path))["postgresql", "scratch"] == "not checked"
    monkeypatch.setenv("SCRATCH_URL", database.url)
    assert results(look(project.path))["postgresql", "scratch"] == "ok"


def test_a_server_that_no_program_here_can_dump(
    project: Repo, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(".env.staging", f"DATABASE_URL={database.url}\n")
    monkeypatch.setattr(pg_tools, "clients", tuple)
    report = look(project.path)
    assert results(report, "staging")["staging", "pg_dump"] == "warning"
    assert any("staging cannot be backed up from here" in one.message for one in report.findings)
