"""Whether a plan that could be run may be run: guards over what was said and what was found.

Every guard yields a finding. One that `--allow` names becomes a warning; what no word can pass
stays critical.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from shlex import quote

from migrate_hooks.history import branch_guard
from migrate_hooks.history.branch_guard import Checkout, Guarded
from migrate_hooks.model.consent import HAZARDS, Consent
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Plan
from migrate_hooks.model.migration import called


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided on: a plan, who wants it, and what is known around it.

    `is_first` tells that nothing comes before the environment in the chain, `owner` the environment
    that the checked-out branch belongs to, if any. `command` is what was typed, without consent.
    `backup_age` is in seconds, None where there is no good backup; `clashes` are what our own
    tables in the database speak against. `can_keep_books` is False where they are out of reach,
    which `role` would have to be granted in `database` (both as SQL spells them).
    """

    environment: Environment
    plan: Plan
    consent: Consent
    command: str
    is_first: bool = False
    owner: str = ""
    checkout: Checkout | None = None
    backup_age: int | None = None
    clashes: tuple[tuple[str, Finding], ...] = ()
    can_keep_books: bool = True
    database: str = ""
    role: str = ""

    @property
    def is_playground(self) -> bool:
        """Whether this is where a developer tries out what is not finished."""
        return self.is_first and not self.environment.protected


def judge(case: Case) -> tuple[Finding, ...]:
    """Return what every guard found: critical unless it is allowed by name."""
    found = (
        *_protected(case),
        *case.clashes,
        *_branch(case),
        *_dirty(case),
        *_late(case),
        *_dangerous(case),
        *_backup(case),
        *_unmarked(case),
    )
    return tuple(weighed(name, finding, case.consent) for name, finding in found)


def weighed(name: str, finding: Finding, consent: Consent) -> Finding:
    """Return what a guard found, as a warning where its name is allowed."""
    if name and name in consent.allow:
        return replace(finding, severity=Severity.WARNING, hint=f"Allowed by --allow={name}.")
    return finding


def _critical(code: str, message: str, hint: str, path: str = "") -> Finding:
    place = FilePlace(path) if path else None
    return Finding(f"guard/{code}", Severity.CRITICAL, message, place, hint)


def _protected(case: Case) -> Iterator[Guarded]:
    name = case.environment.name
    if not case.environment.protected or case.consent.force:
        return
    files = ", ".join(called(step.migration.path) for step in case.plan.steps)
    backup = " --backup" if any(_backup(case)) else ""
    yield (
        "",
        _critical(
            "protected",
            f"{name} is protected, so nothing was changed. This would run on {case.plan.place}: "
            f"{files}.",
            f"Read it first with `{case.command} --dry-run`; then say it twice: `{case.command}"
            f"{backup} --force --yes={name}` (at a terminal the name is asked for instead of "
            "--yes).",
        ),
    )


def unconfirmed(case: Case) -> Finding:
    """Return the finding that the second word for a protected environment was not said."""
    name = case.environment.name
    return _critical(
        "unconfirmed",
        f"{name} is protected, and its name was not given as the second word. Nothing was changed.",
        f"Type {name} when you are asked, or add --yes={name} where nobody can be asked.",
    )


def _branch(case: Case) -> Iterator[Guarded]:
    yield from branch_guard.guarded(
        case.environment, case.checkout, case.owner, is_playground=case.is_playground
    )


def _dirty(case: Case) -> Iterator[Guarded]:
    for path, what in case.checkout.uncommitted if case.checkout else ():
        if case.is_playground:
            message = f"{path} {what}: fine where one tries things, refused further on."
            yield "", Finding("guard/dirty", Severity.INFO, message, FilePlace(path))
            continue
        yield (
            "dirty",
            _critical(
                "dirty",
                f"{path} {what}: nobody else has what would run on {case.environment.name}.",
                f"Commit it (git add {quote(path)}), or say that it is meant: --allow=dirty.",
                path,
            ),
        )


def _late(case: Case) -> Iterator[Guarded]:
    for hazard in case.plan.hazards:
        if hazard.name == "out-of-order":
            yield (
                "out-of-order",
                _critical(
                    "out-of-order",
                    f"{case.environment.name} has already applied newer migrations than "
                    f"{hazard.path}, which may have been written against another schema.",
                    "Give the file a later timestamp, or apply it where it stands: "
                    f"`{case.command} --allow=out-of-order`.",
                    hazard.path,
                ),
            )


def _dangerous(case: Case) -> Iterator[Guarded]:
    for hazard in case.plan.hazards:
        if hazard.name not in HAZARDS:
            continue
        message = f"{called(hazard.path)} {hazard.message}."
        if case.environment.protected:
            hint = f"If that is meant, name it: --allow={hazard.name}."
            yield hazard.name, _critical(hazard.name, message, hint, hazard.path)
        else:
            place = FilePlace(hazard.path)
            yield "", Finding(f"guard/{hazard.name}", Severity.WARNING, message, place)


def _backup(case: Case) -> Iterator[Guarded]:
    allowed, age = case.environment.max_backup_age, case.backup_age
    if allowed is None or case.consent.backup or (age is not None and age <= allowed):
        return
    name = case.environment.name
    state = (
        f"The newest good backup of {name} is {spell(age)} old"
        if age is not None
        else f"There is no good backup of {name}"
    )
    yield (
        "stale-backup",
        _critical(
            "backup",
            f"{state}, and {name} asks for one of at most {spell(allowed)} before a change: what "
            "a migration deletes comes back from nowhere else.",
            f"Take one with this run (--backup) or before it (`migrate-hooks backup --env={name}`)"
            ", or go on without: --allow=stale-backup.",
        ),
    )


def spell(seconds: int) -> str:
    """Return a duration in its largest whole unit, such as "3 h"."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _unmarked(case: Case) -> Iterator[Guarded]:
    """Refuse what could not be resumed, because its progress can be written down nowhere."""
    if case.can_keep_books:
        return
    for step in case.plan.steps:
        if not step.script.in_transaction:
            path = step.migration.path
            yield (
                "",
                _critical(
                    "bookkeeping",
                    f"{path} runs statement by statement, and this role may neither use nor make "
                    "the tables of schema migrate_hooks, where its progress is written down: a "
                    "run that is cut off could not be resumed.",
                    f"Grant it once: GRANT CREATE ON DATABASE {case.database} TO {case.role}; or, "
                    f"where the schema exists, GRANT USAGE, CREATE ON SCHEMA migrate_hooks TO "
                    f"{case.role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
                    f"migrate_hooks TO {case.role};",
                    path,
                ),
            )
