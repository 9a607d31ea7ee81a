"""A password or key that the repository would keep for ever."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.lexer import locator
from migrate_hooks.sql.operations import Operation

_JWT = re.compile(r"\beyJ[\w-]{8,}\.(eyJ[\w-]{8,})\.[\w-]{16,}")
_PATTERNS = (
    ("a JSON web token", _JWT),
    ("a secret key of Supabase", re.compile(r"\bsb_secret_[\w-]{16,}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a live key of Stripe", re.compile(r"\b[sr]k_live_\w{16,}")),
    ("an access key of AWS", re.compile(r"\bAKIA[0-9A-Z]{16}\b")),
    ("a token of GitHub", re.compile(r"\bgh[oprsu]_\w{36,}")),
    ("a token of Slack", re.compile(r"\bxox[abpr]-[\w-]{20,}")),
    (
        "a connection string with its password",
        re.compile(
            r"\bpostgres(?:ql)?://[^\s:/@'\"]+:(?!\*|<|\$|\[|\{|%)[^\s@'\"]+@(?!localhost|127\.)"
        ),
    ),
)
_FILLED_IN_LATER = re.compile(r"\$\{|\{\{|<.*>$|\[.*\]$|:['\"]?\w+|\*+$|%s|\$\d")
_HASHED = ("SCRAM-SHA-256$", "md5")
_PUBLIC = frozenset({"anon"})


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    yield from _passwords(subject.operations)
    locate = locator(subject.text)
    for what, pattern in _PATTERNS:
        for found in pattern.finditer(subject.text):
            if pattern is not _JWT or not _is_meant_for_all(found[1]):
                yield _problem(f"This is {what}", *locate(found.start()))


def _problem(what: str, line: int, column: int) -> Problem:
    return Problem(
        f"{what}. Whoever can read the repository, now or later, has it, and so has every backup.",
        "Remove it, replace the secret itself because it is known by now, and set the new one "
        "outside of migrations.",
        line,
        column,
    )


def _passwords(done: Iterable[Operation]) -> Iterator[Problem]:
    for one in done:
        read = _READERS.get(one.kind)
        for name, word in read(one) if read else ():
            if word and not _FILLED_IN_LATER.match(word) and not word.startswith(_HASHED):
                yield _problem(f"The password of {name} stands here", one.line, one.column)


def _of_role(one: Operation) -> Iterator[tuple[str, str]]:
    spec = one.node.role
    name = spec if isinstance(spec, str) else spec.rolename or "the current role"
    for option in (objects.unwrapped(each)[1] for each in one.node.options):
        if option.defname == "password":
            yield f"role {name}", "".join(objects.name_path(option.arg))


def _of_mapping(one: Operation) -> Iterator[tuple[str, str]]:
    for option in (objects.unwrapped(each)[1] for each in one.node.options):
        if option.defname == "password":
            yield f"server {one.node.servername}", "".join(objects.name_path(option.arg))


_READERS: dict[str, Callable[[Operation], Iterator[tuple[str, str]]]] = {
    "CreateRoleStmt": _of_role,
    "AlterRoleStmt": _of_role,
    "CreateUserMappingStmt": _of_mapping,
    "AlterUserMappingStmt": _of_mapping,
}


def _is_meant_for_all(payload: str) -> bool:
    """Return whether a token says that it is the public key, or that of the local demo project."""
    try:
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return False
    return isinstance(said, dict) and (
        said.get("role") in _PUBLIC or said.get("iss") == "supabase-demo"
    )


_SERVICE = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.0123456789abcdefghij"
_ANON = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.0123456789abcdefghij"

RULE = Rule(
    name="security/secret-in-sql",
    severity=Severity.CRITICAL,
    summary="A password, key or token stands in a migration.",
    why=(
        "A migration is kept in the repository for ever, is printed in logs of the server and of "
        "CI, and sets the same secret in every environment. A later commit does not remove it."
    ),
    instead="Set secrets outside of migrations: in the provider's vault or by the administrator.",
    check=_check,
    bad=(
        Example("CREATE ROLE app LOGIN PASSWORD 'hunter2hunter2';\n"),
        Example("ALTER USER app WITH ENCRYPTED PASSWORD 'hunter2hunter2';\n"),
        Example(f"SELECT net.http_post('https://a.example', '{_SERVICE}');\n"),
        Example("-- sb_secret_" + "0123456789abcdefghij\nSELECT 1;\n"),
        Example("INSERT INTO keys VALUES ('-----BEGIN RSA PRIVATE KEY-----');\n"),
        Example("SELECT dblink_connect('postgres://app:hunter2@db.example/app');\n"),
    ),
    good=(
        Example("CREATE ROLE app LOGIN;\n"),
        Example("ALTER ROLE app PASSWORD NULL;\n"),
        Example("CREATE ROLE app PASSWORD '${APP_PASSWORD}';\n"),
        Example(f"SELECT net.http_post('https://a.example', '{_ANON}');\n"),
        Example("SELECT dblink_connect('postgres://app@db.example/app');\n"),
        Example("COMMENT ON COLUMN users.password IS 'hashed, never plain';\n"),
    ),
)
