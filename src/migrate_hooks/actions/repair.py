"""`repair`: let ledger and marks say what is true again, planned, asked for, and written down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shlex import quote

from migrate_hooks.actions import checkout, diagnose, mend, sources, undertake, verify, whereabouts
from migrate_hooks.actions.sources import Source
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config import targets
from migrate_hooks.errors import Exit
from migrate_hooks.history import guard, identity, inventory, mending
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.ledgers import bookkeeping, choose, own_tables, store
from migrate_hooks.ledgers.base import Ledger, quoted
from migrate_hooks.model.books import Standing
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Applied
from migrate_hooks.model.repair import Kind, Repair, Situation, Wish
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import person, postgres, run_log
from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema import presence
from migrate_hooks.schema.identity import dotted

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for.

    Without `wishes` nothing is done but to look. `because` is the reason that is written down,
    `force` and `yes` are the two words for a protected environment; others need `yes` alone.
    """

    environment: str
    wishes: tuple[Wish, ...] = ()
    because: str = ""
    allow: frozenset[str] = frozenset()
    force: bool = False
    yes: str = ""
    dry_run: bool = False

    @property
    def command(self) -> str:
        """What was typed, without words of consent."""
        words = [f"migrate-hooks repair --env={self.environment}", *map(_spelled, self.wishes)]
        words += [f"--allow={name}" for name in sorted(self.allow)]
        words.append(f"--because={quote(self.because)}" if self.because else '--because="…"')
        return " ".join(words)


