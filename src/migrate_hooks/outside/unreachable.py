"""Why there is no connection, in words that say what to do about it."""

from migrate_hooks.errors import Unreachable
from migrate_hooks.model.environment import Target

_WHY: tuple[tuple[str, str, str], ...] = (
    (
        "password authentication failed",
        "the server refused the password",
        "Check the password in {source}; characters such as @ : / must be percent-encoded.",
    ),
    (
        "no password supplied",
        "the server asks for a password and there is none",
        "Put the password into {source} (percent-encoded) or into ~/.pgpass.",
    ),
    (
        "no pg_hba.conf entry",
        "the server does not admit this user from this machine",
        "Ask for access, or check user, database and sslmode in {source}.",
    ),
    (
        "root certificate file",
        "there is no root certificate to check the server's own with",
        "Name the file with sslrootcert=… in {source}, or put it where libpq looks for it.",
    ),
    (
        "does not exist",
        "the database or role is not there",
        "Check the database name and user in {source}, or create them first.",
    ),
    (
        "failed to resolve host",
        "the host name is not known",
        "Check the host in {source}, and that the network is up.",
    ),
    ("connection refused", "nothing listens there", "Check host and port; is the server running?"),
    ("no such file or directory", "no server has its socket there", "Start the server."),
    ("timeout expired", "the server did not answer in time", "Check the network, VPN or firewall."),
    (
        "too many clients",
        "the server has no connection left",
        "Close some connections, then try again.",
    ),
    (
        "too many connections for",
        "this role or database has no connection left",
        "Close some connections, then try again; or ask for a higher CONNECTION LIMIT.",
    ),
    (
        "network is unreachable",
        "there is no network route to that host",
        "db.<project>.supabase.co has only IPv6: use the session pooler's host on port 5432.",
    ),
)


def unreachable(target: Target, said: str) -> Unreachable:
    """Return the failure that a connection is which libpq, in the words `said`, did not get."""
    place = f"{target.environment} ({target.address}, database {target.database})"
    lowered = said.lower()
    for sign, meaning, hint in _WHY:
        if sign in lowered:
            message = f"{place} was not checked: {meaning}."
            return Unreachable(message, hint.format(source=target.source))
    last = (said.strip().splitlines() or ["the server gave no reason"])[-1]
    hint = f"Check what {target.source} says about the connection, and that PostgreSQL is there."
    return Unreachable(f"{place} was not checked: {last}", hint)
