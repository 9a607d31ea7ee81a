"""Start the engines before anything of ours has read a file: the slow ones work meanwhile."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from migrate_hooks.lint.base import Engine, Judge
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.registry import load, member_names

ENGINES = "migrate_hooks.lint.engines"


def begin(texts: Mapping[str, str], root: Path, wishes: LintSettings) -> tuple[Judge, ...]:
    """Start the engines that `wishes` want on {path: text}, and return what judges for each.

    Texts are those of files that can be read and are not empty. Raises what an engine raises when
    it is missing.
    """
    return tuple(one.begin(texts, root) for one in _engines(wishes)) if texts else ()


def _engines(wishes: LintSettings) -> Iterator[Engine]:
    """Yield the engines one by one, so that one works while the next is imported."""
    for name in member_names(ENGINES):
        engine = load(ENGINES, name, "ENGINE", Engine)
        if engine.wanted(wishes):
            yield engine
