"""`demo`: a developer's day, played with the real commands in a real repository.

Every step says what must happen; the demo ends well only if all of them did.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from migrate_hooks.config import load, targets
from migrate_hooks.errors import Exit, Refused
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.outside import embedded, git, postgres, process

PREFIX = "migrate-hooks-demo-"
Line = Callable[[str], None]

CONFIG = """\
# Three databases of one embedded server stand in for dev, staging and production.
[environments.dev]
url = "embedded"

[environments.staging]
url = "embedded"

[environments.production]
branch = "main"
url = "embedded"
"""

BAD = """\
-- UP Migration
ALTER TABLE tasks ADD COLUMN priority text NOT NULL;
CREATE INDEX tasks_priority_idx ON tasks (priority);
"""

GOOD = """\
-- UP Migration
ALTER TABLE tasks ADD COLUMN priority text NOT NULL DEFAULT 'normal';

-- DOWN Migration (rollback)
ALTER TABLE tasks DROP COLUMN priority;
"""

BY_HAND = "CREATE TABLE public.invoices (id bigint PRIMARY KEY, total numeric NOT NULL)"
UNDO_BY_HAND = "DROP TABLE public.invoices"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the day is played: the repository, the environment of its commands, the audience."""

    folder: Path
    variables: Mapping[str, str] = field(repr=False)
    line: Line

    @property
    def repository(self) -> Path:
        """The developer's working tree."""
        return self.folder / "shop"

    def say(self, words: str) -> None:
        """Tell what happens next."""
        self.line(f"\n### {words}")

    def run(self, words: str, code: int = 0, expect: tuple[str, ...] = ()) -> None:
        """Type a command, show what it prints; raises Refused when it did not behave as claimed."""
        self.line(f"$ {words}")
        ended, printed = self._type(words, self.line)
        missing = [sign for sign in expect if sign not in printed]
        if ended != code or missing:
            raise Refused(
                f"The demo went another way: `{words}` ended with {ended} instead of {code}"
                + (f" and did not say {', '.join(map(repr, missing))}." if missing else "."),
                f"Look into {self.folder}; it is left as it was.",
            )

    def quietly(self, words: str) -> None:
        """Type a command of the preparations, shown only when it fails."""
        ended, printed = self._type(words, lambda _line: None)
        if ended:
            raise Refused(f"The demo could not be set up: `{words}` ended with {ended}.", printed)

    def _type(self, words: str, line: Line) -> tuple[int, str]:
        argv = words.split()
        if argv[0] == "migrate-hooks":
            argv = [sys.executable, "-P", "-m", "migrate_hooks", *argv[1:]]
        return process.show(argv, cwd=self.repository, env=self.variables, line=line)

    def by_hand(self, environment: str, sql: str) -> None:
        """Run SQL as a colleague with a database client would, past every file and ledger."""
        self.line(f"{environment}=# {sql};")
        settings = load.load(self.repository, None, {})
        with postgres.session(targets.target(settings, environment)) as session:
            session.run(sql)


def run(line: Line) -> Report:
    """Play the day; `line` prints one line.

    Raises Refused when a step did not behave as claimed.
    """
    embedded.drop_orphans(embedded.ensure(), Path(tempfile.gettempdir(), PREFIX).resolve())
    stage = Stage(Path(tempfile.mkdtemp(prefix=PREFIX)), _variables(), line)
    _set_up(stage)
    _commit(stage)
    _merge(stage)
    _push(stage)
    _deploy(stage)
    _release(stage)
    _take_back(stage)
    program = _program()
    return Report(
        action="demo",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        notes=(
            "Every step behaved as claimed. The repository stays; try:",
            f"cd {quote(str(stage.repository))}",
            f"{program} backup verify --env=production --restore",
            f"{program} drift --source=staging --target=production",
            f"{program} revert add_priority_to_tasks",
        ),
    )


def _program() -> str:
    """Return what to type for this program, which need not be on PATH."""
    beside = Path(sys.executable).with_name("migrate-hooks")
    is_hidden = beside.exists() and not shutil.which("migrate-hooks")
    return quote(str(beside)) if is_hidden else "migrate-hooks"


def _variables() -> dict[str, str]:
    """Return the environment of the day: the developer's own git settings stay out of it."""
    variables = git.environment_for_another_repository()
    for name in ("AUTHOR", "COMMITTER"):
        variables[f"GIT_{name}_NAME"] = "Dana Developer"
        variables[f"GIT_{name}_EMAIL"] = "dana@example.invalid"
    variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    # On a machine that is busy a push must come to the same verdict.
    variables["MIGRATE_HOOKS_PUSH_BUDGET"] = "60s"
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        variables["FORCE_COLOR"] = "1"
    return variables


