"""How a step's session is opened and left, as SQL: what is printed is what is sent."""

from migrate_hooks.model.history import SessionSettings

BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""How a step's transaction starts, whatever the role or the database has as its default: a frozen
snapshot would not show what another process applied while we waited for its lock."""

AS_BEFORE = (
    "BEGIN",
    "CLOSE ALL",
    "SET SESSION AUTHORIZATION DEFAULT",
    "RESET ROLE",
    "RESET ALL",
    "DEALLOCATE ALL",
    "UNLISTEN *",
    "SELECT pg_catalog.pg_advisory_unlock_all()",
    "DISCARD PLANS",
    "DISCARD TEMP",
    "DISCARD SEQUENCES",
    "COMMIT",
)
"""What DISCARD ALL does by its page in PostgreSQL's documentation, which itself may not stand among
other statements of one message: nothing that a file set reaches the next one."""


def settings_sql(settings: SessionSettings, *, local: bool) -> tuple[str, ...]:
    """Return the SET statements of a step; `local` ones end with their transaction."""
    scope = "SET LOCAL" if local else "SET"
    values = {
        "lock_timeout": settings.lock_timeout,
        "statement_timeout": settings.statement_timeout,
        "idle_in_transaction_session_timeout": settings.idle_in_transaction_session_timeout,
        "client_connection_check_interval": settings.client_connection_check_interval,
    }
    return tuple(
        f"{scope} {name} = '{value}ms'" for name, value in values.items() if value is not None
    )
