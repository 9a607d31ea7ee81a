"""The files of a run as they would be: changed in memory, until all is proved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from migrate_hooks.actions.lint_scope import Scope
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import names
from migrate_hooks.lint.change import Change, NextFile, applied
from migrate_hooks.outside.files import FileText


@dataclass(frozen=True, slots=True)
class Tree:
    """{path: text} of the files; `origins` says where each stands on disk, None for nowhere.

    `judged` are the paths that the run is about, new files among them; `known` the paths of all
    other migrations.
    """

    texts: Mapping[str, str]
    origins: Mapping[str, str | None]
    judged: frozenset[str]
    known: frozenset[str]

    def scope(self, scope: Scope, judged: frozenset[str]) -> Scope:
        """Return the scope of a run of lint over some of these files, as if they were on disk."""
        read = {path: FileText(path, text) for path, text in sorted(self.texts.items())}
        return replace(
            scope,
            judged={path: one for path, one in read.items() if path in judged},
            siblings={path: one for path, one in read.items() if path not in judged},
            known=tuple(sorted(self.known | set(self.texts))),
        )


def of(scope: Scope) -> Tree:
    """Return the files of a scope that can be read, the judged ones and their siblings."""
    found = {**scope.siblings, **scope.judged}
    texts = {path: one.text for path, one in found.items() if not one.problem}
    return Tree(
        texts=texts,
        origins={path: path for path in texts},
        judged=frozenset(path for path in texts if path in scope.judged),
        known=frozenset(scope.known) - set(texts),
    )


def changed(
    tree: Tree, path: str, change: Change, layout: Layout, now: str
) -> tuple[Tree, tuple[str, ...]]:
    """Return the tree with one change made to the file `path`, and the paths that it touched.

    The file's own path comes first.
    """
    moves = dict(change.names)
    texts = {moves.get(one, one): text for one, text in tree.texts.items()}
    origins = {moves.get(one, one): origin for one, origin in tree.origins.items()}
    here = moves.get(path, path)
    texts[here] = applied(texts[here], change.edits)
    fresh = []
    for one in change.files:
        place = _place(here, one, {*texts, *tree.known}, layout, now)
        texts[place] = _written(one, layout, like=texts[here])
        origins[place] = None
        fresh.append(place)
    judged = frozenset(moves.get(one, one) for one in tree.judged) | set(fresh)
    touched = (here, *(one for one in moves.values() if one != here), *fresh)
    return replace(tree, texts=texts, origins=origins, judged=judged), touched


def _place(path: str, fresh: NextFile, taken: set[str], layout: Layout, now: str) -> str:
    """Return where the next file goes: after everything that is known."""
    found = (layout.version(one) for one in taken)
    last = max((one.digits for one in found if one and names.moment(one.digits)), default="")
    digits = now if last < now else names.after(last)
    inner = layout.place(f"{digits}_{names.snake_case(fresh.words) or 'next_step'}")
    folder = PurePosixPath(path).parents[inner.count("/")]
    return str(folder / inner)


def _written(fresh: NextFile, layout: Layout, like: str) -> str:
    text = layout.scaffold(fresh.up, fresh.down)
    return text.replace("\n", "\r\n") if "\r\n" in like else text
