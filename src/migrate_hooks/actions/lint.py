"""`lint`: judge migrations before anybody else has them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from migrate_hooks.actions import (
    lint_branches,
    lint_scope,
    lint_shared,
    lint_silence,
    outcome,
    sources,
)
from migrate_hooks.actions.lint_shared import NO_CROSSING, Crossing
from migrate_hooks.errors import NoMigrationsFolder
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import excerpts, remembered, waived
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git
from migrate_hooks.outside.files import FileText

if TYPE_CHECKING:
    from migrate_hooks.lint.base import Judge
    from migrate_hooks.lint.facts import Context, Subject, VersionedFile
    from migrate_hooks.lint.past import Past


def run(
    settings: Settings,
    named: Sequence[str],
    staged: bool,
    since: str | None,
    everything: bool,
    baseline: str | None = None,
) -> Report:
    """Judge `named` files, what is staged, what changed since a commit, everything, or what is new.

    `baseline` is "write" to write down what is found, "read" to hide what was, None for what the
    configuration says.

    Raises UsageProblem for words that exclude each other, a file or revision that is not there,
    NoMigrationsFolder where nothing was named, and what a missing or misconfigured engine raises.
    """
    folder, scope = chosen(settings, named, staged, since, everything)
    return report(settings, folder, scope, baseline)


def chosen(
    settings: Settings, named: Sequence[str], staged: bool, since: str | None, everything: bool
) -> tuple[str, lint_scope.Scope]:
    """Return the migrations folder and what the words choose; raises what `run` raises."""
    folder = _folder(settings, named, staged)
    return folder, lint_scope.choose(settings, folder, named, staged, since, everything)


def piped(settings: Settings, name: str, data: bytes) -> Report:
    """Judge `data` as if it were saved as `name`, beside the migrations that are there already."""
    folder = _folder(settings, (name,), staged=False)
    return report(settings, folder, lint_scope.piped(settings, folder, name, data))


def report(
    settings: Settings, folder: str, scope: lint_scope.Scope, baseline: str | None = None
) -> Report:
    """Return what there is to say about a scope; `baseline` as in `run`."""
    scope, skipped = lint_branches.look(settings, folder, scope)
    found = (*judge(settings, folder, scope, style=True), *skipped)
    findings, told = known(settings, found, scope, True, baseline)
    findings += lint_silence.told(settings, folder)
    ending, code = outcome.of(findings)
    notes = tuple(filter(None, (scope.sentence, waived.count(findings), *told)))
    return Report(action="lint", outcome=ending, exit_code=code, findings=findings, notes=notes)


def pushed(settings: Settings, commit: str, before: str | None) -> tuple[Finding, ...]:
    """Judge the migrations that a push of `commit` brings to a branch that stood at `before`.

    For a new branch (`before` is None, or a commit that this clone lacks) these are the ones that
    the target branch does not have. Style is left out: it never blocks, and a push has no time.
    """
    folder = sources.from_commit(settings, commit).folder
    if not folder:
        return ()
    scope = lint_scope.pushed(settings, folder, commit, before)
    found = judge(settings, folder, scope, style=False)
    return known(settings, found, scope, False, None)[0]


def known(
    settings: Settings,
    found: tuple[Finding, ...],
    scope: lint_scope.Scope,
    style: bool,
    verb: str | None,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings without what a baseline knows, and what there is to say about it.

    `verb` is as `baseline` in `run`.
    """
    if verb is None and settings.lint.baseline is None:
        return found, ()
    from migrate_hooks.actions import baseline

    judged = baseline.Judged(found, scope, style)
    return (baseline.write if verb == "write" else baseline.read)(settings, judged)


def judge(
    settings: Settings, folder: str, scope: lint_scope.Scope, style: bool
) -> tuple[Finding, ...]:
    """Return the findings of a scope, with their source lines; `style` off leaves sqlfluff out."""

    def afresh() -> tuple[Finding, ...]:
        engines = _begin(settings, scope.judged, style)
        return lint_texts(
            settings,
            sources.layout_of(settings, folder, scope.sample, scope.known),
            scope.judged,
            siblings=scope.siblings,
            past=scope.past,
            known=scope.known,
            released=scope.released,
            target=scope.target,
            crossing=scope.crossing,
            style=style,
            engines=engines,
        )

    world = _world(settings, folder, scope, style)
    found = remembered.whole(world, scope.judged, settings.root, afresh)
    return excerpts.add(found, scope.judged)


def _world(settings: Settings, folder: str, scope: lint_scope.Scope, style: bool) -> list[str]:
    """Return everything that decides about the findings, as texts."""
    decided = (settings.lint, settings.layout, settings.exposed_schemas, settings.server_version)
    released = None if scope.released is None else sorted(scope.released)
    around = (folder, scope.known, released, scope.target, scope.crossing, scope.sample)
    texts = (*scope.judged.values(), *scope.siblings.values(), *scope.past.values())
    flags = (style, len(scope.judged), _has_supabase_config(settings))
    return [str(settings.root), repr(decided), repr(around), repr(texts), repr(flags)]


