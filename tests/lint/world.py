"""Settings for a test, and findings in a form that is easily compared."""

from pathlib import Path
from typing import Any

from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.layouts import detect
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files

CHAIN = (
    Environment("dev", "dev"),
    Environment("staging", "staging"),
    Environment("production", "main", protected=True),
)
PATH = "migrations/20260102030405_change_orders.sql"


def settings(root: Path = Path("/nowhere"), **words: Any) -> Settings:
    return Settings(root=root, base=root, file=None, environments=CHAIN, **words)


def lint(text: str, layout: str = "sections", **words: Any) -> tuple[Finding, ...]:
    """Judge one new file; `words` are settings."""
    return lint_texts(
        settings(**words), detect.by_name(layout), {PATH: files.decode(PATH, text.encode())}
    )


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    return [
        (one.code, one.place.line, one.place.column)
        for one in findings
        if isinstance(one.place, FilePlace)
    ]
