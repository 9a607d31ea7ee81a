"""Hooks go in beside what is there, come out without a trace, and are diagnosed in between."""

import os
import sys
from pathlib import Path

import pytest

import migrate_hooks
from migrate_hooks.actions import hook_files, install, install_check, uninstall
from migrate_hooks.errors import CannotWrite, NotARepository, Refused
from migrate_hooks.events import base, shim
from migrate_hooks.events.shim import Interpreter
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Report
from tests import repo as repositories
from tests.repo import Repo

NAMES = tuple(event.name for event in base.every())
THEIRS = "#!/bin/sh\necho theirs\n"
PRE_COMMIT = "#!/usr/bin/env bash\nARGS=(hook-impl --hook-type=pre-push)\nexec pre_commit\n"


def hook(repo: Repo, name: str = "pre-push") -> Path:
    return repo.path / ".git" / "hooks" / name


def put(file: Path, text: str = THEIRS, mode: int = 0o755) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def states(report: Report) -> dict[str, str]:
    return {row[0]: row[1] for row in report.listings[0].rows}


def folder(repo: Repo) -> dict[str, tuple[str, int]]:
    """Return {name: (text, mode)} of everything among the hooks."""
    return {file.name: (file.read_text(), file.stat().st_mode) for file in hook(repo, "").iterdir()}


def problems(repo: Repo) -> dict[str, str]:
    """Return {file: code} of what --check finds, beside hooks that are only missing."""
    findings = install_check.run(repo.path).findings
    return {getattr(one.place, "path", ""): one.code for one in findings}


def test_install_writes_every_hook(repo: Repo) -> None:
    report = install.run(repo.path)
    assert states(report) == dict.fromkeys(NAMES, "installed")
    for event in base.every():
        file = hook(repo, event.name)
        here = Interpreter(sys.executable, str(Path(migrate_hooks.__file__).parent))
        assert file.read_text() == shim.write(event, here)
        assert os.access(file, os.X_OK)


def test_install_again_changes_nothing(repo: Repo) -> None:
    put(hook(repo))
    install.run(repo.path)
    before = folder(repo)
    report = install.run(repo.path)
    assert states(report) == dict.fromkeys(NAMES, "unchanged")
    assert report.notes == ("Nothing changed: every hook was there.",)
    assert folder(repo) == before


def test_install_mends_a_stale_shim(repo: Repo) -> None:
    install.run(repo.path)
    fresh = hook(repo).read_text()
    put(hook(repo), fresh.replace(sys.executable, "/gone/python"))
    hook(repo, "pre-commit").chmod(0o644)
    report = install.run(repo.path)
    updated = {"pre-commit": "updated", "pre-push": "updated"}
    assert states(report) == {**dict.fromkeys(NAMES, "unchanged"), **updated}
    assert hook(repo).read_text() == fresh
    assert not hook_files.is_there(hook(repo, "pre-push.before-migrate-hooks"))


@pytest.mark.parametrize("mode", [0o755, 0o644])
def test_a_hook_that_is_there_is_kept_and_comes_back(repo: Repo, mode: int) -> None:
    put(hook(repo), mode=mode)
    before = folder(repo)
    report = install.run(repo.path)
    kept = hook(repo, "pre-push.before-migrate-hooks")
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (THEIRS, mode)
    assert any(kept.name in note for note in report.notes)
    assert any("is not executable" in note for note in report.notes) == (mode == 0o644)
    uninstall.run(repo.path)
    assert folder(repo) == before


def test_a_link_is_kept_as_a_link(repo: Repo) -> None:
    put(repo.path / "tools" / "push.sh")
    hook(repo).parent.mkdir()
    hook(repo).symlink_to("../../tools/push.sh")
    install.run(repo.path)
    assert (repo.path / "tools" / "push.sh").read_text() == THEIRS
    uninstall.run(repo.path)
    assert hook(repo).readlink() == Path("../../tools/push.sh")


def test_a_second_foreign_hook_is_refused_and_nothing_changes(repo: Repo) -> None:
    put(hook(repo))
    install.run(repo.path)
    put(hook(repo), "#!/bin/sh\necho somebody wrote over ours\n")
    hook(repo, "pre-commit").unlink()
    before = folder(repo)
    with pytest.raises(Refused, match=r"pre-push is not ours, and .*before-migrate-hooks is there"):
        install.run(repo.path)
    assert folder(repo) == before


def test_uninstall_leaves_what_is_not_ours(repo: Repo) -> None:
    put(hook(repo))
    put(hook(repo, "commit-msg"))
    put(hook(repo, "pre-commit.before-migrate-hooks"))
    before = folder(repo)
    report = uninstall.run(repo.path)
    assert states(report) == dict.fromkeys(NAMES, "not ours")
    assert folder(repo) == before


