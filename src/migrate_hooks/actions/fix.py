"""`lint --fix` and `lint --diff`: mend what is certain, prove it, and say what remains."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from migrate_hooks.actions import fix_files, fix_rounds, fix_tree, lint, sources, texts
from migrate_hooks.actions.fix_rounds import Bench, Progress, Row
from migrate_hooks.actions.fix_tree import Tree
from migrate_hooks.actions.lint_scope import Scope
from migrate_hooks.actions.patch import patch
from migrate_hooks.errors import Exit
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import names
from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import clock

_COLUMNS = ("file", "code", "what")


def run(
    settings: Settings,
    named: Sequence[str],
    staged: bool,
    since: str | None,
    everything: bool,
    *,
    write: bool,
) -> Report:
    """Mend the files that `lint` would judge with the same words; without `write` only say how.

    Raises what `lint` raises, CannotWrite, and GitProblem where git refuses to rename.
    """
    folder, scope = lint.chosen(settings, named, staged, since, everything)
    scope = _as_on_disk(settings, scope)
    tree = fix_tree.of(scope)
    before = dict(tree.texts)
    bench = _bench(settings, folder, scope, tree)
    done = fix_rounds.mend(bench, tree, style=settings.lint.style)
    report = lint.report(settings, folder, _final(scope, before, done.tree))
    if write:
        fix_files.write(settings.root, done.tree, before)
    difference = "" if write else patch(done.tree, before)
    return _told(report, done, difference, write)


def _as_on_disk(settings: Settings, scope: Scope) -> Scope:
    """Return the scope with the texts that stand on disk: the index may have other line ends."""
    read = texts.disk(settings.root)(scope.judged)
    there = {path: one if not one.problem else scope.judged[path] for path, one in read.items()}
    return replace(scope, judged=there)


def _bench(settings: Settings, folder: str, scope: Scope, tree: Tree) -> Bench:
    def judge(changed: Tree, judged: frozenset[str], style: bool) -> tuple[Finding, ...]:
        return lint.judge(settings, folder, changed.scope(scope, judged), style)

    layout: Layout = sources.layout_of(settings, folder, scope.sample, scope.known)
    others = texts.disk(settings.root)(sorted(tree.known))
    return Bench(
        root=settings.root,
        layout=layout,
        judge=judge,
        locked=fix_files.locked(settings.root, tree.texts, scope.released or (), scope.target),
        paired=frozenset(path for path in tree.texts if _has_pair(settings, layout, path)),
        released=scope.released or frozenset(),
        supabase=lint.is_supabase(settings, layout),
        rest=tuple(one.text for one in others.values()),
        now=names.stamp(clock.utc_now()),
    )


def _has_pair(settings: Settings, layout: Layout, path: str) -> bool:
    beside = layout.beside(path)
    return beside is not None and (settings.root / beside).is_file()


def _final(scope: Scope, before: Mapping[str, str], tree: Tree) -> Scope:
    """Return the scope of the report: what became of the files, and those nobody could read."""
    after = tree.scope(scope, tree.judged)
    rest = {path: one for path, one in scope.judged.items() if path not in before}
    return replace(after, judged={**after.judged, **rest})


def _told(report: Report, done: Progress, difference: str, write: bool) -> Report:
    """Return the report of lint with what was mended; a patch that waits is a finding."""
    report = replace(
        report,
        listings=tuple(_listings(done, report.findings, write)),
        notes=(*report.notes, *_notes(done, write)),
        body=difference,
    )
    if not difference:
        return report
    return replace(report, outcome=Outcome.FINDINGS, exit_code=Exit.FINDINGS)


def _listings(done: Progress, remaining: Sequence[Finding], write: bool) -> Iterator[Listing]:
    there = {(one.place.path, one.code) for one in remaining if isinstance(one.place, FilePlace)}
    left = [row for row in done.left.values() if (row.path, row.code) in there]
    for title, rows in (("Fixed" if write else "Would be fixed", done.done), ("Not fixed", left)):
        if rows:
            yield Listing(title, _COLUMNS, _cells(rows))


def _cells(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys((one.path, one.code, one.words) for one in rows))


def _notes(done: Progress, write: bool) -> tuple[str, ...]:
    if not done.done:
        return ("There is nothing that can be fixed for certain.",)
    if write:
        return ("Look at the changes with `git diff`, then stage them.",)
    return ("Nothing was written; the same command with --fix instead of --diff writes it.",)
