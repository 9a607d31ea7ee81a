"""Slips in the configuration and in variables: named, with the key that was probably meant."""

import pytest

from tests.e2e.trouble import NO_STYLE, ask, contents, prepare, report, words
from tests.repo import Repo

TYPOS = {
    'layuot = "x"': "unknown key: layuot. Did you mean layout?",
    '[lint]\ndwon = "required"': "unknown key: lint.dwon. Did you mean lint.down?",
    '[lnit]\nstyle = "no"': "unknown key: lnit",
    "lint = 3": "unknown key: lint",
    "[lint]\nstyle = 7": "lint.style in migrate-hooks.toml must be true or false",
    '[apply]\nlock_wait = "soon"': "apply.lock_wait in migrate-hooks.toml must be a duration",
    '[apply]\nlock_timeout = "99999d"': "apply.lock_timeout in migrate-hooks.toml must be",
    "server_version = 3": "server_version in migrate-hooks.toml must be",
    "server_version = 99999999999999": "server_version in migrate-hooks.toml must be",
    'server_version = "²"': "server_version in migrate-hooks.toml must be",
    'migrations = ""': "migrations in migrate-hooks.toml must be a text that is not empty",
    'migrations = "../other"': "leads out of the repository",
    'migrations = "a\\u0000b"': "migrations in migrate-hooks.toml must be",
    "environments = 3": "environments in migrate-hooks.toml must be tables",
    "[[environments]]": "environments in migrate-hooks.toml must be tables",
    "environments.dev = 1": "environments.dev in migrate-hooks.toml must be a table",
    '[environments."a b"]': "names an environment 'a b'",
    '[environments.dev]\nbranhc = "dev"': "Did you mean environments.dev.branch?",
    '[environments.dev]\nurl_env = "A B"': "environments.dev.url_env in migrate-hooks.toml must be",
    '[environments.dev]\nurl = "postgresql://u:canary@h/d"': "holds a connection string",
    '[environments.dev]\nbranch = "x"\n[environments.test]\nbranch = "x"': "two environments",
    "x = ": "migrate-hooks.toml cannot be read",
    "x = " + "[" * 10_000: "migrate-hooks.toml cannot be read",
    "\udcff": "migrate-hooks.toml cannot be read",
    "\0": "migrate-hooks.toml cannot be read",
}


@pytest.mark.parametrize("text", TYPOS, ids=range(len(TYPOS)))
def test_a_slip_in_the_configuration(repo: Repo, text: str) -> None:
    """Every command refuses it in the same words; three stand for all."""
    program = prepare(repo)
    repo.write("migrate-hooks.toml", text.encode("utf-8", "surrogateescape"))
    repo.git("add", ".")
    before = contents(repo.path)
    lines = (
        ("config show", "new thing", "hook pre-commit") if len(text) % 8 == 0 else ("config show",)
    )
    for line in lines:
        found = ask(program, line, 2, TYPOS[text])
        assert "canary" not in words(found)
    assert contents(repo.path) == before


FOREIGN_CONFIGURATION = {
    "pyproject.toml": (
        "tool = 3",
        'tool = ["migrate-hooks"]',
        "[tool]\nmigrate-hooks = 3",
        "[tool",
    ),
    "supabase/config.toml": ("api = 3", "db = [1]", "[api\n", "[db]\nmajor_version = true"),
}


@pytest.mark.parametrize("file", FOREIGN_CONFIGURATION)
def test_another_tools_configuration_that_is_odd(repo: Repo, file: str) -> None:
    """It is not ours to judge: either it is left alone or named as the file that cannot be read."""
    program = prepare(repo)
    (repo.path / "migrate-hooks.toml").unlink()
    for text in FOREIGN_CONFIGURATION[file]:
        repo.write(file, text)
        found = report(program("lint", "--all", "--no-style", "--format=json"))
        assert found["outcome"] != "failed" or file in words(found), text


@pytest.mark.parametrize(
    ("line", "variable", "value", "says"),
    [
        ("config show", "MIGRATE_HOOKS_LINT_DOWN", "maybe", "MIGRATE_HOOKS_LINT_DOWN"),
        ("status --env=dev", "MIGRATE_HOOKS_EMBEDDED_IDLE", "soon", "MIGRATE_HOOKS_EMBEDDED_IDLE"),
        ("status --env=dev", "MIGRATE_HOOKS_CACHE_DIR", "/dev/null/x", "MIGRATE_HOOKS_CACHE_DIR"),
        ("lint --all", "MIGRATE_HOOKS_TEMPLATES", "nowhere", ""),
        ("new thing", "MIGRATE_HOOKS_TEMPLATES", "nowhere", "mkdir -p nowhere"),
        ("new thing", "MIGRATE_HOOKS_MIGRATIONS", "nowhere", "mkdir -p nowhere"),
        ("lint --all", "MIGRATE_HOOKS_LAYOUT", "section", "Did you mean sections?"),
    ],
)
def test_a_variable_that_means_nothing(
    repo: Repo, line: str, variable: str, value: str, says: str
) -> None:
    program = prepare(repo)
    repo.write("migrate-hooks.toml", f'{NO_STYLE}[environments.dev]\nurl = "embedded"\n')
    found = report(program(*line.split(), "--format=json", env={variable: value}))
    assert found["exit_code"] == (3 if line.startswith("status") else 2 if says else 0), found
    assert says in words(found)
