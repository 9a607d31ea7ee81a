"""The gate at `git push`: one verdict for every pushed branch that stands for an environment.

Judged is the tree of the pushed commit, never the working tree. A push is blocked by what would
break the environment; what could not be asked in time is said to be not checked, and blocks where
the configuration wants it (`unchecked = "block"`, the default of protected environments).

First every environment is asked for what is cheap. Where that is as it was when the same push was
judged before, the verdict is the same, and nothing else is loaded or asked.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from migrate_hooks.actions import push_look, push_memory, push_site, push_time, push_verdict
from migrate_hooks.actions.push_look import Look
from migrate_hooks.actions.push_memory import Row
from migrate_hooks.actions.push_site import Refs, Site
from migrate_hooks.actions.push_time import Deadline
from migrate_hooks.actions.push_verdict import Verdict
from migrate_hooks.errors import Exit, Failure, NotInTime
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import RefUpdate, Trigger
from migrate_hooks.outside import git_refs

if TYPE_CHECKING:
    from migrate_hooks.actions.drift_report import Comparison
    from migrate_hooks.actions.push_case import Case
    from migrate_hooks.actions.sources import Source
    from migrate_hooks.ledgers.base import Wanted

_CANCEL_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Push:
    """One push: the refs that are pushed, what this clone knows, and until when it is looked at.

    `mapped` are the pushed branches of environments, by the environments' names; `rows` what is
    remembered of them under `keys`.
    """

    settings: Settings
    trigger: Trigger
    refs: Refs
    mapped: dict[str, RefUpdate]
    keys: dict[str, str]
    rows: dict[str, Row]
    deadline: Deadline

    @property
    def environments(self) -> dict[str, Environment]:
        """All that are configured, by their names."""
        return {one.name: one for one in self.settings.environments}

    def before(self, name: str) -> Environment | None:
        """Return the environment that migrations reach before this one."""
        environment = self.environments[name]
        return push_site.before(self.settings, self.trigger, self.refs, environment)


def run(settings: Settings, trigger: Trigger, say: Callable[[str], None]) -> Report:
    """Judge every mapped branch of the push at the same time; unmapped ones pass silently."""
    mapped = push_site.pushed(settings, trigger)
    if not mapped:
        return _silent()
    push = _push(settings, trigger, mapped)
    names = [name for name in mapped if _concerns_us(push, name)]
    if not names:
        return _silent()
    say(f"migrate-hooks: checking the push against {', '.join(names)}")
    sites = _sites(push, names)
    known = {name: verdict for name in names if (verdict := _remembered(push, sites, name))}
    missing = [name for name in names if name not in known]
    needed = {one for name in missing for one in (name, *_before(push, name))}
    for name, site in sites.items():
        site.look.decide(wanted=name in needed)
    verdicts = known | _judged(push, sites, missing)
    return push_verdict.report([verdicts[name] for name in names])


def _before(push: Push, name: str) -> tuple[str, ...]:
    found = push.before(name)
    return (found.name,) if found else ()


def _silent() -> Report:
    return Report("hook pre-push", Outcome.CLEAN, Exit.CLEAN)


def _push(settings: Settings, trigger: Trigger, mapped: dict[str, RefUpdate]) -> Push:
    deadline = push_time.within(settings.push.budget)
    refs = git_refs.every(settings.root)
    known = {one.name: one for one in settings.environments}
    keys = {name: push_memory.key(settings, trigger, refs, known[name]) for name in mapped}
    rows = push_memory.find(keys, known)
    return Push(settings, trigger, refs, mapped, keys, rows, deadline)


def _concerns_us(push: Push, name: str) -> bool:
    """Return whether the push has migrations or its environment a database: else we are silent."""
    commit = push.mapped[name].local_oid
    if name in push.rows or commit is None:
        return True
    from migrate_hooks.actions import sources

    return bool(sources.commit_folder(push.settings, commit)) or push_site.is_configured(
        push.settings, push.environments[name]
    )


def _sites(push: Push, names: Sequence[str]) -> dict[str, Site]:
    """Begin to ask every environment that the verdicts need."""
    kept = [name for name in names if push.mapped[name].local_oid]
    earlier = [found for name in kept if (found := push.before(name))]
    needed = [*(push.environments[name] for name in names), *earlier]
    return {one.name: _site(push, one) for one in dict.fromkeys(needed)}


def _site(push: Push, environment: Environment) -> Site:
    name, settings = environment.name, push.settings
    update = push.mapped.get(name)
    commit = push_site.tip(push.refs, push.trigger, environment)
    standing = commit or (update.remote_oid if update else None)
    source = push_time.lazily(partial(_source, push, standing))
    remembered = [row.wanted[name] for row in push.rows.values() if name in row.wanted]

    def wanted() -> "Wanted":
        return remembered[0] if remembered else source().result().ledger

    look = push_look.begin(settings, environment, wanted, push.deadline)
    drift = push_time.lazily(partial(_drift, settings, source, look))
    return Site(environment, update, commit, look, source, drift)


def _source(push: Push, commit: str | None) -> "Source":
    """Read the migrations of a branch; one that this clone does not know has them as we push."""
    from migrate_hooks.actions import sources
    from migrate_hooks.outside import git

    pushed = [one.local_oid for one in push.mapped.values() if one.local_oid]
    if commit is None or not git.resolve(push.settings.root, commit):
        commit = next(iter(pushed), None)
    if commit is None:
        return sources.from_worktree(push.settings)
    return sources.from_commit(push.settings, commit)


def _drift(settings: Settings, source: "Callable[[], Future[Source]]", look: Look) -> "Comparison":
    from migrate_hooks.actions import drift_env

    return drift_env.judge(settings, source().result(), look.seen.result())


def _remembered(push: Push, sites: Mapping[str, Site], name: str) -> Verdict | None:
    """Return the verdict of the same push before, where every database says the same as then."""
    row = push.rows.get(name)
    if row is None or not row.digests.keys() <= sites.keys():
        return None
    try:
        now = {one: _digest(push, sites[one]) for one in row.digests}
    except Failure:
        return None
    return row.verdict if now == row.digests else None


def _digest(push: Push, site: Site) -> str:
    facts = push_time.wait(site.look.facts, push.deadline)
    return "" if facts.failure else facts.digest


def _judged(push: Push, sites: Mapping[str, Site], names: Sequence[str]) -> dict[str, Verdict]:
    """Judge branches afresh, all at the same time, and remember what is sure."""
    if not names:
        return {}
    from migrate_hooks.actions import push_judge

    cases = {name: _case(push, sites, name) for name in names}
    begun = {name: push_judge.begin(case) for name, case in cases.items()}
    found = {}
    for name, case in cases.items():
        found[name] = push_judge.gather(case, begun[name])
        _remember(push, case, found[name])
    for site in sites.values():
        with suppress(NotInTime):
            push_time.wait(site.look.ended, push.deadline)
    if not push.deadline.left():
        _let_go()
    return found


def _case(push: Push, sites: Mapping[str, Site], name: str) -> "Case":
    from migrate_hooks.actions.push_case import Case

    before = push.before(name)
    return Case(
        push.settings, sites[name], sites.get(before.name) if before else None, push.deadline
    )


def _remember(push: Push, case: "Case", verdict: Verdict) -> None:
    if verdict.unchecked or verdict.is_deletion:
        return
    sites = [site for site in (case.site, case.earlier) if site]
    wanted = {one.environment.name: one.source().result().ledger for one in sites}
    digests = {one.environment.name: _digest(push, one) for one in sites}
    name = case.environment.name
    push_memory.keep(push.keys[name], Row(wanted, digests, verdict))


def _let_go() -> None:
    """End what still runs in a database: nobody waits for its answer any more."""
    from migrate_hooks.outside import connections

    connections.cancel_all(_CANCEL_SECONDS)
