"""Which ledger tells what is applied: explained where database and repository disagree."""

from collections.abc import Sequence
from urllib.parse import quote

from migrate_hooks.errors import LedgerMismatch
from migrate_hooks.ledgers import store
from migrate_hooks.ledgers.base import Ledger, Wanted
from migrate_hooks.outside.postgres import Session


def ledger(session: Session, wanted: Wanted) -> Ledger:
    """Return the ledger of a database; raises LedgerMismatch where that would be a guess."""
    schema = session.target.schema
    mine = store.by_name(wanted.name, schema)
    if mine.follows_schema and schema is None:
        _refuse_another_schema(session, mine)
    if wanted.certain:
        return mine
    there = store.holding(session, schema)
    alone = len(there) == 1 or wanted.own_tool
    if not there or (mine in there and alone):
        return mine
    raise _mismatch(session, mine, there)


def _refuse_another_schema(session: Session, mine: Ledger) -> None:
    """Refuse a DSN that forgot to name the schema: its usual one would look like a fresh start."""
    schemas = store.schemas_with(session, mine.table)
    if not schemas or mine.schema in schemas:
        return
    environment, source = session.target.environment, session.target.source
    raise LedgerMismatch(
        f"{mine.place} is not there in {environment}, but {mine.table} is, in schema "
        f"{', '.join(schemas)}: the DSN that {mine.name} uses names it, and this one does not.",
        f"Add ?schema={quote(schemas[0])} to the connection string in {source}; "
        f"?schema={mine.schema} if nothing was ever applied there.",
    )


def _mismatch(session: Session, mine: Ledger, there: Sequence[Ledger]) -> LedgerMismatch:
    environment = session.target.environment
    places = " and ".join(f"{one.place} ({one.name})" for one in there)
    lines = " or ".join(f'ledger = "{one.name}"' for one in dict.fromkeys([*there, mine]))
    if mine in there:
        return LedgerMismatch(
            f"{environment} has rows in {places}, and nothing here says which of them tells what "
            "is applied.",
            f"Write one of these lines on top of migrate-hooks.toml: {lines}.",
        )
    return LedgerMismatch(
        f"The migrations here would be looked up in {mine.place} ({mine.name}), which has no row "
        f"in {environment}; but {places} has. To go on would be to run everything again.",
        f"Check that {session.target.source} leads to the right database; if so, write one of "
        f"these lines on top of migrate-hooks.toml: {lines}.",
    )
