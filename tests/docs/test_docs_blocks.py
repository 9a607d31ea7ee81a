"""Every fenced block of README.md and docs/ is run, loaded or parsed, in a reader's order."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from migrate_hooks.config.load import load
from migrate_hooks.outside import embedded, files, pg_tools
from tests import warm
from tests.databases import IDLE_SECONDS, drop, make
from tests.docs import story
from tests.docs.markdown import ROOT, SHELL, Block, blocks, name, pages


def _toml(text: str, folder: Path) -> None:
    file = "pyproject.toml" if "[tool." in text else "migrate-hooks.toml"
    (folder / ".git").mkdir()
    (folder / file).write_text(text)
    assert load(folder, None, {}).file == folder / file


def _yaml(text: str, _folder: Path) -> None:
    parsed = import_module("yaml").safe_load(text)
    ours = {hook["id"] for hook in _yaml_file(".pre-commit-hooks.yaml")}
    for repository in parsed.get("repos", ()):
        wanted = {hook["id"] for hook in repository["hooks"]}
        assert wanted <= ours, "hooks that do not exist"


def _yaml_file(path: str) -> list[dict[str, str]]:
    return list(import_module("yaml").safe_load((ROOT / path).read_text("utf-8")))


def _json(text: str, _folder: Path) -> None:
    json.loads(text)


LANGUAGES: dict[str, Callable[[str, Path], None]] = {
    "toml": _toml,
    "yaml": _yaml,
    "json": _json,
}
# Text is for reading, or compared with what the block before it prints; SQL has its own tests.
ELSEWHERE = ("sql", "text")


@pytest.fixture
def variables(
    embedded_folder: Path, server: embedded.Server, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """What a reader's terminal has: programs, and two servers that are not embedded."""
    made = {one: make(server, one) for one in ("staging", "production")}
    programs = tmp_path / "programs", Path(sys.executable).parent, pg_tools.installation(18).bin
    programs[0].mkdir()
    yield {
        **warm.command(programs[0]),
        files.CACHE_VARIABLE: str(embedded_folder),
        embedded.IDLE_VARIABLE: IDLE_SECONDS,
        "PATH": os.pathsep.join([*map(str, programs), os.environ["PATH"]]),
        **{f"DATABASE_URL_{one.upper()}": made[one].url for one in made},
    }
    for database in made.values():
        drop(server, database)


@pytest.mark.timeout(900)  # a long story; each of its blocks has a limit of its own
@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_block_does_what_the_page_says(
    page: Path,
    variables: Mapping[str, str],
    tmp_path: Path,
    subtests: pytest.Subtests,
) -> None:
    """One subtest a block, so that the summary counts the blocks that were executed."""
    shell = story.begin(tmp_path / "story", variables)
    for block in blocks(page.read_text("utf-8")):
        if block.language in ELSEWHERE:
            continue
        worked = False
        with subtests.test(f"{name(page)}:{block.line}", language=block.language):
            _try(block, shell, tmp_path / f"line{block.line}")
            worked = True
        if not worked and block.language in SHELL:
            break  # what follows was written for what this one did not do


def _try(block: Block, shell: story.Shell, folder: Path) -> None:
    folder.mkdir()
    if block.language not in SHELL:
        assert block.language in LANGUAGES, "the block's language is none that a test knows"
        LANGUAGES[block.language](block.text, folder)
        return
    code, output = shell.run(block.text)
    assert code == 0, f"{block.text}\nended with {code} after printing:\n{output}"
    if block.shown is not None:
        assert story.is_printed(block.shown, output), f"it printed:\n{output}"


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_block_is_overlooked(page: Path) -> None:
    """Counted in another way: every second line of back quotes opens a block."""
    text = page.read_text("utf-8")
    fences = len(re.findall(r"^ *(?:```|~~~)", text, re.M))
    assert len([one for one in blocks(text) if not one.hidden]) * 2 == fences


def test_the_guide_is_made_of_blocks_that_run() -> None:
    guide = blocks((ROOT / "docs/MIGRATION_GUIDE.md").read_text("utf-8"))
    count = {word: sum(block.language == word for block in guide) for word in ("sh", "sql")}
    assert count["sh"] >= 25
    assert count["sql"] >= 8
