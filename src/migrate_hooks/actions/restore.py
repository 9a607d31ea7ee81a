"""`restore`: a backup becomes the database of an environment, and the one before is kept."""

from collections.abc import Sequence
from datetime import datetime
from shlex import quote

from migrate_hooks.actions import backup as backups
from migrate_hooks.actions import (
    backup_facts,
    backup_verify,
    checkout,
    restore_beside,
    restore_plan,
    sources,
)
from migrate_hooks.actions import backup_words as words
from migrate_hooks.actions.backup import Say
from migrate_hooks.actions.restore_beside import Swap
from migrate_hooks.actions.restore_plan import Order, Standing
from migrate_hooks.config import branches, targets
from migrate_hooks.errors import (
    BackupFailed,
    Exit,
    NoMigrationsFolder,
    Refused,
    UnsupportedServer,
    UsageProblem,
)
from migrate_hooks.history import branch_guard, guard, permission
from migrate_hooks.ledgers import own_tables
from migrate_hooks.ledgers.base import quoted
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.consent import Consent
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import archives


def run(settings: Settings, order: Order, say: Say) -> Report:
    """Show what would be replaced, and do it when every guard agrees.

    Raises UsageProblem, Refused, Unreachable, UnsupportedServer and BackupFailed; then the
    environment is as it was.
    """
    from migrate_hooks.outside import postgres

    environment = targets.environment(settings, order.environment)
    if (order.file is None) == (not order.latest):
        raise UsageProblem(
            "Which backup?",
            f"Name a file, or add --latest; migrate-hooks backup list --env={environment.name} "
            "shows what there is.",
        )
    target = targets.target(settings, environment.name)
    if guard.uses_pooler_port(target):
        raise _pooled(target)
    with postgres.session(target) as session:
        if postgres.is_behind_transaction_pooler(session):
            raise _pooled(target)
        backup = _chosen(settings, order, backup_facts.now(session))
        standing = restore_plan.look(session, backup)
        said = restore_plan.warnings(environment, backup, backup_facts.system_identifier(session))
        recorded = own_tables.read(session).recorded
    name = words.shown(settings.root, backup.archive)
    astray = _astray(settings, environment, order)
    said = (*(one for one in astray if one.severity is Severity.WARNING), *said)
    plan = tuple(restore_plan.describe(target, backup, standing, name))
    objections = (
        *restore_plan.strangers(environment, recorded),
        *(one for one in astray if one.severity is Severity.CRITICAL),
        *restore_plan.objections(environment, backup, standing, order),
    )
    if order.dry_run or objections:
        return _not_done(order, plan, objections, said)
    for what, value in plan:
        say(f"{what}: {value}")
    return _restore(target, backup, standing, order, said, say)


def _astray(settings: Settings, environment: Environment, order: Order) -> tuple[Finding, ...]:
    """Return what speaks against the branch that is checked out; a warning where it is allowed."""
    try:
        folder = sources.worktree_folder(settings)
    except NoMigrationsFolder:
        folder = ""
    found = checkout.look(settings, environment, folder)
    owner = branches.environment_of(settings, found.branch if found else None)
    is_first = branches.before(settings, environment) is None
    guarded = branch_guard.guarded(
        environment,
        found,
        owner.name if owner else "",
        is_playground=is_first and not environment.protected,
    )
    consent = Consent(allow=frozenset(order.allow))
    return tuple(permission.weighed(name, finding, consent) for name, finding in guarded)


def _pooled(target: Target) -> UnsupportedServer:
    return UnsupportedServer(
        f"{target.environment} is reached through a transaction pooler, which keeps connections to "
        "the database that is to be renamed. Nothing was restored.",
        f"Use the direct connection in {target.source}.",
    )


def _chosen(settings: Settings, order: Order, now: datetime) -> Backup:
    """Return the backup that was asked for; it has been read to its end."""
    found = _named(settings, order, now)
    damage = backup_verify.damaged(found)
    if damage:
        raise Refused(f"{found.archive.name}: {damage.message}", _others(order.environment))
    return found


