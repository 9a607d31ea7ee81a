"""Reading a DSN ourselves, because libpq's own errors repeat pieces of the password.

Two forms: `postgresql://user:password@host:port/database?key=value` and `host=… dbname=…`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from migrate_hooks.errors import BadDsn

_PASSED_ON = frozenset(
    {
        "channel_binding", "connect_timeout", "dbname", "gssencmode", "host", "keepalives",
        "keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts",
        "options", "password", "port", "require_auth", "sslcert", "sslcrl", "sslkey", "sslmode",
        "sslnegotiation", "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout",
        "user",
    }
)  # fmt: skip
_FOR_OTHERS = frozenset(
    {
        "application_name", "connection_limit", "pgbouncer", "pool_timeout", "pool_mode",
        "schema", "socket_timeout", "sslaccept", "statement_cache_size", "supa", "workaround",
    }
)  # fmt: skip
# Known to libpq and refused here: they read other files, or send us elsewhere than we would say.
_REFUSED = frozenset({"hostaddr", "passfile", "replication", "service", "sslpassword"})
_PLACEHOLDER = re.compile(r"\[YOUR[-_ ]?PASSWORD\]|<(your[-_ ])?password>|\[password\]", re.I)
_API_KEY = re.compile(r"eyJ[\w-]{8,}\.[\w-]*\.?[\w-]*|sb_(secret|publishable)_\S+|sbp_\S+")
_PAIR = re.compile(r"\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)", re.S)


@dataclass(frozen=True, slots=True)
class Dsn:
    """libpq parameters (the password among them) and what was understood or dropped.

    `pooled` is what Prisma's pgbouncer=true says: a transaction pooler is in between.
    """

    parameters: Mapping[str, str]
    schema: str | None
    notes: tuple[str, ...]
    pooled: bool = False


def parse(text: str, source: str) -> Dsn:
    """Return the parts of a DSN; `source` names it in messages, which never repeat its text.

    Raises BadDsn.
    """
    text = text.strip()
    _refuse_what_is_no_dsn(text, source)
    found = _parse_url(text, source) if "://" in text else _parse_pairs(text, source)
    return _interpret(found, source)


def _refuse_what_is_no_dsn(text: str, source: str) -> None:
    if "\0" in text or "%00" in text or not _is_unicode(text):
        raise BadDsn(
            f"{source} holds a character that no connection string has.",
            "Type it anew instead of pasting it, and save it as UTF-8.",
        )
    if _API_KEY.fullmatch(text):
        raise BadDsn(
            f"{source} holds an API key, not a connection string.",
            "Use the database's connection string (Supabase: Connect > Session pooler), "
            "which starts with postgresql://.",
        )
    if re.match(r"https?://", text, re.I):
        raise BadDsn(
            f"{source} holds a web address, not a connection string.",
            "Use the database's connection string, which starts with postgresql://.",
        )
    if re.match(r"(prisma|prisma\+postgres)://", text, re.I):
        raise BadDsn(
            f"{source} points at Prisma's proxy, which does not speak PostgreSQL's protocol.",
            "Use the direct connection string of the database (Prisma calls it directUrl).",
        )
    if text.lower().startswith("jdbc:"):
        raise BadDsn(f"{source} is a JDBC address.", "Drop the leading `jdbc:`.")
    if _PLACEHOLDER.search(text):
        raise BadDsn(
            f"{source} still has the placeholder for the password in it.",
            "Put the real password in its place; percent-encode @ : / ? # % and spaces.",
        )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes of the environment that are not UTF-8
        return False
    return True


def _parse_url(text: str, source: str) -> dict[str, str]:
    scheme, _, rest = text.partition("://")
    if not re.fullmatch(r"postgres(ql)?(\+\w+)?", scheme, re.I):
        raise BadDsn(
            f"{source} does not start with postgresql:// or postgres://.",
            "Use a PostgreSQL connection string: postgresql://user:password@host:5432/database.",
        )
    end = re.search(r"[/?#]", rest)
    authority, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    if authority.count("@") > 1 or "@" in tail or "#" in tail:
        raise BadDsn(
            f"{source} has a character in it that must be percent-encoded (in the password?).",
            "Write @ as %40, / as %2F, ? as %3F, # as %23, : as %3A and % as %25.",
        )
    login, _, hosts = authority.rpartition("@")
    path, _, query = tail.partition("?")
    user, _, password = login.partition(":")
    found = {"user": user, "password": password, "dbname": path.removeprefix("/")}
    found.update(_hosts(hosts, source))
    found = {name: _decode(value, source) for name, value in found.items() if value}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        found[_decode(name, source)] = _decode(value, source)
    return found


def _hosts(text: str, source: str) -> dict[str, str]:
    hosts, ports = [], []
    for part in text.split(",") if text else ():
        split = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]*)(?::(\d*))?", part)
        if split is None:
            raise BadDsn(
                f"{source} has a host that cannot be read.",
                "Write it as host:port; an IPv6 address stands in [brackets]; "
                "brackets in a password are %5B and %5D.",
            )
        hosts.append(split[1].strip("[]"))
        ports.append(split[2] or "5432")
    return {"host": ",".join(hosts), "port": ",".join(ports)} if hosts else {}


def _decode(text: str, source: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise BadDsn(
            f"{source} has a % that is not followed by two hex digits (in the password?).",
            "Write a literal % as %25.",
        )
    if re.search(r"\s", text):
        raise BadDsn(f"{source} has a space in it.", "Write a space as %20, or remove it.")
    return unquote(text)


def _parse_pairs(text: str, source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        pair = _PAIR.match(text, place)
        if pair is None or pair.end() == place:
            raise BadDsn(
                f"{source} is not a connection string.",
                "Write postgresql://user:password@host:5432/database, or host=… dbname=… user=….",
            )
        value = pair[2]
        quoted = value.startswith("'")
        found[pair[1]] = re.sub(r"\\(.)", r"\1", value[1:-1] if quoted else value)
        place = pair.end()
    return found


def _interpret(found: dict[str, str], source: str) -> Dsn:
    unknown = set(found) - _PASSED_ON - _FOR_OTHERS
    if unknown:
        # Any other name may be a piece of a password with & or = in it.
        named = ", ".join(sorted(unknown & _REFUSED)) or "libpq has none of that name"
        raise BadDsn(
            f"{source} has a parameter that is not accepted: {named}.",
            "Remove it, or write & as %26 and = as %3D if it is a piece of the password. "
            f"Accepted: {', '.join(sorted(_PASSED_ON))}.",
        )
    if not all(_is_port(port) for port in found.get("port", "5432").split(",")):
        raise BadDsn(
            f"{source} has a port that is no number from 1 to 65535.",
            "Write the port behind the host, as in host:5432.",
        )
    dropped = sorted(set(found) & (_FOR_OTHERS - {"schema"}))
    notes = tuple(f"{source}: {name} is meant for another client and ignored" for name in dropped)
    parameters = {name: value for name, value in found.items() if name in _PASSED_ON}
    if not parameters.get("dbname"):
        raise BadDsn(
            f"{source} names no database.", "End it with /database: never guess which one is meant."
        )
    pooled = found.get("pgbouncer", "").lower() == "true"
    return Dsn(parameters, found.get("schema"), notes, pooled)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65_536
