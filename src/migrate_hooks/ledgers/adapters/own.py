"""Our own ledger, for repositories whose tool has none: what ran, when, how long, from where."""

from collections.abc import Mapping
from typing import Any

from migrate_hooks.ledgers.base import Ledger, maybe_number, maybe_text, moment, version
from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration
from migrate_hooks.sql.fingerprint import fingerprint

_APPLIED, _FAILED = "applied", "failed"


def _to_applied(row: Mapping[str, Any]) -> Applied:
    if row["outcome"] not in (_APPLIED, _FAILED):
        raise ValueError("no row of ours")
    return Applied(
        version=version(row["version"]),
        name=maybe_text(row["name"]),
        applied_at=moment(row["applied_at"]),
        failed=row["outcome"] == _FAILED,
        sha256=maybe_text(row["checksum"]),
        fingerprint=maybe_text(row["fingerprint"]),
        duration_ms=maybe_number(row.get("duration_ms")),
        run_id=maybe_text(row.get("run_id")),
        transaction_id=maybe_text(row.get("transaction_id")),
        git_commit=maybe_text(row.get("git_commit")),
        applied_by=maybe_text(row.get("applied_by")),
    )


def _to_row(done: Record) -> tuple[object, ...]:
    migration = done.migration
    total = len(migration.up.statements)
    ran = done.statements_done if done.statements_done is not None else total
    return (
        migration.version.text,
        migration.name,
        migration.sha256,
        fingerprint(migration.up.text),
        done.duration_ms,
        done.run_id,
        done.transaction_id,
        done.git_commit,
        done.applied_by,
        _FAILED if done.failed else _APPLIED,
        ran,
        total,
    )


def _to_realigned(migration: Migration) -> tuple[object, ...]:
    return _to_row(Record(migration))[:4]


def _to_key(migration: Migration) -> tuple[object, ...]:
    return (migration.version.text,)


_MAY_BE_UNKNOWN = {
    "duration_ms": "bigint",
    "run_id": "pg_catalog.text",
    "transaction_id": "pg_catalog.text",
    "git_commit": "pg_catalog.text",
    "applied_by": "pg_catalog.text",
    "statements_done": "integer",
    "statements_total": "integer",
}

LEDGER = Ledger(
    name="own",
    schema="migrate_hooks",
    table="ledger",
    columns=(
        "version",
        "name",
        "checksum",
        "fingerprint",
        "applied_at",
        "outcome",
        *_MAY_BE_UNKNOWN,
    ),
    create=(
        "CREATE TABLE IF NOT EXISTS {table} ("
        "version pg_catalog.text PRIMARY KEY, "
        "name pg_catalog.text NOT NULL, "
        "checksum pg_catalog.text NOT NULL, "
        "fingerprint pg_catalog.text NOT NULL, "
        "applied_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(), "
        "outcome pg_catalog.text NOT NULL)",
        "ALTER TABLE {table} "
        + ", ".join(
            f"ADD COLUMN IF NOT EXISTS {name} {kind}" for name, kind in _MAY_BE_UNKNOWN.items()
        ),
    ),
    select="SELECT pg_catalog.to_jsonb(applied) FROM {table} AS applied",
    find="SELECT 1 FROM {table} WHERE version OPERATOR(pg_catalog.=) %s "
    "AND outcome OPERATOR(pg_catalog.=) 'applied'",
    insert="INSERT INTO {table} (version, name, checksum, fingerprint, duration_ms, run_id, "
    "transaction_id, git_commit, applied_by, outcome, statements_done, statements_total) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, COALESCE(%s, SESSION_USER), %s, %s, %s)",
    delete="DELETE FROM {table} WHERE version OPERATOR(pg_catalog.=) %s",
    realign="UPDATE {table} SET version = %s, name = %s, checksum = %s, fingerprint = %s "
    "WHERE version OPERATOR(pg_catalog.=) %s",
    to_applied=_to_applied,
    to_row=_to_row,
    to_key=_to_key,
    to_realigned=_to_realigned,
    keeps_failures=True,
)
