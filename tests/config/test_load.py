"""The configuration: found, checked, merged, and every value with its origin."""

from pathlib import Path

import pytest

from migrate_hooks.config import branches
from migrate_hooks.config.load import load
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.model.settings import Settings


def write(folder: Path, text: str, name: str = "migrate-hooks.toml") -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text)
    return file


def origin(settings: Settings, key: str) -> tuple[str, str]:
    return next((value, source) for name, value, source in settings.origins if name == key)


def test_without_a_file_three_environments_stand_for_three_branches(tmp_path: Path) -> None:
    chain = load(tmp_path, None, {}).environments
    assert [(one.name, one.branch, one.protected, one.unchecked) for one in chain] == [
        ("dev", "dev", False, "warn"),
        ("staging", "staging", False, "warn"),
        ("production", "main", True, "block"),
    ]


def test_the_nearest_file_between_here_and_the_root_wins(tmp_path: Path) -> None:
    write(tmp_path, 'migrations = "outer"')
    inner = tmp_path / "services" / "api"
    (inner / "src").mkdir(parents=True)
    (inner / "migrate-hooks.toml").write_text('migrations = "db"')
    settings = load(inner / "src", None, {})
    assert settings.migrations == "services/api/db"
    assert (settings.root, settings.base) == (tmp_path, inner)


def test_a_file_above_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "migrate-hooks.toml").write_text("nonsense = 1")
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    assert load(tmp_path / "repo", None, {}).file is None


def test_pyproject_serves_as_well_but_not_beside_a_file_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, '[tool.migrate-hooks]\nlayout = "supabase"', "pyproject.toml")
    assert load(tmp_path, None, {}).layout == "supabase"
    write(tmp_path, "")
    with pytest.raises(ConfigProblem, match="both"):
        load(tmp_path, None, {})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('migratons = "x"', "Did you mean migrations?"),
        ("[lint]\nstile = true", "Did you mean lint.style?"),
        ('[environments.dev]\nurl_envs = "X"', "Did you mean environments.dev.url_env?"),
        ('[lint]\ndown = "maybe"', '"required"'),
        ("[apply]\nlock_timeout = true", "duration"),
        ("lint = 3", "unknown key: lint"),
        ('environments = "dev"', "must be tables"),
        ('migrations = "../elsewhere"', "leads out"),
        ('[environments."a b"]', "use letters"),
        ('[environments.a]\nbranch = "x"\n[environments.b]\nbranch = "x"', "two environments"),
        ("not toml", "cannot be read"),
        ("server_version = -1", "major version"),
        ('[environments.a]\nafter = "z"', "names z, which is no environment"),
        ('[environments.a]\nafter = "b"\n[environments.b]', "a after b after a"),
        ('[environments.a]\nafter = "a"', "in a circle"),
        ('[push]\nbudget = "5m"', "from 500ms to 60s"),
        ('[push]\npromotion = "maybe"', '"block"'),
    ],
)
def test_what_is_written_wrong_is_named(tmp_path: Path, text: str, word: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigProblem) as caught:
        load(tmp_path, None, {})
    assert word in caught.value.message


@pytest.mark.parametrize(
    "line",
    [
        'url = "postgresql://u:canary@h/d"',
        'url_env = "postgresql://u:canary@h/d"',
        'url_env = ["host=h password=canary"]',
        'url_env = "sb_secret=canary x"',
    ],
)
def test_a_literal_dsn_is_refused_and_not_repeated(tmp_path: Path, line: str) -> None:
    write(tmp_path, f"[environments.dev]\n{line}")
    with pytest.raises(ConfigProblem) as caught:
        load(tmp_path, None, {})
    assert "variable" in caught.value.message
    assert "canary" not in caught.value.message + caught.value.hint


def test_tables_of_environments_are_the_whole_chain_in_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[environments.dev]\nurl = "embedded"\n[environments.test]\nbranch = ""\n'
        'url_env = ["TEST_DB", "OTHER"]\nmax_backup_age = "2h"\nprotected = true',
    )
    dev, test = load(tmp_path, None, {}).environments
    assert (dev.name, dev.embedded, dev.branch) == ("dev", True, "dev")
    assert (test.url_env, test.max_backup_age, test.branch) == (("TEST_DB", "OTHER"), 7200, "")
    assert (test.protected, test.unchecked) == (True, "block")


def test_an_environment_comes_after_the_one_before_it_unless_it_says_otherwise(
    tmp_path: Path,
) -> None:
    """Two environments may both follow dev, and one may follow none."""
    write(
        tmp_path,
        "[environments.dev]\n[environments.staging]\n[environments.demo]\nafter = 'dev'\n"
        "[environments.production]\nafter = 'staging'\n[environments.lab]\nafter = ''",
    )
    settings = load(tmp_path, None, {})
    earlier = {
        one.name: [each.name for each in branches.all_before(settings, one)]
        for one in settings.environments
    }
    assert earlier == {
        "dev": [],
        "staging": ["dev"],
        "demo": ["dev"],
        "production": ["staging", "dev"],
        "lab": [],
    }


def test_flags_win_over_variables_and_variables_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, '[apply]\nlock_timeout = "1s"\nlock_wait = 1\nstatement_timeout = "7ms"')
    monkeypatch.setenv("MIGRATE_HOOKS_APPLY_LOCK_TIMEOUT", "2s")
    monkeypatch.setenv("MIGRATE_HOOKS_APPLY_LOCK_WAIT", "2")
    settings = load(tmp_path, None, {"apply.lock_wait": 3})
    assert settings.apply.lock_timeout == 2000
    assert settings.apply.lock_wait == 3
    assert settings.apply.statement_timeout == 7
    assert origin(settings, "apply.lock_wait") == ("3 s", "command line")
    assert origin(settings, "apply.lock_timeout") == ("2000 ms", "MIGRATE_HOOKS_APPLY_LOCK_TIMEOUT")
    assert origin(settings, "apply.statement_timeout") == ("7 ms", "migrate-hooks.toml")
    assert origin(settings, "lint.style") == ("true", "default")


def test_a_supabase_project_tells_its_schemas_and_its_server(tmp_path: Path) -> None:
    (tmp_path / "supabase").mkdir()
    (tmp_path / "supabase" / "config.toml").write_text(
        '[api]\nschemas = ["public", "api"]\n[db]\nmajor_version = 17\n'
    )
    settings = load(tmp_path, None, {})
    assert (settings.exposed_schemas, settings.server_version) == (("public", "api"), 17)


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match="not there"):
        load(tmp_path, tmp_path / "no.toml", {})


def test_a_named_file_may_lie_outside_of_the_repository(tmp_path: Path) -> None:
    """Folders and `.env` files are then those of the repository, not of the file's folder."""
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    (root / ".git").mkdir(parents=True)
    elsewhere.mkdir()
    write(elsewhere, 'migrations = "sql"')
    settings = load(root, elsewhere / "migrate-hooks.toml", {})
    assert (settings.base, settings.migrations) == (root, "sql")


@pytest.mark.parametrize("name", ["production", "Production", "PROD"])
def test_production_is_protected_however_it_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "migrate-hooks.toml").write_text(f"[environments.{name}]\n")
    (found,) = load(tmp_path, None, {}).environments
    assert (found.protected, found.max_backup_age) == (True, 1800)
