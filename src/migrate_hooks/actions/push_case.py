"""One pushed branch, and what a check of it finds; what could not be checked is told in one way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrate_hooks.actions.push_site import Site
from migrate_hooks.actions.push_time import Deadline
from migrate_hooks.errors import Failure, MissingDsn
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import Settings

_WAITING = (State.PENDING, State.OUT_OF_ORDER)


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found; `unchecked` are parts of it that it could not look at."""

    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    deploys: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A pushed branch: the `site` it deploys to, and the one that migrations reach before.

    All that is found by `deadline` counts.
    """

    settings: Settings
    site: Site
    earlier: Site | None
    deadline: Deadline

    @property
    def environment(self) -> Environment:
        """What the branch deploys to."""
        return self.site.environment

    @property
    def commit(self) -> str | None:
        """The commit that is pushed, None where the branch is deleted."""
        return self.site.update.local_oid if self.site.update else None

    @property
    def before(self) -> str | None:
        """The commit at which the branch stands until now."""
        return self.site.update.remote_oid if self.site.update else None


def entries(case: Case) -> tuple[Entry, ...]:
    """Return where every migration of the pushed commit stands in its environment."""
    files = case.site.source().result().migrations
    return reconcile(case.environment.name, files, case.site.look.facts.result().applied)


def pending(case: Case) -> tuple[Migration, ...]:
    """Return the migrations that the push would bring."""
    found = entries(case)
    return tuple(one.migration for one in found if one.state in _WAITING and one.migration)


def with_age(case: Case, site: Site, told: Checked) -> Checked:
    """Add what is to be known of an environment's facts: how old, of which of many databases."""
    facts = site.look.facts.result()
    told = replace(told, notes=(*told.notes, *facts.notes))
    if facts.failure is None:
        return told
    return with_doubt(case, told, f"{site.environment.name} as it is now", facts.failure)


def with_doubt(case: Case, told: Checked, name: str, failure: Failure) -> Checked:
    """Add that one more thing could not be checked, and why."""
    doubt = unchecked(case.environment, failure, [name])
    return replace(told, findings=(*told.findings, doubt), unchecked=(*told.unchecked, name))


def unchecked(environment: Environment, failure: Failure, names: Sequence[str]) -> Finding:
    """Return the finding about something that could not be asked.

    An environment that nobody configured blocks nobody; one that does not answer may.
    """
    strict = environment.unchecked == "block" and not isinstance(failure, MissingDsn)
    severity = Severity.CRITICAL if strict else Severity.WARNING
    place = ObjectPlace.whole(environment.name)
    what = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    message = f"{what[0].upper()}{what[1:]} not checked: {failure.message}"
    return Finding(failure.code, severity, message, place, failure.hint)