def test_uninstall_takes_out_what_install_put_in(repo: Repo) -> None:
    put(hook(repo, "commit-msg"))
    before = folder(repo)
    install.run(repo.path)
    assert states(uninstall.run(repo.path)) == dict.fromkeys(NAMES, "removed")
    assert folder(repo) == before


# pre-commit and prek move our hook to `.legacy` and run it; ours does the same to theirs.


def take_over(repo: Repo) -> None:
    """Do what `pre-commit install --hook-type pre-push` does."""
    if not hook_files.is_framework(hook(repo)):
        hook(repo).rename(hook(repo, "pre-push.legacy"))
    put(hook(repo), PRE_COMMIT)


def test_ours_is_recognised_as_legacy(repo: Repo) -> None:
    install.run(repo.path)
    take_over(repo)
    before = folder(repo)
    assert states(install.run(repo.path)) == dict.fromkeys(NAMES, "unchanged")
    assert problems(repo) == {}
    assert folder(repo) == before


def test_a_stale_shim_is_mended_there(repo: Repo) -> None:
    install.run(repo.path)
    fresh = hook(repo).read_text()
    take_over(repo)
    put(hook(repo, "pre-push.legacy"), fresh.replace(sys.executable, "/gone/python"))
    assert states(install.run(repo.path))["pre-push"] == "updated"
    assert hook(repo, "pre-push.legacy").read_text() == fresh
    assert hook(repo).read_text() == PRE_COMMIT


def test_uninstall_leaves_the_framework(repo: Repo) -> None:
    install.run(repo.path)
    take_over(repo)
    uninstall.run(repo.path)
    assert {name: text for name, (text, _) in folder(repo).items()} == {"pre-push": PRE_COMMIT}


def test_uninstall_puts_the_hook_before_ours_under_the_framework(repo: Repo) -> None:
    put(hook(repo))
    install.run(repo.path)
    take_over(repo)
    uninstall.run(repo.path)
    texts = {name: text for name, (text, _) in folder(repo).items()}
    assert texts == {"pre-push": PRE_COMMIT, "pre-push.legacy": THEIRS}


def test_uninstall_never_puts_the_framework_under_itself(repo: Repo) -> None:
    put(hook(repo), PRE_COMMIT)
    install.run(repo.path)
    take_over(repo)
    uninstall.run(repo.path)
    assert {name: text for name, (text, _) in folder(repo).items()} == {"pre-push": PRE_COMMIT}


def test_legacy_under_a_hook_that_does_not_run_it_is_not_installed(repo: Repo) -> None:
    install.run(repo.path)
    hook(repo).rename(hook(repo, "pre-push.legacy"))
    put(hook(repo))
    assert problems(repo) == {".git/hooks/pre-push": "hook/foreign"}
    assert states(install.run(repo.path))["pre-push"] == "installed"
    assert hook(repo, "pre-push.before-migrate-hooks").read_text() == THEIRS


# The folder that git runs hooks from, wherever it is.


