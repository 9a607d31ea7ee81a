"""What hooks say after git moved HEAD: what came, where it is pending, what is left over.

Nothing is changed and nothing stops git; what does not answer in time is said to be not checked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from shlex import quote

from migrate_hooks.actions import came as arrivals
from migrate_hooks.actions import phantoms, push_site, sources, status, together
from migrate_hooks.actions.came import Came
from migrate_hooks.actions.sources import Source
from migrate_hooks.actions.status import Standing
from migrate_hooks.config import branches, targets
from migrate_hooks.errors import Exit, Failure, MissingDsn, NotInTime
from migrate_hooks.history import judge
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import called
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, git_refs

_SHARE = 0.15
"""The part of a push's time that all databases have together: of 8 s it is 1.2, which leaves the
rest of two seconds to Python, git and the files."""

_SHOWN = 5
_WAITING = (State.PENDING, State.OUT_OF_ORDER)


@dataclass(frozen=True, slots=True)
class Place:
    """A database that is asked; `is_own` where it is the developer's, which others do not share."""

    environment: Environment
    is_own: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the files stand in one database, and what is to be said of that."""

    standing: Standing
    findings: tuple[Finding, ...] = ()


def report(settings: Settings, hook: str, came: Came, say: Callable[[str], None]) -> Report:
    """Return the line about what came; where migrations did, also what databases say of them.

    Asked are the environment of the branch and the first one, if that is on this machine; not
    those of a worktree that is new, where nothing ran yet.
    """
    if not came.changes or came.before is None:
        return _report(hook, (came.sentence,))
    source = sources.from_worktree(settings)
    places = tuple(_places(settings))
    if places:
        asked = " and ".join(one.environment.name for one in places)
        say(f"migrate-hooks: asking {asked} what is pending")
    released = _released(settings, source, places)
    questions = [partial(_ask, settings, source, one, came.before, released) for one in places]
    answers = together.asked(_seconds(settings), questions)
    found = [
        answer or _too_slow(settings, one) for one, answer in zip(places, answers, strict=True)
    ]
    notes = (came.sentence, *(map(_next, places, found)), *_touching(settings, source, came))
    unchecked = any(one.standing.failure for one in found)
    name = places[0].environment.name if places else ""
    return _report(
        hook,
        notes,
        tuple(finding for one in found for finding in one.findings),
        name,
        Outcome.UNCHECKED if unchecked else Outcome.CLEAN,
    )


def _seconds(settings: Settings) -> float:
    return settings.push.budget / 1_000 * _SHARE


def _places(settings: Settings) -> Iterator[Place]:
    """Yield the branch's environment, and the first one if it is this developer's own."""
    here = branches.environment_of(settings, git.current_branch(settings.root))
    first = settings.environments[0] if settings.environments else None
    is_own = first is not None and _is_own(settings, first)
    if here:
        yield Place(here, is_own and here == first)
    if first and is_own and here != first:
        yield Place(first, is_own)


def _is_own(settings: Settings, environment: Environment) -> bool:
    """Return whether an environment's database is on this machine and nobody else's."""
    if environment.embedded:
        return True
    if environment.is_many or not push_site.is_configured(settings, environment):
        return False
    try:
        return targets.is_local(targets.target(settings, environment.name).host)
    except Failure:
        return False


def _released(settings: Settings, source: Source, places: Sequence[Place]) -> dict[str, str]:
    """Return {path: branch} of the files that origin has on a branch of an environment."""
    refs = {f"refs/remotes/origin/{one.branch}": one.branch for one in settings.environments}
    tips = git_refs.tips(settings.root, refs) if places else {}
    return {
        path: f"origin/{refs[ref]}"
        for ref, commit in tips.items()
        for path in git.list_tree(settings.root, commit, source.folder)
    }


def _ask(
    settings: Settings,
    source: Source,
    place: Place,
    before: str | None,
    released: dict[str, str],
) -> Answer:
    name = place.environment.name
    patience = max(1, int(_seconds(settings)))
    standing = status.stand(settings, name, source.migrations, source.ledger, patience)
    entries = standing.entries
    left = phantoms.findings(settings, place.environment, entries, before) if place.is_own else ()
    late = [one for one in entries if one.state is State.OUT_OF_ORDER]
    rest = [
        one
        for one in entries
        if one not in late and not (place.is_own and one.state is State.UNKNOWN)
    ]
    wrong = judge.findings(rest, Severity.WARNING)[:_SHOWN]
    return Answer(standing, (*_late(late, released), *wrong, *left))


def _late(late: Sequence[Entry], released: dict[str, str]) -> Iterator[Finding]:
    """Yield one finding about what may still get another number, and one about what may not."""
    files = [(one, one.migration.path) for one in late if one.migration]
    free = [(one, path) for one, path in files if path not in released]
    fixed = [(one, path) for one, path in files if path in released]
    if free:
        which = f" {quote(free[0][1])}" if len(free) == 1 else ""
        yield _too_late(
            free, f"Give a later number before anybody has it: migrate-hooks restamp{which}"
        )
    if fixed:
        yield _too_late(
            fixed,
            f"Leave the number, as {released[fixed[0][1]]} has it already: migrate-hooks apply "
            f"--env={fixed[0][0].environment} --allow=out-of-order",
        )


def _too_late(files: Sequence[tuple[Entry, str]], hint: str) -> Finding:
    (one,) = judge.findings([files[0][0]], Severity.WARNING)
    if len(files) > 1:
        others = f" So are {len(files) - 1} other files." if len(files) > 2 else ""
        others = others or f" So is {called(files[1][1])}."
        one = replace(one, message=one.message + others)
    return replace(one, hint=hint)


def _too_slow(settings: Settings, place: Place) -> Answer:
    name = place.environment.name
    slow = NotInTime(
        f"it did not answer within {_seconds(settings):g} s.", f"migrate-hooks status --env={name}"
    )
    return Answer(Standing(name, failure=slow))


def _next(place: Place, answer: Answer) -> str:
    name, failure = place.environment.name, answer.standing.failure
    if failure:
        return _not_checked(name, failure)
    pending = sum(one.state in _WAITING for one in answer.standing.entries)
    if not pending:
        return f"Nothing is pending in {name}."
    return f"{pending} pending in {name}. Next: migrate-hooks apply --env={name} --dry-run"


def _not_checked(name: str, failure: Failure) -> str:
    if isinstance(failure, NotInTime):
        return f"{name} was NOT CHECKED: {failure.message} Next: {failure.hint}"
    why = "it has no connection string." if isinstance(failure, MissingDsn) else failure.message
    return f"{name} was NOT CHECKED: {why} Next: migrate-hooks env check {name}"


def _touching(settings: Settings, source: Source, came: Came) -> Iterator[str]:
    """Yield the command that tries both orders, where both sides are about the same thing."""
    found = arrivals.touching(settings.root, source.folder, came, source.migrations)
    if not found:
        return
    own, other, shared = found[0]
    more = f" (and {len(found) - 1} more pairs)" if len(found) > 1 else ""
    yield (
        f"{called(own.path)} of yours and {called(other.path)}, which came, are both about "
        f"{shared}{more}. Whether their order matters says: migrate-hooks conflicts "
        f"--base={str(came.theirs)[:12]} --head={str(came.before)[:12]}"
    )


def _report(
    hook: str,
    notes: tuple[str, ...],
    findings: tuple[Finding, ...] = (),
    environment: str = "",
    outcome: Outcome = Outcome.CLEAN,
) -> Report:
    return Report(
        action=f"hook {hook}",
        outcome=outcome,
        exit_code=Exit.CLEAN,
        environment=environment,
        findings=findings,
        notes=notes,
    )
