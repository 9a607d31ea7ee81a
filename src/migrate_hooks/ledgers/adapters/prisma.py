"""Prisma's ledger: one row for every attempt, identified by the whole name of its folder.

A row without `finished_at` and `rolled_back_at` is an attempt that failed, and Prisma goes no
further then; one with `rolled_back_at` counts for nothing. One that was written without running
anything counts no step. Prisma never removes a row.
"""

from collections.abc import Mapping
from typing import Any

from migrate_hooks.ledgers.base import Ledger, moment, version
from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration


def _to_applied(row: Mapping[str, Any]) -> Applied | None:
    name, checksum = row["migration_name"], row["checksum"]
    if not isinstance(name, str) or not isinstance(checksum, str):
        raise TypeError("no row of Prisma")
    if row["rolled_back_at"] is not None:
        return None
    finished = moment(row["finished_at"])
    return Applied(
        version=version(name),
        name=name.partition("_")[2] or name,
        applied_at=finished or moment(row["started_at"]),
        failed=finished is None,
        sha256=checksum,
    )


def _to_row(done: Record) -> tuple[object, ...]:
    # Rounded up: the server looks at its clock for either time, and none ends before it begins.
    seconds = ((done.duration_ms or 0) + 1) / 1000
    steps = 0 if done.failed or done.statements_done == 0 else 1
    return done.migration.sha256, seconds, done.failed, done.migration.version.text, steps


def _to_realigned(migration: Migration) -> tuple[object, ...]:
    return migration.version.text, migration.sha256


def _to_key(migration: Migration) -> tuple[object, ...]:
    return (migration.version.text,)


LEDGER = Ledger(
    name="prisma",
    schema="public",
    table="_prisma_migrations",
    columns=(
        "id",
        "checksum",
        "finished_at",
        "migration_name",
        "logs",
        "rolled_back_at",
        "started_at",
        "applied_steps_count",
    ),
    create=(
        "CREATE TABLE IF NOT EXISTS {table} ("
        "id character varying(36) PRIMARY KEY NOT NULL, "
        "checksum character varying(64) NOT NULL, "
        "finished_at timestamp with time zone, "
        "migration_name character varying(255) NOT NULL, "
        "logs pg_catalog.text, "
        "rolled_back_at timestamp with time zone, "
        "started_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(), "
        "applied_steps_count integer NOT NULL DEFAULT 0)",
    ),
    select="SELECT pg_catalog.to_jsonb(attempt) FROM {table} AS attempt",
    find="SELECT 1 FROM {table} WHERE migration_name OPERATOR(pg_catalog.=) %s "
    "AND rolled_back_at IS NULL AND finished_at IS NOT NULL",
    insert="INSERT INTO {table} (id, checksum, started_at, finished_at, migration_name, "
    "applied_steps_count) VALUES (pg_catalog.gen_random_uuid()::pg_catalog.text, %s, "
    "pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(secs => %s), "
    "CASE WHEN %s THEN NULL ELSE pg_catalog.clock_timestamp() END, %s, %s)",
    delete="UPDATE {table} SET rolled_back_at = pg_catalog.clock_timestamp() "
    "WHERE migration_name OPERATOR(pg_catalog.=) %s AND rolled_back_at IS NULL",
    realign="UPDATE {table} SET migration_name = %s, checksum = %s "
    "WHERE migration_name OPERATOR(pg_catalog.=) %s AND rolled_back_at IS NULL",
    to_applied=_to_applied,
    to_row=_to_row,
    to_key=_to_key,
    to_realigned=_to_realigned,
    keeps_failures=True,
    follows_schema=True,
    lock=72_707_369,
)
