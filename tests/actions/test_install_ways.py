"""Each way from git to us: put in, found again, changed for another one, taken out."""

import os
import stat
import sys
from pathlib import Path

import pytest

from migrate_hooks.actions import hook_registry, install, install_check, uninstall
from migrate_hooks.errors import Refused
from migrate_hooks.events import base, shim
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Report
from migrate_hooks.outside import git_config
from tests.repo import Repo

NAMES = tuple(event.name for event in base.every())
WHOLE = tuple(event.name for event in base.every() if not event.has_stdin)
PRE_COMMIT = "repos:\n  - repo: local\n    hooks: []\n"
LEFTHOOK = "pre-commit:\n  commands:\n    a:\n      run: x\n"
RUNS_PRE_COMMIT = "#!/bin/sh\n# hook-impl of pre_commit\n"
RUNS_LEFTHOOK = "#!/bin/sh\ncall_lefthook run\n"


def hook(repo: Repo, name: str) -> Path:
    return repo.path / ".git" / "hooks" / name


def put(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


def states(report: Report) -> dict[str, str]:
    return {row[0]: row[1] for row in report.listings[0].rows}


def check(repo: Repo) -> tuple[dict[str, str], dict[str, str]]:
    """Return {hook: state} and {code: hint} of --check."""
    report = install_check.run(repo.path)
    return states(report), {one.code: one.hint for one in report.findings}


def everything(repo: Repo) -> dict[str, bytes]:
    """Return every file that an installation could touch."""
    own = (repo.path / ".git" / name for name in ("hooks", "migrate-hooks", "config"))
    found = (file for place in own for file in (place, *place.rglob("*")) if file.is_file())
    beside = (file for file in repo.path.iterdir() if file.is_file())
    return {str(file): file.read_bytes() for file in (*found, *beside)}


def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str = "") -> None:
    """Put this migrate-hooks on PATH, or one that says it is another version."""
    folder = Path(sys.executable).parent
    if version:
        folder = put(tmp_path / "bin" / "migrate-hooks", f"#!/bin/sh\necho x {version}\n").parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def newer_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that says it is new enough; to read and write its configuration any git will do."""
    monkeypatch.setattr(git_config, "version", lambda _root: hook_registry.OLDEST)


def test_lefthook_is_found_and_told(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(tmp_path, monkeypatch)
    repo.write("lefthook.yml", LEFTHOOK)
    before = everything(repo)
    report = install.run(repo.path)
    assert states(report) == dict.fromkeys(NAMES, "installed")
    assert "+      run: migrate-hooks hook pre-commit" in report.body
    assert "Now let it write its hooks: lefthook install" in report.notes
    assert check(repo)[1] == {"hook/manager-not-installed": "Run lefthook install."}
    for name in NAMES:
        put(hook(repo, name), RUNS_LEFTHOOK)
    assert check(repo) == (dict.fromkeys(NAMES, "installed"), {})
    again = install.run(repo.path)
    assert (states(again), again.body) == (dict.fromkeys(NAMES, "unchanged"), "")
    for name in NAMES:
        hook(repo, name).unlink()
    uninstall.run(repo.path)
    assert everything(repo) == before


def test_pre_commit_is_told_what_it_can_tell_and_the_rest_is_ours(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(tmp_path, monkeypatch)
    repo.write(".pre-commit-config.yaml", PRE_COMMIT)
    before = everything(repo)
    report = install.run(repo.path, "pre-commit")
    files = {row[0]: row[2] for row in report.listings[0].rows}
    assert files == {
        name: ".pre-commit-config.yaml" if name in WHOLE else f".git/hooks/{name}" for name in NAMES
    }
    words = " ".join(f"--hook-type {name}" for name in WHOLE)
    hints = {"hook/manager-not-installed": f"Run pre-commit install {words}."}
    assert check(repo)[1] == hints
    for name in WHOLE:
        put(hook(repo, name), RUNS_PRE_COMMIT)
    assert check(repo) == (dict.fromkeys(NAMES, "installed"), {})
    for name in WHOLE:
        hook(repo, name).unlink()
    uninstall.run(repo.path)
    assert everything(repo) == before


def test_a_configuration_that_was_not_there_goes_again(repo: Repo) -> None:
    before = everything(repo)
    for way, file in (("pre-commit", ".pre-commit-config.yaml"), ("lefthook", "lefthook.yml")):
        install.run(repo.path, way)
        assert (repo.path / file).is_file()
        uninstall.run(repo.path)
        assert everything(repo) == before


def test_the_mode_of_a_configuration_and_a_link_to_it_stay(repo: Repo) -> None:
    real = repo.write("ci/lefthook.yml", LEFTHOOK)
    real.chmod(0o640)
    (repo.path / "lefthook.yml").symlink_to("ci/lefthook.yml")
    install.run(repo.path)
    assert (repo.path / "lefthook.yml").is_symlink()
    assert "migrate-hooks hook pre-push" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("file", "text", "way"),
    [
        ("lefthook.json", "{}", None),
        ("lefthook.yml", "pre-push: {}\n", None),
        (".pre-commit-config.yaml", "repos: []\n", "pre-commit"),
        (".pre-commit-config.yaml", "repos:\n  - repo: x # \udce9\n", "pre-commit"),
    ],
)
def test_a_strange_configuration_is_handed_back_with_the_lines(
    repo: Repo, file: str, text: str, way: str | None
) -> None:
    repo.write(file, text.encode("utf-8", "surrogateescape"))
    before = everything(repo)
    report = install.run(repo.path, way)
    assert (report.exit_code, report.outcome) == (1, "refused")
    assert "migrate-hooks" in report.body
    assert file in report.notes[0]
    assert everything(repo) == before


def test_what_a_person_wrote_is_not_written_twice(repo: Repo) -> None:
    mine = (
        "repos:\n  - repo: https://example.invalid/x\n    hooks:\n      - id: migrate-hooks-lint\n"
    )
    repo.write(".pre-commit-config.yaml", mine)
    put(hook(repo, "pre-commit"), RUNS_PRE_COMMIT)
    report = install.run(repo.path)
    assert states(report)["pre-commit"] == "there already"
    assert hook(repo, "pre-commit").read_text() == RUNS_PRE_COMMIT
    assert check(repo) == (dict.fromkeys(NAMES, "installed"), {})
    install.run(repo.path, "pre-commit")
    text = (repo.path / ".pre-commit-config.yaml").read_text()
    assert text.count("migrate-hooks-lint") == 1


def test_a_push_that_only_the_framework_sees_is_partial(repo: Repo) -> None:
    repo.write(
        ".pre-commit-config.yaml", "repos:\n- repo: x\n  hooks: [{id: migrate-hooks-pre-push}]"
    )
    put(hook(repo, "pre-push"), RUNS_PRE_COMMIT)
    found = {one.code: one for one in install_check.run(repo.path).findings}
    partial = found["hook/partial"]
    assert partial.severity is Severity.WARNING
    assert "only the first ref of a push" in partial.message
    assert "Run migrate-hooks install" in partial.hint
    install.run(repo.path)
    assert check(repo) == (dict.fromkeys(NAMES, "installed"), {})


@pytest.mark.parametrize("around", ["the framework", "ours"])
def test_a_manager_that_another_hook_runs_first_runs(repo: Repo, around: str) -> None:
    """pre-commit was installed over lefthook, or we were before either was asked."""
    repo.write("lefthook.yml", LEFTHOOK)
    install.run(repo.path, "lefthook")
    for name in NAMES:
        if around == "ours":
            put(hook(repo, f"{name}.before-migrate-hooks"), RUNS_LEFTHOOK)
            put(hook(repo, name), shim.write(base.by_name(name), shim.Interpreter()))
        else:
            put(hook(repo, f"{name}.legacy"), RUNS_LEFTHOOK)
            put(hook(repo, name), RUNS_PRE_COMMIT)
    assert not [line for line in install.run(repo.path).notes if "let it write" in line]
    assert all("manager-not" not in state for state in check(repo)[0].values())
    if around == "ours":
        texts = {hook(repo, name).read_text() for name in NAMES}
        assert texts == {RUNS_LEFTHOOK}, "it is called once, by what was there first"


def test_a_script_of_somebody_that_calls_us_is_no_stranger(repo: Repo) -> None:
    install.run(repo.path)
    put(hook(repo, "pre-push"), '#!/bin/sh\nexec migrate-hooks hook pre-push "$@"\n')
    assert check(repo) == ({**dict.fromkeys(NAMES, "installed"), "pre-push": "called"}, {})


@pytest.mark.usefixtures("newer_git")
def test_git_itself_is_told(repo: Repo) -> None:
    before = everything(repo)
    report = install.run(repo.path, "git-config")
    assert states(report) == dict.fromkeys(NAMES, "installed")
    for name in NAMES:
        assert repo.git("config", f"hook.migrate-hooks-{name}.event") == name
        assert shim.is_shim((repo.path / ".git" / "migrate-hooks" / name).read_text())
        assert not hook(repo, name).exists()
    assert check(repo) == (dict.fromkeys(NAMES, "installed"), {})
    assert states(install.run(repo.path)) == dict.fromkeys(NAMES, "unchanged")
    uninstall.run(repo.path)
    assert everything(repo) == before


@pytest.mark.usefixtures("newer_git")
@pytest.mark.parametrize(
    "damage",
    [
        ("config", "--unset", "hook.migrate-hooks-pre-push.event"),
        ("config", "hook.migrate-hooks-pre-push.enabled", "false"),
        ("config", "hook.migrate-hooks-pre-push.command", "true"),
    ],
)
def test_git_that_was_told_otherwise_is_told_again(repo: Repo, damage: tuple[str, ...]) -> None:
    install.run(repo.path, "git-config")
    repo.git(*damage)
    assert check(repo)[0]["pre-push"] == "missing"
    install.run(repo.path)
    assert check(repo) == (dict.fromkeys(NAMES, "installed"), {})


def test_a_git_that_is_too_old_is_told_before_and_after(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_config, "version", lambda _root: (2, 53))
    before = everything(repo)
    with pytest.raises(Refused, match=r"git 2\.53 does not know .* came with git 2\.54"):
        install.run(repo.path, "git-config")
    assert everything(repo) == before
    monkeypatch.setattr(git_config, "version", lambda _root: (2, 54))
    install.run(repo.path, "git-config")
    monkeypatch.setattr(git_config, "version", lambda _root: (2, 53))
    assert set(check(repo)[1]) == {"hook/git-too-old"}


@pytest.mark.skipif(
    git_config.version(Path(__file__).parent) < hook_registry.OLDEST,
    reason="this git has no hooks in its configuration; they came with git 2.54",
)
def test_git_runs_what_it_was_told(repo: Repo) -> None:
    install.run(repo.path, "git-config")
    repo.write("migrations/20260102030405_a.sql", "CREATE TABLE a (id bigint);\n")
    repo.git("add", "--all")
    assert "sections/down-missing" in repo.git("commit", "--message", "bad", check=False)


@pytest.mark.usefixtures("newer_git")
def test_another_way_closes_the_one_before(repo: Repo) -> None:
    put(hook(repo, "pre-commit"), "#!/bin/sh\necho theirs\n")
    before = everything(repo)
    for way in ("native", "git-config", "pre-commit", "lefthook", "native", "lefthook"):
        install.run(repo.path, way)
        places = (repo.path / ".git" / place for place in ("hooks", "migrate-hooks"))
        found = [file for place in places for file in place.glob("*") if file.suffix == ""]
        shims = [file.name for file in found if shim.is_shim(file.read_text())]
        assert len(shims) == len(set(shims)), "no hook calls us twice"
        calling = [
            file.name
            for file in (repo.path / "lefthook.yml", repo.path / ".pre-commit-config.yaml")
            if file.exists()
        ]
        assert calling == {
            "pre-commit": [".pre-commit-config.yaml"],
            "lefthook": ["lefthook.yml"],
        }.get(way, [])
    uninstall.run(repo.path)
    assert everything(repo) == before


def test_a_way_that_leads_nowhere_is_refused(repo: Repo) -> None:
    with pytest.raises(Refused, match="husky does not run the hooks of this repository"):
        install.run(repo.path, "husky")
    repo.git("config", "core.hooksPath", "tools")
    for way in ("pre-commit", "lefthook"):
        with pytest.raises(Refused, match=f"{way} refuses to install"):
            install.run(repo.path, way)
    put(repo.path / ".husky" / "_" / "h", "")
    repo.git("config", "core.hooksPath", ".husky/_")
    for way in ("native", "pre-commit", "lefthook"):
        with pytest.raises(Refused, match="husky's folder"):
            install.run(repo.path, way)


def test_lefthook_that_cannot_run_is_passed_by(repo: Repo) -> None:
    repo.write("lefthook.yml", LEFTHOOK)
    repo.git("config", "core.hooksPath", "tools")
    install.run(repo.path)
    assert (repo.path / "lefthook.yml").read_text() == LEFTHOOK
    assert shim.is_shim((repo.path / "tools" / "pre-push").read_text())
    uninstall.run(repo.path)
    put(repo.path / "tools" / "pre-push", RUNS_LEFTHOOK)  # lefthook install --force
    install.run(repo.path)
    assert "migrate-hooks hook pre-push" in (repo.path / "lefthook.yml").read_text()


def test_hooks_that_git_tracks_hold_no_path_of_this_machine(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", "tools/hooks")
    report = install.run(repo.path)
    text = (repo.path / "tools" / "hooks" / "pre-push").read_text()
    assert shim.read(text) == shim.Interpreter()
    assert any("commit tools/hooks" in note for note in report.notes)


# What --check sees beyond the hooks themselves.


def test_hooks_that_git_does_not_look_at_any_more(repo: Repo) -> None:
    install.run(repo.path)
    repo.git("config", "core.hooksPath", "tools")
    findings = install_check.run(repo.path).findings
    assert {one.code for one in findings} == {"hook/missing"}
    assert "where git does not look: core.hooksPath is tools" in findings[0].message


def test_a_hook_that_lefthook_moved_aside(repo: Repo) -> None:
    install.run(repo.path)
    hook(repo, "pre-push").rename(hook(repo, "pre-push.old"))
    put(hook(repo, "pre-push"), RUNS_LEFTHOOK)
    (finding,) = install_check.run(repo.path).findings
    assert finding.code == "hook/foreign"
    assert "lefthook moved ours to .git/hooks/pre-push.old" in finding.message
    uninstall.run(repo.path)
    assert not hook(repo, "pre-push.old").exists(), "lefthook would bring it back"


def test_lefthook_beside_hooks_of_ours_is_a_warning(repo: Repo) -> None:
    install.run(repo.path, "native")
    repo.write("lefthook.yml", LEFTHOOK)
    assert check(repo)[1] == {
        "hook/overwritten": "Let lefthook call us: migrate-hooks install --via=lefthook."
    }
    install.run(repo.path)
    assert hook(repo, "pre-push").exists(), "it keeps to the way that was taken"
    install.run(repo.path, "lefthook")
    assert not hook(repo, "pre-push").exists()


def test_another_version_on_path_is_told_where_path_decides(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(tmp_path, monkeypatch, version="0.0.1")
    install.run(repo.path)
    assert check(repo)[1] == {}
    repo.git("config", "core.hooksPath", "tools")
    install.run(repo.path)
    (finding,) = install_check.run(repo.path).findings
    assert (finding.code, finding.severity) == ("hook/other-program", Severity.WARNING)
    assert "which is version 0.0.1" in finding.message


def test_a_folder_that_cannot_be_written_is_told(repo: Repo) -> None:
    put(repo.path / ".git" / "hooks", "")
    hints = {one.hint for one in install_check.run(repo.path).findings}
    assert all("a folder that you may write to" in hint for hint in hints)