def test_hooks_path_inside_the_repository(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", "tools/hooks")
    install.run(repo.path)
    assert hook_files.is_ours(repo.path / "tools" / "hooks" / "pre-push")
    assert not hook(repo).exists()


def test_a_worktree_shares_the_hooks_of_its_repository(repo: Repo, tmp_path: Path) -> None:
    repo.commit()
    repo.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    install.run(tmp_path / "second")
    assert hook_files.is_ours(hook(repo))


def test_hooks_path_of_the_main_worktree_serves_the_others(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "core.hooksPath", str(repo.path / "tools"))
    repo.commit()
    repo.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    install.run(tmp_path / "second")
    assert hook_files.is_ours(repo.path / "tools" / "pre-push")


def test_a_submodule_has_hooks_of_its_own(repo: Repo, tmp_path: Path) -> None:
    inner = repositories.new(tmp_path / "inner")
    inner.commit()
    repo.git("submodule", "--quiet", "add", str(inner.path), "inner")
    install.run(repo.path / "inner")
    assert hook_files.is_ours(repo.path / ".git" / "modules" / "inner" / "hooks" / "pre-push")
    assert not hook(repo).exists()


@pytest.mark.parametrize("scope", ["--global", "--local"])
def test_a_folder_of_many_repositories_is_refused(repo: Repo, tmp_path: Path, scope: str) -> None:
    theirs = put(tmp_path / "everywhere" / "pre-push")
    repo.git("config", scope, "core.hooksPath", str(theirs.parent))
    for action in (install.run, install_check.run, uninstall.run):
        with pytest.raises(Refused, match="would run in every repository") as refused:
            action(repo.path)
        assert f"git config core.hooksPath {repo.path}/.git/hooks" in refused.value.hint
    assert list(theirs.parent.iterdir()) == [theirs]


def test_the_way_out_of_that_works(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "--global", "core.hooksPath", str(tmp_path))
    repo.git("config", "core.hooksPath", str(repo.path / ".git" / "hooks"))
    install.run(repo.path)
    assert hook_files.is_ours(hook(repo))


def test_husky_gets_files_that_every_machine_can_use(repo: Repo) -> None:
    put(repo.path / ".husky" / "_" / "h", 'sh -e "$(dirname "$(dirname "$0")")/$(basename $0)"')
    theirs = put(repo.path / ".husky" / "pre-push", "npm test\n", 0o644)
    repo.git("config", "core.hooksPath", ".husky/_")
    install.run(repo.path)
    assert shim.read(theirs.read_text()) == Interpreter()
    assert theirs.with_name("pre-push.before-migrate-hooks").read_text() == "npm test\n"
    assert [file.name for file in (repo.path / ".husky" / "_").iterdir()] == ["h"]


@pytest.mark.parametrize("is_inside", [True, False])
def test_husky_gets_an_interpreter_that_lies_in_the_repository(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, is_inside: bool
) -> None:
    python = put(repo.path / ".venv" / "bin" / "python")
    package = put(repo.path / ".venv" / "lib" / "migrate_hooks" / "__init__.py")
    monkeypatch.setattr(sys, "executable", str(python) if is_inside else "/elsewhere/python")
    monkeypatch.setattr(migrate_hooks, "__file__", str(package))
    put(repo.path / ".husky" / "_" / "h")
    repo.git("config", "core.hooksPath", ".husky/_")
    install.run(repo.path)
    inside = Interpreter(".venv/bin/python", ".venv/lib/migrate_hooks")
    found = shim.read((repo.path / ".husky" / "pre-push").read_text())
    assert found == (inside if is_inside else Interpreter())


def test_a_hook_that_needs_path_is_told_when_it_is_not_there(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repo.path / ".husky" / "_" / "h")
    repo.git("config", "core.hooksPath", ".husky/_")
    monkeypatch.setenv("PATH", os.defpath)
    assert any("which it is not here" in note for note in install.run(repo.path).notes)
    findings = install_check.run(repo.path).findings
    assert {one.code for one in findings} == {"hook/no-interpreter"}
    assert all(one.hint.startswith("Put migrate-hooks on PATH") for one in findings)


def test_outside_of_a_repository(tmp_path: Path) -> None:
    for action in (install.run, install_check.run, uninstall.run):
        with pytest.raises(NotARepository):
            action(tmp_path)


def test_a_folder_that_cannot_be_written(repo: Repo) -> None:
    put(hook(repo, "")).chmod(0o644)
    with pytest.raises(CannotWrite, match=r"\.git/hooks/.* could not be written"):
        install.run(repo.path)


def test_a_failed_write_leaves_the_hook_that_was_there(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(hook(repo))
    replace = os.replace

    def full(source: str, target: Path) -> None:
        if target == hook(repo):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        install.run(repo.path)
    assert hook(repo).read_text() == THEIRS
    assert set(folder(repo)) <= set(NAMES)


# `install --check` names what is wrong, and what mends it.


def test_nothing_is_installed(repo: Repo) -> None:
    report = install_check.run(repo.path)
    assert report.exit_code == 1
    assert states(report) == dict.fromkeys(NAMES, "missing")
    assert {one.hint for one in report.findings} == {"Run migrate-hooks install."}


def test_all_is_well(repo: Repo) -> None:
    put(hook(repo))
    install.run(repo.path)
    report = install_check.run(repo.path)
    assert (report.exit_code, report.findings) == (0, ())
    assert states(report) == dict.fromkeys(NAMES, "installed")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda file: file.unlink(), "hook/missing"),
        (lambda file: put(file), "hook/foreign"),
        (lambda file: file.chmod(0o644), "hook/not-executable"),
        (lambda file: put(file, file.read_text() + "echo more\n"), "hook/stale"),
    ],
)
def test_damage_is_named_and_mended(repo: Repo, damage: object, code: str) -> None:
    install.run(repo.path)
    assert callable(damage)
    damage(hook(repo))
    assert problems(repo) == {".git/hooks/pre-push": code}
    assert install_check.run(repo.path).exit_code == 1
    install.run(repo.path)
    assert problems(repo) == {}


@pytest.mark.parametrize(
    ("has_program", "severity"), [(True, Severity.WARNING), (False, Severity.CRITICAL)]
)
def test_an_interpreter_that_is_gone(
    repo: Repo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_program: bool,
    severity: Severity,
) -> None:
    install.run(repo.path)
    put(hook(repo), hook(repo).read_text().replace(sys.executable, "/gone/python"))
    if has_program:
        put(tmp_path / "bin" / "migrate-hooks")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.defpath}")
    (finding,) = install_check.run(repo.path).findings
    assert (finding.code, finding.severity) == ("hook/no-interpreter", severity)
    assert "/gone/python" in finding.message