def _reference() -> Path:
    """Return the folder of the reference migrations: inside a wheel, or beside a checkout's src."""
    packaged = Path(__file__).parents[1] / "reference"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "migrations"


def _set_up(stage: Stage) -> None:
    stage.say("A repository with a remote, three branches, three databases and the hooks")
    stage.repository.mkdir()
    stage.quietly("git init --quiet --initial-branch=main .")
    stage.quietly("git init --quiet --bare --initial-branch=main ../remote.git")
    stage.quietly("git remote add origin ../remote.git")
    shutil.copytree(_reference(), stage.repository / "migrations")
    (stage.repository / "migrate-hooks.toml").write_text(CONFIG, "utf-8")
    stage.quietly("git add .")
    stage.quietly("git commit --quiet -m Start")
    stage.quietly("git branch staging")
    stage.quietly("git branch dev")
    stage.run("migrate-hooks install", expect=("pre-commit", "pre-push", "post-merge"))
    stage.quietly("migrate-hooks apply --env=production --backup --force --yes=production")
    for environment in ("staging", "dev"):
        stage.quietly(f"git checkout --quiet {environment}")
        stage.quietly(f"migrate-hooks apply --env={environment}")
    stage.quietly("git push --quiet origin main dev staging")


def _commit(stage: Stage) -> None:
    stage.say("Dana needs a column, and writes it down in a hurry")
    stage.run("migrate-hooks new add_priority_to_tasks", expect=("_add_priority_to_tasks.sql",))
    path = next((stage.repository / "migrations").glob("*_add_priority_to_tasks.sql"))
    _write(stage, path, BAD)
    stage.quietly("git add migrations")
    stage.run("git commit -m Priority", 1, ("sections/down-missing", "critical"))
    stage.say("The commit was stopped. Dana reads why, and mends it")
    _write(stage, path, GOOD)
    stage.quietly("git add migrations")
    stage.run("git commit -m Priority", expect=("1 file changed",))


def _write(stage: Stage, path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    stage.line(f"$ cat {path.relative_to(stage.repository)}")
    for row in text.splitlines():
        stage.line(f"    {row}")


def _merge(stage: Stage) -> None:
    stage.say("To dev, and from there to staging")
    stage.run("git push --quiet origin dev", expect=("dev (branch dev): passes",))
    stage.run("migrate-hooks apply --env=dev", expect=("1 of 1 applied",))
    stage.quietly("git checkout --quiet staging")
    stage.run("git merge --quiet dev", expect=("1 pending in staging",))


def _push(stage: Stage) -> None:
    stage.say("Meanwhile a colleague makes a table by hand, in dev only")
    stage.by_hand("dev", BY_HAND)
    stage.run("git push --quiet origin staging", 1, ("invoices", "BLOCKED"))
    stage.say("The push was stopped: code that needs invoices would break on staging. Repaired:")
    stage.by_hand("dev", UNDO_BY_HAND)
    stage.run("git push --quiet origin staging", expect=("staging (branch staging): passes",))


def _deploy(stage: Stage) -> None:
    stage.say("Bring staging forward, and see where everything stands")
    stage.run("migrate-hooks apply --env=staging", expect=("1 of 1 applied",))
    stage.run("migrate-hooks status --all", expect=("dev: 5 applied", "production: 4 applied"))


def _release(stage: Stage) -> None:
    stage.say("Production is protected: it asks for its name, and gets a backup first")
    stage.quietly("git checkout --quiet main")
    stage.run("git merge --quiet staging", expect=("1 pending in production",))
    stage.run("git push --quiet origin main", expect=("production (branch main): passes",))
    release = "migrate-hooks apply --env=production"
    stage.run(release, 1, ("production is protected", "nothing was changed"))
    stage.run(f"{release} --backup --force --yes=production", expect=("Backup:", "1 of 1 applied"))
    stage.run("migrate-hooks verify --env=production --expect-current", expect=("clean",))


def _take_back(stage: Stage) -> None:
    stage.say("A second thought: on staging the column goes again, by the DOWN of its migration")
    stage.quietly("git checkout --quiet staging")
    stage.run("migrate-hooks rollback --env=staging --steps=1", expect=("1 of 1 rolled back",))
