"""What our own tables speak against: a half begun in another way, a record out of sight."""

from collections.abc import Iterator

from migrate_hooks.model.books import Books, Unfinished
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Plan, Step


def refusals(plan: Plan, books: Books, role: str) -> Iterator[Finding]:
    """Yield why the steps must not run as they are; `role` is ours, as SQL spells it."""
    if "identity" in books.denied:
        yield _unread(plan.environment, role)
    for step in plan.steps:
        for one in books.unfinished:
            if one.version == step.migration.version.text and not _goes_on(step, one):
                yield _begun(plan.environment, step, one)


def _goes_on(step: Step, one: Unfinished) -> bool:
    return one.direction == step.direction and not step.script.in_transaction


def _unread(environment: str, role: str) -> Finding:
    return Finding(
        "guard/identity",
        Severity.CRITICAL,
        "Which environment this database was recorded for stands in migrate_hooks.identity, which "
        f"{role} may not read: that this is {environment}'s own is not known.",
        ObjectPlace.whole(environment),
        f"Grant it once: GRANT USAGE ON SCHEMA migrate_hooks TO {role}; "
        f"GRANT SELECT ON migrate_hooks.identity TO {role};",
    )


def _begun(environment: str, step: Step, one: Unfinished) -> Finding:
    path, version = step.path, step.migration.version.text
    half, done = one.direction.upper(), one.progress.statements_done
    forget = f"`migrate-hooks repair --env={environment} --clear-failed={version}`"
    if one.direction == step.direction:
        meant = "now it would run whole in one transaction, and what is done would be done twice"
        way = "Mark it `-- migrate-hooks: no-transaction` again and run it, which goes on there"
    else:
        meant = f"now its {step.direction.upper()} would run"
        way = f"Bring its {half} to its end first"
    return Finding(
        "guard/begun",
        Severity.CRITICAL,
        f"The {half} of {path} was begun statement by statement and not ended ({done} done); "
        f"{meant}.",
        FilePlace(path),
        f"{way}; or undo by hand what it did, and let that be forgotten: {forget}.",
    )
