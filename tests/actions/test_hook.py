"""A hook's run: the hook that was there before, then the verbs, or silence."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate_hooks.actions import hook, lint
from migrate_hooks.actions.hook import Call
from migrate_hooks.config.load import load
from migrate_hooks.errors import ConfigProblem, GitProblem, NotARepository, ToolMissing
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from tests.repo import Repo

RECORD = '#!/bin/sh\n{ printf "<%s>" "$0" "$@"; cat; } >>record\n'
BAD = "-- UP Migration\nCREATE TABLE public.orders (id bigint PRIMARY KEY);\n"


@pytest.fixture
def here(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """The repository, as the current folder: where git runs its hooks."""
    monkeypatch.chdir(repo.path)
    return repo


def settings() -> Settings:
    return load(Path.cwd(), None, {})


def undecided() -> Settings:
    raise AssertionError("nobody needed the settings")


def run(call: Call, decide: Callable[[], Settings] = settings) -> Report:
    return hook.run(decide, call, lambda _sentence: None)


def kept(repo: Repo, name: str, text: str, mode: int = 0o755) -> Path:
    """Put a hook where install keeps it, and return the shim that git would run."""
    folder = repo.path / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.before-migrate-hooks"
    file.write_text(text)
    file.chmod(mode)
    return Path(".git", "hooks", name)


def recorded(repo: Repo) -> str:
    file = repo.path / "record"
    return file.read_text() if file.exists() else ""


def test_the_previous_hook_gets_the_arguments_and_the_input(here: Repo) -> None:
    shim = kept(here, "pre-push", RECORD)
    stdin = b"refs/heads/x " + b"a" * 40 + b" refs/heads/x " + b"0" * 40 + b"\n"
    report = run(Call("pre-push", ("origin", "two words"), stdin, shim))
    assert report.outcome == Outcome.CLEAN
    file = here.path / f"{shim}.before-migrate-hooks"
    assert recorded(here) == f"<{file}><origin><two words>{stdin.decode()}"


def test_the_previous_hook_may_name_no_interpreter(here: Repo) -> None:
    run(Call("pre-commit", shim=kept(here, "pre-commit", "echo hello >>record\n")))
    assert recorded(here) == "hello\n"


def test_the_previous_hook_stops_what_git_lets_it_stop(here: Repo) -> None:
    shim = kept(here, "pre-commit", "#!/bin/sh\nexit 3\n")
    report = run(Call("pre-commit", shim=shim), undecided)
    assert (report.outcome, report.exit_code) == (Outcome.REFUSED, 1)
    assert "before-migrate-hooks" in report.findings[0].message
    assert "ended with code 3" in report.findings[0].message


def test_the_previous_hook_cannot_stop_a_merge(here: Repo) -> None:
    shim = kept(here, "post-merge", "#!/bin/sh\nexit 3\n")
    report = run(Call("post-merge", ("0",), shim=shim))
    assert (report.exit_code, report.findings) == (0, ())


@pytest.mark.parametrize(("name", "is_fatal"), [("pre-commit", True), ("post-merge", False)])
def test_a_previous_hook_that_cannot_start_is_named(here: Repo, name: str, is_fatal: bool) -> None:
    call = Call(name, shim=kept(here, name, "#!/gone/interpreter\n"))
    if is_fatal:
        with pytest.raises(ToolMissing, match=r"before-migrate-hooks could not be started"):
            run(call)
    else:
        assert "could not be started" in run(call).findings[0].message


def test_a_previous_hook_that_git_would_not_run_is_not_run(here: Repo) -> None:
    run(Call("pre-commit", shim=kept(here, "pre-commit", RECORD, 0o644)))
    assert recorded(here) == ""


def test_without_a_shim_nobody_runs_the_previous_hook(here: Repo) -> None:
    # A hook manager that calls us may itself be the previous hook: it would call us again.
    kept(here, "pre-commit", RECORD)
    run(Call("pre-commit"))
    assert recorded(here) == ""


def test_husky_runs_scripts_that_are_not_executable(here: Repo) -> None:
    here.write(".husky/_/h", "")
    here.write(".husky/pre-commit.before-migrate-hooks", "false\necho too far >>record\n")
    report = run(Call("pre-commit", shim=Path(".husky/pre-commit")))
    assert (report.exit_code, recorded(here)) == (1, "")


def test_the_framework_that_runs_us_is_not_run_again(here: Repo) -> None:
    text = f"{RECORD}# pre_commit hook-impl\n"
    kept(here, "pre-commit", text)
    run(Call("pre-commit", shim=Path(".git/hooks/pre-commit.legacy")))
    assert recorded(here) == ""
    run(Call("pre-commit", shim=Path(".git/hooks/pre-commit")))
    assert recorded(here) != ""


def test_a_commit_without_sql_needs_no_settings_and_is_silent(here: Repo) -> None:
    here.write("migrations/README.md", "words\n")
    here.git("add", ".")
    assert hook.is_silent(run(Call("pre-commit"), undecided))


def test_a_commit_without_sql_loads_nothing_that_judges(here: Repo) -> None:
    probe = (
        "import sys\nfrom migrate_hooks.cli.main import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", probe, "hook", "pre-commit"],
        cwd=here.path,
        capture_output=True,
        text=True,
        check=True,
    )
    rooms = {
        name.split(".")[1] for name in done.stdout.split() if name.startswith("migrate_hooks.")
    }
    assert rooms & {"config", "layouts", "ledgers", "lint", "sql"} == set()
    assert "migrate_hooks.render.formats.human" not in done.stdout.split()
    assert done.stderr == ""


def test_a_commit_of_sql_elsewhere_is_silent(here: Repo) -> None:
    here.write("seed.sql", "not even SQL\n")
    here.git("add", ".")
    assert hook.is_silent(run(Call("pre-commit")))


def test_a_commit_of_a_migration_is_judged(here: Repo) -> None:
    here.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    here.write("migrations/20260102030405_add_orders.sql", BAD)
    here.git("add", ".")
    report = run(Call("pre-commit"))
    assert report.exit_code == 1
    assert "sections/down-missing" in {finding.code for finding in report.findings}


def test_a_commit_with_nothing_but_info_is_silent(here: Repo) -> None:
    here.write("migrate-hooks.toml", "[lint]\nsafety = false\n")
    up = "-- UP Migration\nALTER TABLE orders ALTER COLUMN id SET STATISTICS -1;\n"
    here.write("migrations/20260102030405_a.sql", f"{up}-- DOWN: irreversible because of it\n")
    here.git("add", ".")
    judged = lint.run(settings(), (), True, None, False)
    assert {finding.severity for finding in judged.findings} == {Severity.INFO}
    assert hook.is_silent(run(Call("pre-commit")))


def test_a_push_that_concerns_no_environment_is_silent(here: Repo) -> None:
    commit = here.commit()
    line = f"refs/heads/work {commit} refs/heads/work {'0' * 40}\n"
    assert hook.is_silent(run(Call("pre-push", ("origin", "url"), line.encode())))


@pytest.mark.parametrize("name", ["pre-commit", "post-merge"])
def test_a_repository_without_migrations_is_left_in_peace(here: Repo, name: str) -> None:
    here.commit()
    assert hook.is_silent(run(Call(name)))


def broken() -> Settings:
    raise ConfigProblem("migrate-hooks.toml has an unknown key.", "Remove it.")


def test_a_failure_stops_a_push(here: Repo) -> None:
    with pytest.raises(ConfigProblem):
        run(Call("pre-push"), broken)


def test_a_failure_does_not_stop_a_merge_but_is_told(here: Repo) -> None:
    report = run(Call("post-merge", ("0",)), broken)
    assert (report.outcome, report.exit_code) == (Outcome.UNCHECKED, 0)
    assert report.findings[0].message == "migrate-hooks.toml has an unknown key."
    assert report.findings[0].hint == "Remove it."


def test_nonsense_from_git_stops_a_push(here: Repo) -> None:
    with pytest.raises(GitProblem):
        run(Call("pre-push", ("origin", "url"), b"nonsense\n"))


def test_a_commit_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotARepository):
        run(Call("pre-commit"))


FRAMEWORK = {
    "PRE_COMMIT": "1",
    "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main",
    "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/staging",
    "PRE_COMMIT_REMOTE_NAME": "origin",
}


@pytest.mark.parametrize(
    ("args", "stdin", "is_judged"),
    [
        ((), b"", True),
        # Called by git itself, from within somebody's hook in the framework.
        (("origin", "url"), b"", False),
    ],
)
def test_the_framework_says_it_in_variables(
    here: Repo, args: tuple[str, ...], stdin: bytes, is_judged: bool
) -> None:
    here.write("migrations/20260102030405_add_orders.sql", f"{BAD}-- DOWN Migration\nSELECT 1;\n")
    here.commit()
    report = run(Call("pre-push", args, stdin, variables={**os.environ, **FRAMEWORK}))
    assert (report.environment == "staging") == is_judged
