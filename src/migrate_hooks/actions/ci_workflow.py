"""The files of a CI service that check, deploy and watch migrations, from what is configured.

Secrets are named and never repeated. Actions are pinned by commit; what comes from an event reaches
a shell through variables alone.
"""

from collections.abc import Iterator, Sequence

from migrate_hooks import __version__
from migrate_hooks.config import targets
from migrate_hooks.model.environment import Environment

GITHUB_FILE = ".github/workflows/migrations.yml"
GITHUB_WATCH = ".github/workflows/migrations-drift.yml"
GITLAB_FILE = "migrations.gitlab-ci.yml"

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
PYTHON = "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0"
PACKAGE = f"migrate-hooks[embedded]=={__version__}"

_HEAD = "# Written by `migrate-hooks init --ci {0}`. It is yours: change what you like.\n"


def github(deployed: Sequence[Environment]) -> dict[str, str]:
    """Return {path: text} of the workflows for environments with a branch and a DSN."""
    return {
        GITHUB_FILE: "".join(_github(deployed)),
        GITHUB_WATCH: "".join(_github_watch(deployed)),
    }


def gitlab(deployed: Sequence[Environment]) -> dict[str, str]:
    """Return {path: text} of the file to include in .gitlab-ci.yml."""
    return {GITLAB_FILE: "".join(_gitlab(deployed))}


def variable(environment: Environment) -> str:
    """Return the variable that holds an environment's DSN, which is also its secret's name."""
    return targets.variable_names(environment)[0]


def watcher(environment: Environment) -> str:
    """Return the secret that the nightly watch uses: no approval waits at night."""
    name = variable(environment)
    return f"{name}_READ_ONLY" if environment.protected else name


def secrets(environment: Environment) -> tuple[str, str]:
    """Return what the secrets of an environment are called: to change it, and to look at it."""
    return variable(environment), watcher(environment)


def _github(deployed: Sequence[Environment]) -> Iterator[str]:
    branches = ", ".join(f'"{one.branch}"' for one in deployed)
    yield _HEAD.format("github")
    yield f"""\
name: migrations

on:
  pull_request:
  push:
    branches: [{branches}]

permissions:
  contents: read

concurrency:
  group: migrations-${{{{ github.ref }}}}
  cancel-in-progress: false

env:
  MIGRATE_HOOKS: "{PACKAGE}"

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
{_SETUP}      # A fork has no secrets: what cannot be asked is said to be NOT CHECKED.
      - name: Judge what this brings
        run: migrate-hooks ci --output sarif=migrations.sarif --output markdown=migrations.md
        env:
"""
    for one in deployed:
        yield f"          {variable(one)}: ${{{{ secrets.{watcher(one)} }}}}\n"
    for one in deployed:
        yield _github_deploy(one)


_SETUP = f"""\
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: {PYTHON}
        with:
          python-version: "3.12"
      - name: Install migrate-hooks
        run: pip install "$MIGRATE_HOOKS"
"""


def _github_deploy(one: Environment) -> str:
    secret = variable(one)
    approval = (
        "    # Its approval: Settings > Environments > "
        f"{one.name} > Required reviewers. Keep {secret} there.\n"
        if one.protected
        else ""
    )
    steps = _PROTECTED if one.protected else _PLAIN
    return f"""
  deploy-{one.name}:
    needs: check
    if: github.event_name == 'push' && github.ref == 'refs/heads/{one.branch}'
{approval}    environment: {one.name}
    concurrency:
      group: deploy-{one.name}
      cancel-in-progress: false
    runs-on: ubuntu-latest
    timeout-minutes: 60
    env:
      {secret}: ${{{{ secrets.{secret} }}}}
    steps:
{_SETUP}{steps.format(name=one.name)}"""


_PLAIN = """\
      - name: Apply
        run: migrate-hooks apply --env={name}
      - name: Verify
        run: migrate-hooks verify --env={name}
"""

