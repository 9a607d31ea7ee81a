"""The machine's clock; what happened in a database is dated by the server instead."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