def _named(settings: Settings, order: Order, now: datetime) -> Backup:
    name = order.environment
    if order.file is None:
        newest = backups.newest_good(settings, name, now)
        if newest is None:
            raise UsageProblem(f"There is no good backup of {name}.", _others(name))
        return newest
    archive = backups.find(settings, order.file)
    found = backups.read(archive.with_suffix(archives.MANIFEST))
    if found is None:
        raise Refused(
            f"{archive.name} has no manifest that can be read, so nothing says what it is a backup "
            "of and whether it is whole.",
            _others(name),
        )
    return found


def _others(environment: str) -> str:
    return f"See what else there is: migrate-hooks backup list --env={environment}"


Plan = tuple[tuple[str, str], ...]


def _listing(plan: Plan) -> tuple[Listing, ...]:
    return (Listing("What a restore does", ("", ""), plan),)


def _not_done(
    order: Order, plan: Plan, objections: tuple[Finding, ...], said: Sequence[Finding]
) -> Report:
    ending, code = Outcome.CLEAN, Exit.CLEAN
    note = f"Dry run: nothing was changed in {order.environment}."
    if objections:
        ending, code = Outcome.REFUSED, Exit.FINDINGS
        note = f"Nothing was changed in {order.environment}."
    return Report(
        "restore",
        ending,
        code,
        order.environment,
        findings=(*objections, *said),
        listings=_listing(plan),
        notes=(note,),
    )


def _restore(
    target: Target,
    backup: Backup,
    standing: Standing,
    order: Order,
    said: Sequence[Finding],
    say: Say,
) -> Report:
    note = restore_beside.fill(target, standing, backup, say)
    ended = restore_beside.swap(target, standing, disconnect="disconnect" in order.allow)
    if ended is Swap.DONE:
        return _done(target, backup, standing, said, note)
    return _undone(target, standing, ended)


def _done(
    target: Target, backup: Backup, standing: Standing, said: Sequence[Finding], note: str
) -> Report:
    moment = f"{backup.contents.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    rows = (
        ("database", f"{standing.database}, as it was at {moment}"),
        ("kept", f"{standing.kept}, as it was until now"),
        ("drop it by", _psql(target, f"DROP DATABASE {quoted(standing.kept)}")),
    )
    notes = (
        note,
        f"Whatever was written after the backup is in {standing.kept} and nowhere else: look there "
        "before you drop it.",
        f"See where the migrations stand now: migrate-hooks status --env={target.environment}",
    )
    return Report(
        "restore",
        Outcome.CLEAN,
        Exit.CLEAN,
        target.environment,
        findings=tuple(said),
        listings=(Listing(f"{target.environment} is restored", ("", ""), rows),),
        notes=notes,
    )


def _psql(target: Target, sql: str) -> str:
    """Return a command line that runs `sql` from outside the database; it holds no password."""
    where = {"host": target.parameters.get("host"), "port": target.port, "username": target.user}
    options = [f"--{name}={quote(value)}" for name, value in where.items() if value]
    return " ".join(["psql", *options, "--dbname=postgres", f"--command={quote(sql)}"])


def _undone(target: Target, standing: Standing, ended: Swap) -> Report:
    listed = _psql(target, "\\list")
    if ended is Swap.NOT_DONE:
        raise BackupFailed(
            f"It was cut off before the databases changed names: {target.environment} is as it "
            "was.",
            "Run the command again.",
        )
    notes = (
        "The connection broke while the databases changed names. Either nothing happened and "
        f"{standing.beside} holds the backup, or it is done and {standing.kept} holds what was "
        f"there before. Look: {listed}",
    )
    return Report("restore", Outcome.PARTIAL, Exit.PARTIAL, target.environment, notes=notes)
