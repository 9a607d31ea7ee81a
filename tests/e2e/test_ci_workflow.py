"""The workflows that `init --ci` writes: they fit the services' schemas, and their steps run."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.config.load import load
from migrate_hooks.outside import embedded, pg_tools
from migrate_hooks.outside.files import CACHE_VARIABLE
from tests.databases import Database, drop, make
from tests.program import Program
from tests.repo import Repo

CONFIG = """
[environments.dev]
branch = "dev"
[environments.staging]
branch = "staging"
[environments.production]
branch = "main"
"""
FIRST = """\
-- UP
CREATE TABLE items (id bigint PRIMARY KEY, name text);
COMMENT ON TABLE items IS 'what is sold';
-- DOWN
DROP TABLE items;
"""
SECOND = "-- UP\nALTER TABLE items ADD COLUMN note text;\n-- DOWN\nALTER TABLE items DROP note;\n"
WORKFLOW = ".github/workflows/migrations.yml"
WATCH = ".github/workflows/migrations-drift.yml"
GITLAB = "migrations.gitlab-ci.yml"
EXPRESSION = re.compile(r"\$\{\{ secrets\.(\w+) \}\}")


@pytest.fixture
def project(repo: Repo) -> Repo:
    """Three branches with one migration, and the files of both services."""
    repo.write("migrate-hooks.toml", CONFIG)
    repo.write("migrations/20260101000000_items.sql", FIRST)
    program = Program(repo.path)
    for service in ("github", "gitlab"):
        done = program("init", f"--ci={service}")
        assert done.code == 0, done
    repo.commit()
    for branch in ("dev", "staging"):
        repo.git("branch", branch)
    return repo


def loaded(project: Repo, path: str) -> dict[str, Any]:
    found = import_module("yaml").safe_load((project.path / path).read_text())
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("path", "schema"),
    [(WORKFLOW, "github-workflows"), (WATCH, "github-workflows"), (GITLAB, "gitlab-ci")],
)
def test_the_files_fit_the_services_own_schemas(project: Repo, path: str, schema: str) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [program, "--builtin-schema", f"vendor.{schema}", path],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [WORKFLOW, WATCH])
def test_a_workflow_asks_for_little_and_trusts_nothing(project: Repo, path: str) -> None:
    """Pinned by commit, read-only, no secret but by name, nothing of an event in a shell."""
    text, found = (project.path / path).read_text(), loaded(project, path)
    assert found["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in text
    steps = [step for job in found["jobs"].values() for step in job["steps"]]
    for step in steps:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.get("uses", "a/b@" + "0" * 40))
        assert "${{" not in step.get("run", "")
    assert not re.search(r"postgres(ql)?://", text)


def test_writing_again_changes_nothing_and_a_strangers_file_stays(project: Repo) -> None:
    program, file = Program(project.path), project.path / WORKFLOW
    before = file.read_bytes()
    assert program("init", "--ci=github").code == 0
    assert file.read_bytes() == before
    file.write_text("name: mine\n")
    (project.path / WATCH).unlink()
    refused = program("init", "--ci=github")
    assert (refused.code, file.read_text()) == (1, "name: mine\n")
    assert not (project.path / WATCH).exists(), "all or nothing"
    shown = program("init", "--ci=github", "--dry-run")
    assert (shown.code, file.read_text()) == (0, "name: mine\n")


def test_a_branch_that_would_be_an_expression_is_refused(repo: Repo) -> None:
    repo.write("migrate-hooks.toml", "[environments.x]\nbranch = \"a'||'b\"\n")
    done = Program(repo.path)("init", "--ci=github")
    assert (done.code, "mean something else" in done.stdout + done.stderr) == (1, True)


class Runner:
    """Runs a job's own steps as the service would: one shell each, with the variables it has."""

    def __init__(self, repo: Repo, secrets: dict[str, str], cache: Path) -> None:
        self.repo, self.secrets, self.cache = repo, secrets, cache
        self.event = repo.path.parent / "event.json"
        self.summary = repo.path.parent / "summary.md"

    def variables(self, name: str, branch: str, told: dict[str, Any]) -> dict[str, str]:
        self.event.write_text(json.dumps(told))
        self.summary.write_text("")
        programs = str(Path(sys.executable).parent), str(pg_tools.installation(18).bin)
        return {
            **os.environ,
            CACHE_VARIABLE: str(self.cache),
            "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_REF": f"refs/heads/{branch}",
            "GITHUB_SHA": self.repo.git("rev-parse", "HEAD"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }

    def job(self, path: str, name: str, variables: dict[str, str]) -> tuple[list[str], str]:
        """Return the names of the steps that ran, the last one failing or not, and all output."""
        job = loaded(self.repo, path)["jobs"][name]
        ran, printed, bad = [], "", False
        for step in job["steps"]:
            if "uses" in step or step["name"] == "Install migrate-hooks":
                continue
            if (step.get("if") == "failure()") != bad and step.get("if") != "always()":
                continue
            given = {**job.get("env", {}), **step.get("env", {})}
            named = {one: EXPRESSION.sub(self._secret, text) for one, text in given.items()}
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=self.repo.path,
                env={**variables, **named},
                capture_output=True,
                text=True,
                check=False,
            )
            ran.append(step["name"])
            printed += done.stdout + done.stderr
            bad = bad or done.returncode != 0
        return [*ran, "FAILED"] if bad else ran, printed

    def _secret(self, found: "re.Match[str]") -> str:
        return self.secrets.get(found[1], "")


@pytest.fixture
def databases(server: embedded.Server) -> Any:
    made = {name: make(server, name) for name in ("dev", "staging", "production")}
    yield made
    for one in made.values():
        drop(server, one)


