"""Round after round: propose one change, prove it, keep or drop it, until nothing changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from migrate_hooks.actions import fix_tree
from migrate_hooks.actions.fix_tree import Tree
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import fixing, pieces, proving
from migrate_hooks.lint.change import Case, Change, Fix
from migrate_hooks.lint.facts import Context, Subject, VersionedFile, subject
from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.sql.operations import operations

_MOST = 1_000  # changes of one run; each has to make a finding go, so this is no limit but a fuse
_STYLE = "sqlfluff/"

Found = dict[str, tuple[Finding, ...]]
"""{path: its findings}"""

Judge = Callable[[Tree, frozenset[str], bool], tuple[Finding, ...]]
"""Lint: the tree, the paths to judge, whether style counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: a file, a code, and what was done or why nothing was."""

    path: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Bench:
    """What stays the same during a run.

    `locked` says why files on disk must not be touched, `paired` are those whose DOWN is a file of
    its own, `rest` the texts of migrations that are not in the tree.
    """

    root: Path
    layout: Layout
    judge: Judge
    locked: Mapping[str, str]
    paired: frozenset[str]
    released: frozenset[str]
    supabase: bool
    rest: tuple[str, ...]
    now: str


@dataclass(slots=True)
class Progress:
    """How far a run has come; `done` and `left` are for the report, `tried` are keys of `left`."""

    tree: Tree
    found: Found = field(default_factory=dict)
    done: list[Row] = field(default_factory=list)
    left: dict[tuple[str, ...], Row] = field(default_factory=dict)
    tried: set[tuple[str, ...]] = field(default_factory=set)


def mend(bench: Bench, tree: Tree, style: bool) -> Progress:
    """Return the tree with everything mended that can be, style last."""
    run = Progress(tree)
    for with_style in (False, True) if style else (False,):
        whole = run.tree.judged if with_style else frozenset(run.tree.texts)
        run.found = _by_path(bench.judge(run.tree, whole, with_style))
        while _changes(bench, run, with_style):
            run.tried.clear()  # what did not go before may go now
    return run


def _changes(bench: Bench, run: Progress, style: bool) -> bool:
    """Mend until nothing more goes; return whether anything did."""
    count = len(run.done)
    for _ in range(_MOST):
        if not any(_goes(bench, run, each, style) for each in _waiting(run, style)):
            return len(run.done) > count
    return False


def _by_path(findings: Sequence[Finding]) -> Found:
    found: Found = {}
    for one in findings:
        if isinstance(one.place, FilePlace):
            found[one.place.path] = (*found.get(one.place.path, ()), one)
    return found


def _waiting(run: Progress, style: bool) -> Iterator[tuple[str, Finding, Fix]]:
    """Yield what may be mended, the last statement of a file first: it moves away the easiest."""
    for path in sorted(run.tree.judged):
        for one in reversed(run.found.get(path, ())):
            fix = fixing.fix_for(one.code)
            if fix is not None and one.code.startswith(_STYLE) == style:
                yield path, one, fix


def _goes(bench: Bench, run: Progress, each: tuple[str, Finding, Fix], style: bool) -> bool:
    """Try to mend one finding; return whether the tree has changed."""
    path, finding, fix = each
    case = _case(bench, run.tree, path, finding)
    key = _key(case, fix)
    if key in run.tried:
        return False
    run.tried.add(key)
    reason = _locked(bench, run.tree, [path])
    answer = reason or fix.propose(case)
    if isinstance(answer, Change):
        answer = _kept(bench, run, case, answer, style)
    if answer:
        run.left[key] = Row(path, finding.code, answer)
    return not answer


def _key(case: Case, fix: Fix) -> tuple[str, ...]:
    if fix.of_file:
        return case.subject.path, fix.codes[0]
    piece = pieces.at(case)
    said = piece.statement.text if piece else ""
    return case.subject.path, case.finding.code, case.finding.message, said


def _locked(bench: Bench, tree: Tree, paths: Sequence[str]) -> str:
    origins = (tree.origins.get(path) or "" for path in paths)
    return next((bench.locked[one] for one in origins if one in bench.locked), "")


def _kept(bench: Bench, run: Progress, case: Case, change: Change, style: bool) -> str:
    """Keep a change that can be proved; return why not where it cannot."""
    path = case.subject.path
    reason = _unfit(bench, run.tree, path, change)
    if reason:
        return reason
    tree, touched = fix_tree.changed(run.tree, path, change, bench.layout, bench.now)
    own = [path, *(old for old, _ in change.names if old != path)]
    fresh = touched[len(own) :]
    texts = [_subject(bench, tree, one) for one in (touched[0], *fresh)]
    reason = proving.flaw(case.subject, texts, change, case.context)
    if reason:
        return f"no change could be proved right: {reason}"
    # A new name moves a file in the order, which may matter to any other.
    judged = frozenset(tree.texts if change.names else touched)
    before = run.found if change.names else {one: run.found.get(one, ()) for one in own}
    found = bench.judge(tree, judged, style)
    reason = proving.worse(case.finding.code, _flat(before), found)
    if reason:
        return f"no change could be proved right: {reason}"
    run.found = {**({} if change.names else run.found), **dict.fromkeys(touched, ())}
    run.found |= _by_path(found)
    run.tree = tree
    run.done.append(Row(path, case.finding.code, change.done))
    return ""


def _unfit(bench: Bench, tree: Tree, path: str, change: Change) -> str:
    """Return why a change does not go with the layout, or with another file that it is about."""
    reason = _locked(bench, tree, [old for old, _ in change.names])
    if reason:
        return f"a file would have to be renamed that {reason}"
    if change.names and "/" in bench.layout.place(""):
        return "in this layout a migration is a folder; rename it by hand"
    if (change.files or change.alone) and tree.origins[path] in bench.paired:
        return "its DOWN is a file of its own, which runs as this one does"
    return ""


def _flat(found: Mapping[str, Sequence[Finding]]) -> list[Finding]:
    return [one for each in found.values() for one in each]


def _subject(bench: Bench, tree: Tree, path: str) -> Subject:
    return _read(bench.layout, path, tree.texts[path])


@lru_cache(maxsize=2048)  # a file is looked at for each finding, and for those of earlier files
def _read(layout: Layout, path: str, text: str) -> Subject:
    migration = layout.read(path, text)
    in_comments = layout.down_in_comments
    found = subject(path, layout.version(path), text, "", migration, True, in_comments)
    return replace(found, operations=operations(found.up))


def _case(bench: Bench, tree: Tree, path: str, finding: Finding) -> Case:
    mine = bench.layout.version(path)
    later = [
        one
        for other, text in tree.texts.items()
        if other != path
        and other not in bench.released
        and (version := bench.layout.version(other)) is not None
        and (mine is None or version > mine)
        for one in _read(bench.layout, other, text).up
    ]
    return Case(
        finding=finding,
        subject=_subject(bench, tree, path),
        context=_context(bench, tree),
        later=tuple(later),
        unreleased=tuple(one for one in tree.texts if one not in bench.released),
        judged=tuple(sorted(tree.judged)),
        folder=(*bench.rest, *tree.texts.values()),
        now=bench.now,
    )


def _context(bench: Bench, tree: Tree) -> Context:
    released = _versioned(bench, bench.released)
    return Context(
        root=bench.root,
        files=tuple(_versioned(bench, sorted({*tree.known, *tree.texts}))),
        newest=max(released, key=lambda one: one.version, default=None),
        down_in_comments=bench.layout.down_in_comments,
        supabase=bench.supabase,
    )


def _versioned(bench: Bench, paths: Iterable[str]) -> Iterator[VersionedFile]:
    for path in paths:
        version = bench.layout.version(path)
        if version is not None:
            yield VersionedFile(path, version)
