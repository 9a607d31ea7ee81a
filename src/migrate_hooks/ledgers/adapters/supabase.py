"""The Supabase CLI's ledger: version, name and the statements that were run.

The CLI makes the table with `version` alone and adds the other columns when it first needs them;
newer ones (created_by, idempotency_key, rollback) are left as they are.
"""

from collections.abc import Mapping
from typing import Any

from migrate_hooks.ledgers.base import Ledger, version
from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration


def _to_applied(row: Mapping[str, Any]) -> Applied:
    name, texts = row.get("name"), row.get("statements")
    if not isinstance(name, str | None) or not _are_texts(texts):
        raise ValueError("no row of the Supabase CLI")
    text = ";\n".join(texts) if texts else None
    return Applied(version(row["version"]), name, text=text)


def _are_texts(value: object) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(text, str) for text in value)
    )


def _to_row(done: Record) -> tuple[object, ...]:
    migration = done.migration
    texts = [statement.text for statement in migration.up.statements]
    return migration.version.text, migration.name, texts


def _to_realigned(migration: Migration) -> tuple[object, ...]:
    return _to_row(Record(migration))


def _to_key(migration: Migration) -> tuple[object, ...]:
    return (migration.version.text,)


LEDGER = Ledger(
    name="supabase",
    schema="supabase_migrations",
    table="schema_migrations",
    columns=("version", "statements", "name"),
    create=(
        "CREATE TABLE IF NOT EXISTS {table} (version pg_catalog.text NOT NULL PRIMARY KEY)",
        "ALTER TABLE {table} ADD COLUMN IF NOT EXISTS statements pg_catalog.text[], "
        "ADD COLUMN IF NOT EXISTS name pg_catalog.text",
    ),
    select="SELECT pg_catalog.to_jsonb(applied) FROM {table} AS applied",
    find="SELECT 1 FROM {table} WHERE version OPERATOR(pg_catalog.=) %s",
    insert="INSERT INTO {table} (version, name, statements) VALUES (%s, %s, %s)",
    delete="DELETE FROM {table} WHERE version OPERATOR(pg_catalog.=) %s",
    realign="UPDATE {table} SET version = %s, name = %s, statements = %s "
    "WHERE version OPERATOR(pg_catalog.=) %s",
    to_applied=_to_applied,
    to_row=_to_row,
    to_key=_to_key,
    to_realigned=_to_realigned,
)