def _spelled(wish: Wish) -> str:
    return f"--{wish.kind}" + (f"={quote(wish.version)}" if wish.version else "")


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything that a repair is planned from."""

    settings: Settings
    order: Order
    environment: Environment
    source: Source
    session: Session
    ledger: Ledger
    rows: tuple[Applied, ...]
    situation: Situation


def run(settings: Settings, order: Order, voice: Voice) -> Report:
    """Diagnose, or plan, ask and carry out.

    Raises UnknownEnvironment, MissingDsn, LedgerUnreadable, UnsupportedServer, LockBusy, Refused
    when the state is not what the plan saw, and Unclear; only with the last something may stand.
    """
    environment = targets.environment(settings, order.environment)
    source = sources.from_worktree(settings)
    target = targets.target(settings, environment.name)
    if order.wishes and guard.uses_pooler_port(target):
        raise undertake.pooled(target)
    with postgres.session(target) as session:
        ledger = choose.ledger(session, source.ledger)
        rows = store.read(session, ledger)
        entries = reconcile(environment.name, source.migrations, rows)
        located = whereabouts.locate(settings.root, entries)
        books = own_tables.read(session)
        situation = Situation(environment.name, located, books)
        scene = _Scene(settings, order, environment, source, session, ledger, rows, situation)
        return _mended(scene, voice) if order.wishes else _diagnosed(scene)


def _diagnosed(scene: _Scene) -> Report:
    found = verify.examine(scene.settings, scene.environment, scene.source, scene.session)
    bare = not any(one.applied for one in scene.situation.entries)
    wanted = inventory.expected(scene.source.migrations) if bare else {}
    gone = inventory.missing(wanted, presence.there(scene.session)) if wanted else ()
    is_adoptable = len(gone) < len(wanted)
    return diagnose.report(found, scene.environment, scene.situation, is_adoptable=is_adoptable)


def _mended(scene: _Scene, voice: Voice) -> Report:
    order, files = scene.order, guard.duplicates(scene.source.migrations)
    undertake.refuse_unfit_server(scene.session)
    repairs, answers = mending.plan(scene.situation, order.wishes, order.allow)
    standing = bookkeeping.standing(scene.session)
    found = (*scene.source.problems, *files, *answers, *_absent(scene, repairs))
    found = (*found, *_guards(scene, standing))
    if order.dry_run or _is_refused(found) or not repairs:
        return _not_done(scene, repairs, found)
    for line in _plan(scene, repairs):
        voice.say(line)
    if not _is_confirmed(scene, voice):
        return _not_done(scene, repairs, (*found, _unconfirmed(scene)))
    mend.carry_out(_job(scene, standing), repairs)
    return _done(scene, repairs, found)


def _is_refused(found: Sequence[Finding]) -> bool:
    return any(one.severity is Severity.CRITICAL for one in found)


def _guards(scene: _Scene, standing: Standing) -> Iterator[Finding]:
    order, name = scene.order, scene.environment.name
    if not any(wish.kind is Kind.ADOPT_IDENTITY for wish in order.wishes):
        books = scene.situation.books
        clashes = identity.clashes(scene.environment, books.here, books.recorded)
        yield from (finding for _, finding in clashes)
    if standing is Standing.DENIED:
        role = quoted(str(scene.session.value("SELECT CURRENT_USER")))
        yield _critical(
            scene,
            "bookkeeping",
            "This role may neither use nor make the tables of schema migrate_hooks, and a repair "
            "that is not written down is not done.",
            f"Grant it once: GRANT CREATE ON DATABASE {quoted(scene.session.target.database)} TO "
            f"{role}; or, where the schema exists, GRANT USAGE, CREATE ON SCHEMA migrate_hooks TO "
            f"{role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA migrate_hooks "
            f"TO {role};",
        )
    if not order.because.strip() and not order.dry_run:
        yield _critical(
            scene,
            "because",
            "A repair is written down with its reason, and none was given.",
            'Add --because="what happened, and how you know".',
        )
    if scene.environment.protected and not order.force and not order.dry_run:
        yield _critical(
            scene,
            "protected",
            f"{name} is protected, so nothing was changed.",
            f"Read the plan, then say it twice: {order.command} --force --yes={name}",
        )


def _critical(scene: _Scene, code: str, message: str, hint: str) -> Finding:
    place = ObjectPlace.whole(scene.environment.name)
    return Finding(f"repair/{code}", Severity.CRITICAL, message, place, hint)


def _absent(scene: _Scene, repairs: Sequence[Repair]) -> Iterator[Finding]:
    """Yield a finding for objects that a baseline calls applied and that are not there."""
    marked = {one.version for one in repairs if one.kind is Kind.BASELINE}
    if not marked:
        return
    reached = [one for one in scene.situation.entries if one.applied or one.version.text in marked]
    wanted = inventory.expected(one.migration for one in reached if one.migration)
    for (kind, schema, name), path in inventory.missing(wanted, presence.there(scene.session)):
        identity_ = dotted((schema, name) if schema else (name,))
        yield Finding(
            "repair/missing-object",
            Severity.WARNING if "missing-objects" in scene.order.allow else Severity.CRITICAL,
            f"{scene.environment.name} has no {kind} {identity_}, which {path} creates.",
            ObjectPlace(scene.environment.name, kind, identity_),
            "Take the baseline up to an earlier version and apply the rest; or, where it is meant "
            "to be gone: --allow=missing-objects.",
        )


def _plan(scene: _Scene, repairs: Sequence[Repair]) -> Iterator[str]:
    target, count = scene.session.target, len(repairs)
    what = "1 repair" if count == 1 else f"{count} repairs"
    yield (
        f"{what} in {scene.environment.name}: host {target.address}, database {target.database} "
        f"(from {target.source}); ledger: {scene.ledger.place}"
    )
    for number, one in enumerate(repairs, 1):
        yield f"  {number}. {one.kind}: {one.words}"


def _is_confirmed(scene: _Scene, voice: Voice) -> bool:
    name = scene.environment.name
    said = scene.order.yes or voice.ask(f"Type {name} to carry this out: ")
    return said == name


def _unconfirmed(scene: _Scene) -> Finding:
    name = scene.environment.name
    return _critical(
        scene,
        "unconfirmed",
        "This is the plan, and nobody said yes to it. Nothing was changed.",
        f"Type {name} when you are asked, or where nobody can be asked: {scene.order.command} "
        f"--yes={name}",
    )


def _listing(repairs: Sequence[Repair]) -> tuple[Listing, ...]:
    rows = tuple((one.kind.value, one.version, one.words) for one in repairs)
    return (Listing("Repairs", ("repair", "version", "what"), rows),) if rows else ()


def _not_done(scene: _Scene, repairs: Sequence[Repair], found: tuple[Finding, ...]) -> Report:
    name, order = scene.environment.name, scene.order
    refused = _is_refused(found)
    note = f"Nothing was changed in {name}."
    if order.dry_run and not refused:
        note += f" To carry it out: {order.command} --yes={name}"
    return Report(
        "repair",
        Outcome.REFUSED if refused else Outcome.CLEAN,
        Exit.FINDINGS if refused else Exit.CLEAN,
        name,
        findings=found,
        listings=_listing(repairs),
        notes=(note,),
    )


def _done(scene: _Scene, repairs: Sequence[Repair], found: tuple[Finding, ...]) -> Report:
    name, count = scene.environment.name, len(repairs)
    what = "1 repair was" if count == 1 else f"{count} repairs were"
    notes = (
        f"{what} done in {name}, and written down in migrate_hooks.history.",
        f"See where it stands now: migrate-hooks status --env={name}",
    )
    return Report(
        "repair",
        Outcome.CLEAN,
        Exit.CLEAN,
        name,
        findings=found,
        listings=_listing(repairs),
        notes=notes,
    )


def _job(scene: _Scene, standing: Standing) -> mend.Job:
    return mend.Job(
        scene.session,
        scene.ledger,
        scene.settings.apply,
        scene.situation,
        scene.rows,
        standing,
        run_log.new_id(),
        person.here(),
        scene.order.because.strip(),
        checkout.commit(scene.settings),
    )
