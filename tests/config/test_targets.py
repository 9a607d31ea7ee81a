"""Finding the DSN of an environment: the right name in the right place, and never a stray one."""

from pathlib import Path

import pytest

from migrate_hooks.config import targets
from migrate_hooks.config.load import load
from migrate_hooks.errors import BadDsn, ConfigProblem, MissingDsn, UnknownEnvironment
from migrate_hooks.model.environment import Target
from tests.repo import Repo


def find(folder: Path, name: str = "staging") -> Target:
    return targets.target(load(folder, None, {}), name)


def url(database: str) -> str:
    return f"postgresql://app:s3cr3t@db.example/{database}"


def test_first_hit_wins_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the winner again and again: the next one in the documented order takes over."""
    (tmp_path / "migrate-hooks.toml").write_text('[environments.staging]\nurl_env = "MY_DB"\n')
    places = [
        ("MY_DB", None),
        ("DATABASE_URL_STAGING", None),
        ("SUPABASE_DB_URL_STAGING", None),
        ("DATABASE_URL_STAGING", ".env.staging.local"),
        ("DATABASE_URL", ".env.staging"),
        ("SUPABASE_DB_URL_STAGING", ".env.local"),
        ("MY_DB", ".env"),
    ]
    for number, (variable, file) in enumerate(places):
        if file:
            (tmp_path / file).write_text(f"{variable}={url(f'd{number}')}\n")
        else:
            monkeypatch.setenv(variable, url(f"d{number}"))
    for number, (variable, file) in enumerate(places):
        found = find(tmp_path)
        assert found.database == f"d{number}"
        assert found.source == (f"{variable} in {file}" if file else variable)
        if file:
            (tmp_path / file).unlink()
        else:
            monkeypatch.delenv(variable)


def test_a_stray_database_url_never_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url("stray"))
    (tmp_path / ".env").write_text(f"DATABASE_URL={url('stray')}\n")
    (tmp_path / ".env.local").write_text(f"DATABASE_URL={url('stray')}\n")
    (tmp_path / ".env.dev").write_text(f"DATABASE_URL={url('other')}\n")
    with pytest.raises(MissingDsn) as caught:
        find(tmp_path)
    assert caught.value.looked_for == ("DATABASE_URL_STAGING", "SUPABASE_DB_URL_STAGING")
    for name in (*caught.value.looked_for, ".env.staging.local", ".env.staging", ".env.local"):
        assert name in caught.value.message


def test_values_are_taken_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No interpolation: a password with ${HOME} in it is a password."""
    monkeypatch.setenv("HOME", "/expanded")
    (tmp_path / ".env.staging").write_bytes(
        b"\xef\xbb\xbfDATABASE_URL='postgresql://u:a${HOME}b@h/d'\r\n"
    )
    found = find(tmp_path)
    assert found.password is not None
    assert found.password.reveal() == "a${HOME}b"
    assert "HOME" not in repr(found)


def test_a_file_that_is_not_utf8_is_an_error_and_not_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env.staging").write_bytes(b"DATABASE_URL=postgresql://u:\xe9@h/d\n")
    with pytest.raises(ConfigProblem, match="not UTF-8"):
        find(tmp_path)


def test_an_unknown_environment_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownEnvironment) as caught:
        find(tmp_path, "stagin")
    assert "Did you mean staging?" in caught.value.message
    assert "dev, staging, production" in caught.value.hint


def test_an_api_key_is_refused_with_the_right_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_STAGING", "sb_secret_canary")
    with pytest.raises(BadDsn, match="API key") as caught:
        find(tmp_path)
    assert "canary" not in caught.value.message


def test_a_tracked_file_cannot_aim_stored_passwords_at_a_host(repo: Repo) -> None:
    """A repository that ships .env.staging without a password would get ~/.pgpass sent there."""
    repo.write(".env.staging", "DATABASE_URL=postgresql://u@evil.example/d\n")
    assert find(repo.path).host == "evil.example"
    repo.git("add", "-f", ".env.staging")
    with pytest.raises(BadDsn, match="tracked by git"):
        find(repo.path)
    repo.write(".env.staging", "DATABASE_URL=postgresql://u@localhost/d\n")
    assert find(repo.path).host == "localhost"


def test_a_linked_worktree_has_the_files_of_the_main_one(repo: Repo, tmp_path: Path) -> None:
    """Git does not copy what it ignores, and a push from there must know the same databases."""
    repo.write(".gitignore", ".env.*\n")
    repo.commit()
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", str(linked))
    with pytest.raises(MissingDsn):
        find(linked)
    repo.write(".env.staging", "DATABASE_URL=postgresql://u@h/main\n")
    found = find(linked)
    assert (found.database, found.source) == (
        "main", "DATABASE_URL in .env.staging of the main worktree"
    )  # fmt: skip
    (linked / ".env.staging").write_text("DATABASE_URL=postgresql://u@h/own\n")
    assert find(linked).source == "DATABASE_URL in .env.staging"
    (linked / ".env.staging").unlink()
    repo.git("add", "-f", ".env.staging")
    with pytest.raises(BadDsn, match="tracked by git"):
        find(linked)


def test_a_shared_file_belongs_to_no_environment_whatever_its_name_starts_with(
    tmp_path: Path,
) -> None:
    (tmp_path / "migrate-hooks.toml").write_text("[environments.loc]\n")
    (tmp_path / ".env.local").write_text("DATABASE_URL=postgresql://u@h/shared\n")
    with pytest.raises(MissingDsn):
        targets.target(load(tmp_path, None, {}), "loc")
