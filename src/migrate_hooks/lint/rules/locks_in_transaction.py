"""A statement that PostgreSQL refuses inside a transaction, in a file that runs in one."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql import blocks


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.up:
        yield from _inside_a_block(one)
    if not subject.in_transaction:
        return
    for one in subject.up:
        if not one.transactional:
            yield Problem(
                f"{_said(one)} cannot run inside a transaction, and this migration runs in one: "
                "PostgreSQL will refuse it, and nothing of the file is applied.",
                f"Move {_said(one)} to a migration of its own, with the line "
                "`-- migrate-hooks: no-transaction` at its top and no BEGIN.",
                one.line,
                one.column,
            )


def _inside_a_block(block: Statement) -> Iterable[Problem]:
    """Yield what a DO block says in vain: a function is always inside a transaction."""
    for one in blocks.inner(block) if block.verb == "DO" else ():
        if not one.transactional:
            yield Problem(
                f"{_said(one)} cannot run inside a DO block: PostgreSQL will refuse it, with or "
                "without a transaction around the file.",
                f"Move {_said(one)} out of the block, to a migration of its own with the line "
                "`-- migrate-hooks: no-transaction` at its top.",
                one.line,
                one.column,
            )


def _said(one: Statement) -> str:
    option = " CONCURRENTLY" if "concurrently" in one.text.lower() else ""
    return f"{one.verb}{option} {one.target}".strip()


RULE = Rule(
    name="locks/in-transaction",
    severity=Severity.CRITICAL,
    summary="A statement cannot run in the transaction that the migration runs in.",
    why=(
        "CREATE INDEX CONCURRENTLY and its kin commit several times themselves; VACUUM, CREATE "
        "DATABASE and ALTER SYSTEM cannot be rolled back. PostgreSQL refuses all of them inside a "
        "transaction block. A file of such statements alone is run without one."
    ),
    instead="Give it a file of its own, marked `-- migrate-hooks: no-transaction`.",
    check=_check,
    bad=(
        Example("SELECT 1;\nCREATE INDEX CONCURRENTLY i ON orders (a);\n"),
        Example("ALTER TABLE orders ADD a int;\nDROP INDEX CONCURRENTLY i;\n"),
        Example("SELECT 1;\nREINDEX TABLE CONCURRENTLY orders;\n"),
        Example("SELECT 1;\nALTER TABLE logs DETACH PARTITION logs_2019 CONCURRENTLY;\n"),
        Example("SELECT 1;\nVACUUM orders;\n"),
        Example("SELECT 1;\nALTER SYSTEM SET work_mem = '1GB';\n"),
        Example("SELECT 1;\nCREATE DATABASE other;\n"),
        Example("BEGIN;\nCREATE INDEX CONCURRENTLY i ON orders (a);\nCOMMIT;\n"),
        Example(
            "-- migrate-hooks: no-transaction\n"
            "DO $$ BEGIN\n  CREATE INDEX CONCURRENTLY i ON orders (a);\nEND $$;\n"
        ),
    ),
    good=(
        Example("CREATE INDEX CONCURRENTLY i ON orders (a);\n"),
        Example("-- migrate-hooks: no-transaction\nSELECT 1;\nVACUUM orders;\n"),
        Example("ALTER TYPE mood ADD VALUE 'calm';\nSELECT 1;\n"),
        Example("DO $$ BEGIN\n  CREATE TABLE a (b int);\nEND $$;\n"),
    ),
    replaces=("squawk/ban-concurrent-index-creation-in-transaction",),
)
