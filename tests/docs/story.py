"""A page's shell blocks, run one after the other as a reader would in one terminal."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import repo as repositories

SECONDS = 60

# What the next block has to know: the folder and the variables, all of them exported.
_REMEMBER = 'set -a\ntrap \'{ export -p; printf "cd %q\\n" "$PWD"; } >"$STORY_STATE"\' EXIT\n'
_EXITS = re.compile(r"^(?P<command>.*\S)[ ]+# exits (?P<code>\d+)$", re.M)

CONFIGURATION = """\
[environments.dev]
url = "embedded"

[environments.staging]
url = "embedded"

[environments.production]
branch = "main"
url = "embedded"
"""
MIGRATION = """\
-- UP Migration
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);

-- DOWN Migration
DROP TABLE customers;
"""


@dataclass(frozen=True, slots=True)
class Shell:
    """A terminal that stands in a prepared repository; `environment` is added to this process's."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, commands: str) -> tuple[int, str]:
        """Run commands in bash, stopping at the first that fails; return (exit code, output)."""
        state = self.folder / "state"
        lead = f". {state}\n" if state.exists() else f"cd {self.folder / 'shop'}\n"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", lead + _REMEMBER + expecting(commands)],
            env={**os.environ, **self.environment, "STORY_STATE": str(state)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout


def expecting(commands: str) -> str:
    """Return the commands so that a line that ends in `# exits 1` must end with that code."""
    return _EXITS.sub(
        r"\g<command> && code=0 || code=$?; "
        r'[ "$code" = \g<code> ] || { echo "exit code $code instead of \g<code>"; exit 97; }',
        commands,
    )


def begin(folder: Path, variables: Mapping[str, str]) -> Shell:
    """Return a terminal in `folder`/shop: a repository with a remote, branches and environments.

    It has one migration; dev, staging and main are pushed, and the work is on dev.
    """
    shop = repositories.new(folder / "shop")
    repositories.new(folder / "origin.git", "--bare")
    shop.write("migrate-hooks.toml", CONFIGURATION)
    shop.write("migrations/20260105090000_create_customers.sql", MIGRATION)
    shop.commit("Begin")
    shop.git("remote", "add", "origin", str(folder / "origin.git"))
    shop.git("branch", "staging")
    shop.git("checkout", "--quiet", "-b", "dev")
    shop.git("push", "--quiet", "--set-upstream", "origin", "dev", "staging", "main")
    return Shell(folder, variables)


def is_printed(shown: str, output: str) -> bool:
    """Tell whether a page shows what was printed: `…` stands for anything, white space for itself.

    Lines may be folded on the page, since a terminal folds them too.
    """
    parts = (re.escape(" ".join(part.split())) for part in shown.split("…"))
    wanted = r"\s?.*?\s?".join(part.replace(r"\ ", r"\s+") for part in parts)
    return re.search(wanted, " ".join(output.split()), re.S) is not None
