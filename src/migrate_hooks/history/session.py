"""A step's session settings as SQL: one function, used by what is printed and by what is run."""

from migrate_hooks.model.history import SessionSettings


def settings_sql(settings: SessionSettings, *, local: bool) -> tuple[str, ...]:
    """Return the SET statements of a step; `local` ones end with their transaction."""
    scope = "SET LOCAL" if local else "SET"
    return (
        f"{scope} lock_timeout = '{settings.lock_timeout}ms'",
        f"{scope} statement_timeout = '{settings.statement_timeout}ms'",
        f"{scope} idle_in_transaction_session_timeout = "
        f"'{settings.idle_in_transaction_session_timeout}ms'",
    )
