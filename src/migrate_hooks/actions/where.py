"""`where`: each branch, its environment, the database behind it, and how far the two are apart.

Compared are the files of the branch as origin has it (what deploys), else as it is here, and where
there is no such branch those of the working tree. The databases are asked at the same time; what
git and the configuration know is told without them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from migrate_hooks.actions import outcome, sources, status, together
from migrate_hooks.actions.sources import Source
from migrate_hooks.actions.status import Standing
from migrate_hooks.config import branches, targets
from migrate_hooks.errors import Failure, GitProblem, NoMigrationsFolder, Unreachable
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.history import State
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, git_heads

SECONDS = 3.0
_CONNECT_SECONDS = 2
_COLUMNS = ("here", "branch", "environment", "database", "behind", "ahead", "files of")
_BEHIND = (State.PENDING, State.OUT_OF_ORDER)
_WRONG = (State.CHANGED, State.FAILED, State.RENUMBERED)


@dataclass(frozen=True, slots=True)
class Place:
    """One environment: what its branch is compared by (`files` names it), and its database."""

    environment: Environment
    files: str
    source: Source | None
    database: str
    standing: Standing


def run(settings: Settings) -> Report:
    """Return one row for every environment, in the order of the chain."""
    places = _places(settings)
    here = git.current_branch(settings.root) if _in_git(settings) else None
    unchecked = [one for one in places if one.standing.failure]
    findings = tuple(_not_checked(one) for one in unchecked)
    ending, code = outcome.of(findings, unchecked=bool(unchecked))
    return Report(
        action="where",
        outcome=ending,
        exit_code=code,
        findings=findings,
        listings=(Listing("", _COLUMNS, tuple(_row(one, here) for one in places)),),
        notes=(*_checked_out(settings, here), *_firsts(places), *filter(None, map(_wrong, places))),
    )


def _in_git(settings: Settings) -> bool:
    return (settings.root / ".git").exists()


def _places(settings: Settings) -> list[Place]:
    read = _reader(settings)
    trees = [read(_tip(settings, one)) for one in settings.environments]
    questions = [
        partial(_ask, settings, one, source)
        for one, (_, source) in zip(settings.environments, trees, strict=True)
    ]
    answers = together.asked(SECONDS, questions)
    return [
        Place(one, name, source, _database(settings, one), answer or _too_slow(one))
        for one, (name, source), answer in zip(settings.environments, trees, answers, strict=True)
    ]


def _tip(settings: Settings, one: Environment) -> tuple[str, str] | None:
    if not one.branch or not _in_git(settings):
        return None
    return git_heads.tip(settings.root, one.branch)


Read = Callable[[tuple[str, str] | None], tuple[str, Source | None]]


def _reader(settings: Settings) -> Read:
    """Return what reads the files of a branch's tip; branches at one commit are read once."""
    known: dict[str, Source | None] = {}

    def read(tip: tuple[str, str] | None) -> tuple[str, Source | None]:
        name, commit = tip or ("working tree", "")
        if commit not in known:
            known[commit] = _files(settings, commit)
        return name, known[commit]

    return read


def _files(settings: Settings, commit: str) -> Source | None:
    try:
        if commit:
            return sources.from_commit(settings, commit)
        return sources.from_worktree(settings)
    except NoMigrationsFolder:
        return None


def _ask(settings: Settings, one: Environment, source: Source | None) -> Standing:
    if source is None:
        return Standing(one.name, failure=_no_files(one))
    try:
        asked = _asked(settings, one)
    except Failure as failure:
        return Standing(one.name, failure=failure)
    known = replace(settings, environments=(*settings.environments, asked))
    return status.stand(known, asked.name, source.migrations, source.ledger, _CONNECT_SECONDS)


def _asked(settings: Settings, one: Environment) -> Environment:
    """Return the environment itself, of many databases the first one."""
    if not one.is_many:
        return one
    from migrate_hooks.config import fleet

    return fleet.first(settings, one)[0].environment


def _no_files(one: Environment) -> Failure:
    return NoMigrationsFolder(
        f"There are no migrations to compare {one.name} with.",
        'Name their folder (migrations = "…" in migrate-hooks.toml), or make the first one: '
        "migrate-hooks new NAME",
    )


def _too_slow(one: Environment) -> Standing:
    slow = Unreachable(
        f"{one.name} did not answer within {SECONDS:g} s, so it is not known where it stands.",
        f"Ask it alone and wait longer: migrate-hooks status --env={one.name}",
    )
    return Standing(one.name, failure=slow)


def _database(settings: Settings, one: Environment) -> str:
    """Return host and database without asking anybody; nothing of it is secret."""
    if one.is_many:
        return "many databases"
    if one.embedded:
        return "embedded server"
    try:
        target = targets.target(settings, one.name)
    except Failure:
        return "no connection string that can be used"
    return f"{target.address}/{target.database}"


def _row(place: Place, here: str | None) -> tuple[str, ...]:
    environment, standing = place.environment, place.standing
    behind, ahead = "not checked", "not checked"
    if not standing.failure:
        count = Counter(entry.state for entry in standing.entries)
        behind = str(sum(count[state] for state in _BEHIND))
        ahead = str(count[State.UNKNOWN])
    is_here = "*" if here and here == environment.branch else ""
    named = (environment.branch or "(none)", environment.name, place.database)
    return (is_here, *named, behind, ahead, place.files)


def _not_checked(place: Place) -> Finding:
    assert place.standing.failure is not None  # noqa: S101 - that is why it is not checked
    return outcome.not_checked(place.environment.name, place.standing.failure)


def _firsts(places: Sequence[Place]) -> Iterator[str]:
    """Yield a sentence on each one of many databases that stands for all of them."""
    for place in places:
        name = place.environment.name
        if place.environment.is_many and not place.standing.failure:
            first = place.standing.environment
            yield f"Of {name} only the first was asked, {first}: migrate-hooks status --env={name}"


def _wrong(place: Place) -> str:
    """Return the sentence about what is neither behind nor ahead and not well either."""
    states = Counter(entry.state for entry in place.standing.entries if entry.state in _WRONG)
    if not states and not place.standing.begun:
        return ""
    said = [f"{count} {state.value}" for state, count in states.items()]
    said += [f"{len(place.standing.begun)} half run"] if place.standing.begun else []
    name = place.standing.environment
    return f"{name} has {', '.join(said)}: migrate-hooks status --env={name}"


def _checked_out(settings: Settings, here: str | None) -> Sequence[str]:
    """Return where HEAD is, and how far from what origin has under the same name."""
    if not _in_git(settings):
        return ("This is no git repository, so only files of the working tree were compared.",)
    commit = git.resolve(settings.root, "HEAD")
    if commit is None:
        return (f"Checked out is {here}, without a commit yet.",)
    if here is None:
        return (f"Checked out is commit {commit[:8]}, on no branch.",)
    owner = branches.environment_of(settings, here)
    deploys = f"deploys to {owner.name}" if owner else "belongs to no environment"
    return (f"Checked out is {here} ({commit[:8]}), which {deploys}.{_apart(settings, here)}",)


def _apart(settings: Settings, here: str) -> str:
    found = git_heads.tip(settings.root, here)
    if found is None or found[0] == here:
        return ""
    try:
        more, less = git_heads.distance(settings.root, "HEAD", found[1])
    except GitProblem:  # a shallow clone may lack what the two have in common
        return ""
    said = [f"{more} not pushed"] * bool(more) + [f"{less} not pulled"] * bool(less)
    return f" Against {found[0]}: {', '.join(said)}." if said else ""
