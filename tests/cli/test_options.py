"""Options that every command has work after the verb."""

from pathlib import Path

import pytest

from migrate_hooks import registry
from tests.program import Program
from tests.repo import Repo


def test_directory_is_where_the_command_runs(cli: Program, repo: Repo) -> None:
    repo.write("migrate-hooks.toml", 'migrations = "db/changes"\n')
    done = cli("config", "show", "-C", repo.path)
    assert done.code == 0, done.stderr
    assert "db/changes" in done.stdout


def test_config_counts_from_directory(cli: Program, repo: Repo) -> None:
    repo.write("elsewhere/own.toml", 'migrations = "db/own"\n')
    for words in (
        ("-C", "elsewhere", "--config", "own.toml"),
        ("--config", "own.toml", "-C", "elsewhere"),
    ):
        done = cli("config", "show", *words, cwd=repo.path)
        assert "db/own" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("-C", "nowhere"), "Directory 'nowhere' does not exist."),
        (("--config", "no.toml"), "File 'no.toml' does not exist."),
        (("--format", "yaml"), "'yaml' is not one of 'github', 'gitlab', 'human',"),
        (("--color", "pink"), "'pink' is not one of 'auto', 'always', 'never'."),
    ],
)
def test_wrong_values_are_usage_errors(
    cli: Program, words: tuple[str, ...], complaint: str
) -> None:
    code, out, err = cli("config", "show", *words)
    assert (code, out) == (2, "")
    assert complaint in err


@pytest.mark.parametrize("module", registry.member_names("migrate_hooks.cli.commands"))
def test_every_command_has_the_shared_options(module: str, tmp_path: Path) -> None:
    import click

    command = registry.load("migrate_hooks.cli.commands", module, "COMMAND", click.Command)
    leaves = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for leaf in leaves:
        known = {word for param in leaf.params for word in param.opts}
        shared = {"--format", "--color", "--verbose", "--quiet", "--directory", "--config"}
        assert shared <= known, leaf.name
