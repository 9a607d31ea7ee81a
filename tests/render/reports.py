"""Reports of every shape, to be rendered."""

from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.history import (
    Applied,
    Direction,
    Edit,
    Entry,
    SessionSettings,
    Sighting,
    State,
    Step,
)
from migrate_hooks.model.migration import Contents, Migration, Script, Version
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.schema import AttributeChange, Change, Difference

SETTINGS = SessionSettings(5_000, 0, 60_000)

# Clears the screen, colours, rings, hides, turns the reading direction, breaks the encoding.
HOSTILE = "a\x1b[2J\x07\x9b31m\x7f\u202eb\u200b\u2066\ud800\r\nc"


def migration(version: str, name: str, in_transaction: bool = True) -> Migration:
    return Migration(
        version=Version((int(version),), version),
        name=name,
        path=f"migrations/{version}_{name}.sql",
        contents=lambda: Contents(Script((), in_transaction, "SELECT 1"), None, "00"),
    )


CORE = migration("20260101000000", "core_schema")
ORDERS = migration("20260102030405", "add_orders")
INDEX = migration("20260103000000", "index_orders", in_transaction=False)

LINT = Report(
    action="lint",
    outcome=Outcome.FINDINGS,
    exit_code=Exit.FINDINGS,
    findings=(
        Finding(
            "down/missing",
            Severity.CRITICAL,
            "There is no DOWN section.",
            FilePlace("migrations/b.sql", 9, 1),
            "Write one.",
        ),
        Finding("name/case", Severity.WARNING, "Not snake case.", FilePlace("migrations/b.sql")),
        Finding("style/LT01", Severity.INFO, "Two spaces.", FilePlace("migrations/a.sql", 4, 7)),
    ),
)

STATUS = Report(
    action="status",
    outcome=Outcome.UNCHECKED,
    exit_code=Exit.UNCHECKED,
    entries=(
        Entry(
            "dev",
            CORE.version,
            State.APPLIED,
            CORE,
            Applied(CORE.version, "core_schema", applied_at="2026-01-01 10:00:00+00"),
        ),
        Entry("dev", ORDERS.version, State.PENDING, ORDERS, None),
        Entry("staging", INDEX.version, State.UNKNOWN, None, Applied(INDEX.version, "日本")),
        Entry("staging", ORDERS.version, State.OUT_OF_ORDER, ORDERS, None),
        Entry(
            "staging",
            CORE.version,
            State.CHANGED,
            CORE,
            Applied(CORE.version, "core_schema", duration_ms=12, applied_by="ci"),
            edit=Edit.TEXT,
            sighting=Sighting(CORE.path, "0a1b2c3d", "Ada", ("main",)),
        ),
        Entry("prod", CORE.version, State.FAILED, CORE, Applied(CORE.version, None, failed=True)),
        Entry(
            "prod",
            ORDERS.version,
            State.RENUMBERED,
            ORDERS,
            Applied(INDEX.version, "add_orders"),
            other=INDEX.version,
        ),
    ),
    findings=(
        Finding(
            "database/unreachable",
            Severity.CRITICAL,
            "Nothing listens on db.example:5432.",
            ObjectPlace("production", "environment", "production"),
            "Start it.",
        ),
    ),
    notes=("dev is localhost:5432/app (DATABASE_URL_DEV in .env.dev).",),
)

APPLY = Report(
    action="apply",
    outcome=Outcome.FAILED,
    exit_code=Exit.ROLLED_BACK,
    environment="staging",
    steps=(
        Step(ORDERS, Direction.UP, SETTINGS, "applied"),
        Step(INDEX, Direction.UP, SETTINGS, "failed"),
        Step(CORE, Direction.DOWN, SETTINGS, "not-run"),
    ),
    body="BEGIN;\nSELECT\t1;\nCOMMIT;\n",
)

DRIFT = Report(
    action="drift",
    outcome=Outcome.FINDINGS,
    exit_code=Exit.FINDINGS,
    environment="staging",
    differences=(
        Difference(
            Change.CHANGED,
            "column",
            ("public", "Order items", "qty"),
            (
                AttributeChange("type", "integer", "bigint"),
                AttributeChange("default", None, "0"),
            ),
            Severity.WARNING,
        ),
        Difference(
            Change.CHANGED,
            "view",
            ("public", "v"),
            (AttributeChange("definition", "SELECT a,\n  b\nFROM t", "SELECT a,\n  c\nFROM t"),),
            Severity.WARNING,
        ),
        Difference(Change.UNEXPECTED, "function", ("public", "f(integer)"), (), Severity.WARNING),
        Difference(Change.CHANGED, "comment", ("public", "t"), (), Severity.INFO),
        Difference(
            Change.MISSING,
            "table",
            ("public", "orders"),
            (AttributeChange("rls", "on", None),),
            Severity.CRITICAL,
            cause="migrations/20260102030405_add_orders.sql",
        ),
    ),
)

CONFIG = Report(
    action="config show",
    outcome=Outcome.CLEAN,
    exit_code=Exit.CLEAN,
    listings=(
        Listing(
            "Effective configuration",
            ("key", "value", "from"),
            (("migrations", "migrations/", "default"), ("lint.down", "auto", "default")),
        ),
    ),
)

REFUSED = Report(
    action="apply",
    outcome=Outcome.REFUSED,
    exit_code=Exit.FINDINGS,
    findings=(
        Finding(
            "refused",
            Severity.CRITICAL,
            "production is protected, and 2 migrations would run there.",
            hint="Add --force when that is what you want.",
        ),
    ),
)

CLEAN = Report("lint", Outcome.CLEAN, Exit.CLEAN)

REPORTS = {
    "lint": LINT,
    "status": STATUS,
    "apply": APPLY,
    "drift": DRIFT,
    "config": CONFIG,
    "refused": REFUSED,
    "clean": CLEAN,
}


def hostile() -> Report:
    """Return a report in which every text that comes from outside is hostile."""
    version = Version((1,), HOSTILE)
    script = Script((), False, HOSTILE)
    evil = Migration(version, HOSTILE, HOSTILE, lambda: Contents(script, script, HOSTILE))
    return Report(
        action=HOSTILE,
        outcome=Outcome.PARTIAL,
        exit_code=Exit.PARTIAL,
        environment=HOSTILE,
        findings=tuple(
            Finding(HOSTILE, severity, HOSTILE, place, HOSTILE)
            for severity in Severity
            for place in (None, FilePlace(HOSTILE), ObjectPlace(HOSTILE, HOSTILE, HOSTILE))
        ),
        entries=(
            Entry(HOSTILE, version, State.CHANGED, evil, Applied(version, HOSTILE, HOSTILE)),
            Entry(HOSTILE, version, State.UNKNOWN, None, Applied(version, HOSTILE)),
        ),
        differences=tuple(
            Difference(
                change,
                HOSTILE,
                (HOSTILE, HOSTILE),
                (AttributeChange(HOSTILE, HOSTILE, None), AttributeChange(HOSTILE, "\x1b", "\x07")),
                Severity.CRITICAL,
                cause=HOSTILE,
            )
            for change in Change
        ),
        steps=(Step(evil, Direction.DOWN, SETTINGS, HOSTILE),),
        listings=(Listing(HOSTILE, (HOSTILE, ""), ((HOSTILE, HOSTILE),)),),
        notes=(HOSTILE,),
        body=HOSTILE,
    )
