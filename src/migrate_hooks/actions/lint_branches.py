"""What is on its way to the target branch from other branches, for a scope that has new files."""

from dataclasses import replace

from migrate_hooks.actions.lint_scope import Scope
from migrate_hooks.errors import Failure
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, git_branches

CODE = "order/other-branch"


def look(settings: Settings, folder: str, scope: Scope) -> tuple[Scope, tuple[Finding, ...]]:
    """Return the scope with the migrations of other branches, or why they are not looked at."""
    if not settings.lint.other_branches or scope.released is None:
        return scope, ()
    if all(path in scope.released for path in scope.judged):
        return scope, ()
    known = {*scope.known, *scope.released}
    commits = ("HEAD", scope.crossing.revision or "HEAD")
    try:
        found = git_branches.files(settings.root, folder, known, commits)
    except Failure as failure:
        return scope, (_skipped(failure),)
    elsewhere = tuple((one.branch, files.decode(one.path, one.data)) for one in found)
    return replace(scope, crossing=replace(scope.crossing, elsewhere=elsewhere)), ()


def _skipped(failure: Failure) -> Finding:
    return Finding(
        CODE,
        Severity.INFO,
        f"What other branches are about to change was not looked at: {failure.message}",
        hint="Set `other_branches = false` under [lint] if this repository has too many branches.",
    )