def lint_texts(
    settings: Settings,
    layout: Layout,
    judged: Mapping[str, FileText],
    *,
    siblings: Mapping[str, FileText] | None = None,
    past: Mapping[str, FileText] | None = None,
    known: Iterable[str] = (),
    released: Iterable[str] | None = None,
    target: str = "",
    crossing: Crossing = NO_CROSSING,
    style: bool = True,
    engines: "Sequence[Judge] | None" = None,
) -> tuple[Finding, ...]:
    """Return the findings for {path: text}, whichever tree the texts come from.

    `siblings` are unreleased migrations that are not judged, `past` any others that tell what the
    judged ones' tables are like, `known` the paths of all migrations of the folder, `released`
    those that the branch `target` has (None: nobody knows, so the judged ones count as new),
    `crossing` what the change makes of what others have. `style` off leaves sqlfluff out; `engines`
    are those that were begun on `judged`, None for none yet. Raises ConfigProblem for a code in the
    configuration that no finding has.
    """
    if engines is None:
        engines = _begin(settings, judged, style)

    from migrate_hooks.lint import codes, neighbours
    from migrate_hooks.lint import run as linting
    from migrate_hooks.lint.facts import created, starts

    codes.check(settings.lint)
    had = frozenset(released or ())
    texts = {**(siblings or {}), **judged}
    subjects = {path: _subject(layout, one, path not in had) for path, one in texts.items()}
    gone = [_gone(layout, crossing.before[path][0]) for path in crossing.gone]
    paths = sorted({*known, *texts})
    earlier = _past(layout, past or {}, subjects.values())
    context = replace(
        _configured(settings, layout, style),
        files=tuple(_versioned(layout, paths)),
        newest=max(_versioned(layout, had), key=lambda one: one.version, default=None),
        target=target,
        shared=lint_shared.read(layout, crossing, gone, subjects.values()),
        fresh=created(one for one in subjects.values() if one.is_new),
        starts=starts((one for one in subjects.values() if one.is_new), earlier),
        past=earlier,
        neighbours=neighbours.read((one.version, one.up) for one in subjects.values()),
    )
    return linting.run([*(subjects[path] for path in judged), *gone], context, engines)


def _configured(settings: Settings, layout: Layout, style: bool) -> "Context":
    """Return the world as configuration and layout alone decide it."""
    from migrate_hooks.lint.facts import Context

    return Context(
        root=settings.root,
        down=_weight_of_down(settings, layout),
        down_in_comments=layout.down_in_comments,
        supabase=is_supabase(settings, layout),
        exposed=settings.exposed_schemas,
        server_version=settings.server_version,
        style=style and settings.lint.style,
        safety=settings.lint.safety,
        exclude_rules=settings.lint.exclude_rules,
        enable_rules=settings.lint.enable_rules,
        severities=tuple(_severities(settings.lint.severity)),
    )


def _gone(layout: Layout, read: FileText) -> "Subject":
    return replace(_subject(layout, read, is_new=False), is_gone=True)


def _begin(settings: Settings, judged: Mapping[str, FileText], style: bool) -> "tuple[Judge, ...]":
    """Start the engines; the sooner they are at work, the sooner all is done."""
    from migrate_hooks.lint import ahead

    readable = ((path, one.text) for path, one in judged.items() if not one.problem)
    texts = {path: text for path, text in readable if text.removeprefix("\ufeff").strip()}
    wishes = replace(settings.lint, style=style and settings.lint.style)
    return ahead.begin(texts, settings.root, wishes)


def _past(layout: Layout, texts: Mapping[str, FileText], subjects: "Iterable[Subject]") -> "Past":
    """Return what `texts`, and the subjects themselves, say about the subjects' tables."""
    from migrate_hooks.lint import mentions, past

    there = tuple(subjects)
    names = mentions.asked(one.text for one in there)
    read = ((path, layout.read(path, one.text)) for path, one in texts.items() if not one.problem)
    files = [(layout.version(path), one.up.statements) for path, one in read if one]
    return past.read([*files, *((one.version, one.up) for one in there)], names)


def _severities(written: Iterable[str]) -> Iterable[tuple[str, Severity]]:
    for code, _, level in (one.partition("=") for one in written):
        yield code, Severity(level)


def _folder(settings: Settings, named: Sequence[str], staged: bool) -> str:
    """Return the migrations folder of the tree that is judged.

    Files named by hand can be judged without one, and a commit that has none is fine.
    """
    usual = settings.migrations or "migrations"
    if staged:
        git.require_root(settings.root)
        return sources.index_folder(settings) or usual
    try:
        return sources.worktree_folder(settings)
    except NoMigrationsFolder:
        if not named:
            raise
        return usual


def _subject(layout: Layout, read: FileText, is_new: bool) -> "Subject":
    from migrate_hooks.lint.facts import subject

    migration = None if read.problem else layout.read(read.path, read.text)
    version = layout.version(read.path)
    in_comments = layout.down_in_comments
    return subject(read.path, version, read.text, read.problem, migration, is_new, in_comments)


def _versioned(layout: Layout, paths: Iterable[str]) -> Iterable["VersionedFile"]:
    from migrate_hooks.lint.facts import VersionedFile

    for path in paths:
        version = layout.version(path)
        if version is not None:
            yield VersionedFile(path, version)


def is_supabase(settings: Settings, layout: Layout) -> bool:
    """Return whether the provider is Supabase."""
    return layout.name == "supabase" or _has_supabase_config(settings)


def _has_supabase_config(settings: Settings) -> bool:
    return (settings.base / "supabase" / "config.toml").is_file()


def _weight_of_down(settings: Settings, layout: Layout) -> Severity | None:
    if settings.lint.down == "optional" or not layout.has_down:
        return None
    if settings.lint.down == "required" or layout.down_required:
        return Severity.CRITICAL
    return Severity.WARNING
