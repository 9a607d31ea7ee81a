"""Run the fixes over texts in memory, with real lint and a target branch that is only said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.actions import fix_rounds
from migrate_hooks.actions.fix_rounds import Bench
from migrate_hooks.actions.fix_tree import Tree
from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.layouts import detect
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside.files import FileText
from tests.lint.world import settings

OLD = "migrations/20250101000000_create_orders.sql"
NEW = "migrations/20260102000000_change_orders.sql"
NOW = "20260601120000"


@dataclass(frozen=True, slots=True)
class Mended:
    """{path: text} of what is there afterwards, and what the report would say."""

    texts: Mapping[str, str]
    done: tuple[str, ...]
    left: tuple[str, ...]
    codes: frozenset[str]


def mend(
    files: Mapping[str, str],
    *,
    released: Mapping[str, str] | None = None,
    layout: str = "sections",
    style: bool = False,
    lint: LintSettings | None = None,
    root: Path = Path("/nowhere"),
) -> Mended:
    """Mend {path: text} of unreleased files beside those that the target branch has."""
    had = dict(released or {OLD: ""})
    form = detect.by_name(layout)
    found = settings(root, lint=lint or LintSettings(down="optional"))

    def judge(tree: Tree, judged: Iterable[str], with_style: bool) -> tuple[Finding, ...]:
        read = {path: FileText(path, text) for path, text in tree.texts.items()}
        return lint_texts(
            found,
            form,
            {path: one for path, one in read.items() if path in judged},
            siblings={path: one for path, one in read.items() if path not in judged},
            known=sorted({*tree.texts, *tree.known}),
            released=had,
            target="origin/main",
            style=with_style,
        )

    bench = Bench(
        root=root,
        layout=form,
        judge=judge,
        locked={},
        paired=frozenset(),
        released=frozenset(had),
        supabase=layout == "supabase",
        rest=tuple(had.values()),
        now=NOW,
    )
    tree = Tree(dict(files), {path: path for path in files}, frozenset(files), frozenset(had))
    run = fix_rounds.mend(bench, tree, style)
    return Mended(
        texts=run.tree.texts,
        done=tuple(f"{row.code}: {row.words}" for row in run.done),
        left=tuple(f"{row.code}: {row.words}" for row in run.left.values()),
        codes=frozenset(one.code for each in run.found.values() for one in each),
    )
