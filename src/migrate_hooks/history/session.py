"""A step's session settings as SQL: one function, used by what is printed and by what is run."""

from migrate_hooks.model.history import SessionSettings

BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""How a step's transaction starts, whatever the role or the database has as its default: a frozen
snapshot would not show what another process applied while we waited for its lock."""


def settings_sql(settings: SessionSettings, *, local: bool) -> tuple[str, ...]:
    """Return the SET statements of a step; `local` ones end with their transaction."""
    scope = "SET LOCAL" if local else "SET"
    return (
        f"{scope} lock_timeout = '{settings.lock_timeout}ms'",
        f"{scope} statement_timeout = '{settings.statement_timeout}ms'",
        f"{scope} idle_in_transaction_session_timeout = "
        f"'{settings.idle_in_transaction_session_timeout}ms'",
    )
