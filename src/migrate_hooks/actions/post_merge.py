"""After `git merge` and `git pull`: what came, what is pending where, and what to type next.

It never blocks and always says one line.
"""

from collections.abc import Callable, Sequence

from migrate_hooks.actions import sources, status
from migrate_hooks.config import branches
from migrate_hooks.errors import Exit, Failure, MissingDsn
from migrate_hooks.history import judge
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import State
from migrate_hooks.model.migration import called
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import Trigger
from migrate_hooks.outside import git

_WORDS = {"A": "new", "C": "new", "M": "edited", "T": "edited", "D": "deleted", "R": "renamed"}


def run(settings: Settings, trigger: Trigger, say: Callable[[str], None]) -> Report:
    """Return the one line about the merge, and the state of this branch's environment."""
    source = sources.from_worktree(settings)
    brought = _brought(settings, source.folder, trigger)
    environment = branches.environment_of(settings, git.current_branch(settings.root))
    if environment is None or not brought:
        return _report((_came(brought),))
    say(f"migrate-hooks: asking {environment.name} what is pending")
    standing = status.stand(settings, environment.name, source.migrations, source.ledger)
    if standing.failure:
        notes = (_came(brought), _not_checked(environment, standing.failure))
        return _report(notes, (), environment, Outcome.UNCHECKED)
    pending = [one for one in standing.entries if one.state in (State.PENDING, State.OUT_OF_ORDER)]
    notes = (_came(brought), _next(environment, len(pending)))
    return _report(notes, judge.findings(standing.entries, Severity.WARNING), environment)


def _brought(settings: Settings, folder: str, trigger: Trigger) -> tuple[git.FileChange, ...]:
    """Return the migration files that the merge changed; a squash leaves them in the index."""
    if trigger.is_squash:
        changes = git.staged_changes(settings.root, folder)
    else:
        before = git.resolve(settings.root, "ORIG_HEAD")
        if before is None:
            return ()
        changes = git.changes_between(settings.root, before, "HEAD", folder)
    return tuple(change for change in changes if change.path.endswith(".sql"))


def _came(changes: Sequence[git.FileChange]) -> str:
    if not changes:
        return "This merge brought no migrations."
    said = [f"{_WORDS.get(one.status, 'changed')} {called(one.path)}" for one in changes]
    shown = ", ".join(said[:5]) + (f" and {len(said) - 5} more" if len(said) > 5 else "")
    return f"This merge brought {len(said)} migration file{'s' if len(said) > 1 else ''}: {shown}."


def _next(environment: Environment, pending: int) -> str:
    if not pending:
        return f"Nothing is pending in {environment.name}."
    return (
        f"{pending} pending in {environment.name}. "
        f"Next: migrate-hooks apply --env={environment.name} --dry-run"
    )


def _not_checked(environment: Environment, failure: Failure) -> str:
    name, message = environment.name, failure.message
    why = "it has no connection string." if isinstance(failure, MissingDsn) else message
    return f"{name} was NOT CHECKED: {why} Next: migrate-hooks env check {name}"


def _report(
    notes: tuple[str, ...],
    findings: tuple[Finding, ...] = (),
    environment: Environment | None = None,
    outcome: Outcome = Outcome.CLEAN,
) -> Report:
    return Report(
        action="hook post-merge",
        outcome=outcome,
        exit_code=Exit.CLEAN,
        environment=environment.name if environment else "",
        findings=findings,
        notes=notes,
    )