_PROTECTED = """\
      # The backup is on the runner and goes with it: for a way back after this job copy
      # .migrate-hooks/backups to a place of your own here, or rely on your provider's backups.
      - name: Back up
        run: migrate-hooks backup --env={name}
      - name: Verify the backup
        run: migrate-hooks backup verify --env={name}
      - name: Apply
        run: migrate-hooks apply --env={name} --force --yes={name}
      - name: Verify
        run: migrate-hooks verify --env={name}
      # Nothing is rolled back by itself: this prints what stands, and how the last one is undone.
      - name: The way back
        if: failure()
        run: |
          migrate-hooks status --env={name} || true
          migrate-hooks rollback --env={name} --steps=1 --dry-run || true
"""


def _github_watch(deployed: Sequence[Environment]) -> Iterator[str]:
    yield _HEAD.format("github")
    yield """\
name: migrations-drift

on:
  schedule:
    - cron: "17 3 * * *"
  workflow_dispatch:

permissions:
  contents: read

env:
"""
    yield f'  MIGRATE_HOOKS: "{PACKAGE}"\n\njobs:\n'
    for one in deployed:
        why = f"    # A role that may only read is enough for {watcher(one)}.\n"
        yield f"""\
  drift-{one.name}:
{why if one.protected else ""}    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
{_SETUP.replace("fetch-depth: 0", f"ref: {one.branch}{chr(10)}          fetch-depth: 0")}\
      - name: Drift
        run: migrate-hooks drift --env={one.name} --output markdown=drift.md
        env:
          {variable(one)}: ${{{{ secrets.{watcher(one)} }}}}
      - name: Summary
        if: always()
        run: test ! -e drift.md || cat drift.md >> "$GITHUB_STEP_SUMMARY"
"""


def _gitlab(deployed: Sequence[Environment]) -> Iterator[str]:
    yield _HEAD.format("gitlab")
    yield f"""\
# Include it in .gitlab-ci.yml:
#   include:
#     - local: {GITLAB_FILE}
# Set below Settings > CI/CD > Variables, masked, protected, each for its environment:
#   {", ".join(variable(one) for one in deployed)}

.migrate-hooks:
  image: python:3.12
  variables:
    GIT_DEPTH: "0"
    MIGRATE_HOOKS: "{PACKAGE}"
  before_script:
    - pip install "$MIGRATE_HOOKS"

migrations:check:
  extends: .migrate-hooks
  stage: test
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_PIPELINE_SOURCE == "push"
  script:
    - migrate-hooks ci --output gitlab=migrations.json --output markdown=migrations.md
  artifacts:
    when: always
    reports:
      codequality: migrations.json
"""
    yield from map(_gitlab_deploy, deployed)
    yield from map(_gitlab_watch, deployed)


def _gitlab_watch(one: Environment) -> str:
    return f"""
migrations:drift:{one.name}:
  extends: .migrate-hooks
  stage: test
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == "{one.branch}"
  script:
    - migrate-hooks drift --env={one.name}
"""


def _gitlab_deploy(one: Environment) -> str:
    name = one.name
    words = [f"apply --env={name}", f"verify --env={name}"]
    after = ""
    if one.protected:
        words = [
            f"backup --env={name}",
            f"backup verify --env={name}",
            f"apply --env={name} --force --yes={name}",
            f"verify --env={name}",
        ]
        after = f"""\
  after_script:
    - |
      test "$CI_JOB_STATUS" = success ||
        migrate-hooks rollback --env={name} --steps=1 --dry-run || true
"""
    script = "".join(f"    - migrate-hooks {one}\n" for one in words)
    manual = "      when: manual\n" if one.protected else ""
    return f"""
migrations:deploy:{name}:
  extends: .migrate-hooks
  stage: deploy
  needs: ["migrations:check"]
  environment: {name}
  resource_group: migrations-{name}
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == "{one.branch}"
{manual}  script:
{script}{after}"""