def test_the_steps_of_the_workflow_run_from_pull_request_to_production(
    project: Repo, databases: dict[str, Database], embedded_folder: Path
) -> None:
    """Must show 4: check, deploy to staging, production behind its backup, the nightly watch."""
    secrets = {f"DATABASE_URL_{name.upper()}": one.url for name, one in databases.items()}
    secrets["DATABASE_URL_PRODUCTION_READ_ONLY"] = databases["production"].url
    runner = Runner(project, secrets, embedded_folder)
    for branch in ("dev", "staging", "main"):
        project.git("checkout", "-q", branch)
        name = "production" if branch == "main" else branch
        push = {"before": "0" * 40, "after": project.git("rev-parse", "HEAD")}
        variables = runner.variables("push", branch, push)
        project.git("update-ref", f"refs/remotes/origin/{branch}", "HEAD")
        ran, printed = runner.job(WORKFLOW, "check", variables)
        assert ran == ["Judge what this brings"], printed
        assert f"{name} (branch {branch}): passes; to be deployed" in printed
        ran, printed = runner.job(WORKFLOW, f"deploy-{name}", variables)
        protected = ["Back up", "Verify the backup"] if name == "production" else []
        assert ran == [*protected, "Apply", "Verify"], printed
        ran, printed = runner.job(WATCH, f"drift-{name}", variables)
        assert ran == ["Drift", "Summary"], printed
    assert runner.summary.read_text().count("have the same schema") == 1


def test_a_pull_request_that_would_break_staging_is_stopped_and_told(
    project: Repo, databases: dict[str, Database], embedded_folder: Path
) -> None:
    """The developer said --no-verify: a column is there already that was made by hand."""
    staging = databases["staging"]
    runner = Runner(project, {"DATABASE_URL_STAGING": staging.url}, embedded_folder)
    project.git("checkout", "-q", "staging")
    done = runner.job(WORKFLOW, "deploy-staging", runner.variables("push", "staging", {}))
    assert done[0] == ["Apply", "Verify"], done
    staging.run("ALTER TABLE items ADD COLUMN note int")
    base = project.git("rev-parse", "HEAD")
    project.git("checkout", "-q", "-b", "feature")
    project.write("migrations/20260102000000_note.sql", SECOND)
    project.commit()
    told = {"pull_request": {"base": {"ref": "staging", "sha": base}}}
    variables = runner.variables("pull_request", "feature", told)
    ran, printed = runner.job(WORKFLOW, "check", variables)
    assert ran == ["Judge what this brings", "FAILED"], printed
    assert "::error " in printed
    assert "staging (branch staging): BLOCKED" in printed
    summary = runner.summary.read_text()
    assert summary.startswith("<!-- migrate-hooks -->\n")
    assert "| 🔴 critical |" in summary
    assert (project.path / "migrations.md").read_text() == summary


def test_a_failed_deploy_prints_the_way_back(
    project: Repo, databases: dict[str, Database], embedded_folder: Path
) -> None:
    production = databases["production"]
    runner = Runner(project, {"DATABASE_URL_PRODUCTION": production.url}, embedded_folder)
    variables = runner.variables("push", "main", {})
    assert "FAILED" not in runner.job(WORKFLOW, "deploy-production", variables)[0]
    production.run("ALTER TABLE items ADD COLUMN note int")
    project.write("migrations/20260102000000_note.sql", SECOND)
    project.commit()
    ran, printed = runner.job(WORKFLOW, "deploy-production", variables)
    assert ran[-2:] == ["The way back", "FAILED"], printed
    assert "Dry run" in printed
    assert "items" in printed


def test_without_the_history_nothing_is_called_clean(project: Repo) -> None:
    """A shallow clone has no base to compare with."""
    runner = Runner(project, {}, project.path.parent)
    told = {"before": "1" * 40, "after": project.git("rev-parse", "HEAD")}
    done = runner.job(WORKFLOW, "check", runner.variables("push", "main", told))
    assert done[0] == ["Judge what this brings", "FAILED"]
    assert "fetch-depth: 0" in done[1]


def test_the_action_fits_its_schema_and_runs(project: Repo) -> None:
    """Its own step, with the inputs that a workflow may give."""
    file = Path(__file__).parents[2] / "action.yml"
    program = Path(sys.executable).with_name("check-jsonschema")
    words = [str(program), "--builtin-schema", "vendor.github-actions", str(file)]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0
    action = import_module("yaml").safe_load(file.read_text())
    run = action["runs"]["steps"][1]["run"]
    outputs = project.path.parent / "outputs"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", run],
        cwd=project.path,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "ARGS": "lint --all; touch evil",
            "RUNNER_TEMP": str(project.path.parent),
            "GITHUB_OUTPUT": str(outputs),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (project.path / "evil").exists(), "a word is never a command"
    assert done.returncode == 2
    assert outputs.read_text() == f"report={project.path.parent}/migrate-hooks.json\n"


def test_the_configuration_decides_what_is_deployed(repo: Repo) -> None:
    """Names and variables are the project's own; what has no branch is not deployed."""
    repo.write(
        "migrate-hooks.toml",
        '[environments.qa]\nbranch = "qa"\nurl_env = "QA_DSN"\n[environments.box]\nbranch = ""\n',
    )
    assert Program(repo.path)("init", "--ci=github").code == 0
    assert load(repo.path, None, {}).environments[1].branch == ""
    jobs = loaded(repo, WORKFLOW)["jobs"]
    assert jobs.keys() == {"check", "deploy-qa"}
    assert jobs["deploy-qa"]["env"] == {"QA_DSN": "${{ secrets.QA_DSN }}"}
