"""What SQL means to the server's parser, as one number; parsing costs time, so ask when in doubt.

Two texts of one fingerprint do the same, although comments, white space, case or superfluous
brackets differ. Constants count: a default of 3 and one of 4 are two things, which is why this is
no fingerprint in libpg_query's own sense.
"""

import hashlib
from collections.abc import Iterator

from migrate_hooks.sql.checksum import checksum
from migrate_hooks.sql.split import statements, unwrap


def fingerprint(text: str) -> str:
    """Return the hex SHA-256 over the statements of `text` as their parse trees spell them.

    A pair of BEGIN and COMMIT around everything does not count. A statement that no parser
    understands counts by its tokens.
    """
    digest = hashlib.sha256()
    for spelled in _spelled(text):
        raw = spelled.encode(errors="surrogatepass")
        digest.update(b"%d:%s" % (len(raw), raw))
    return digest.hexdigest()


def _spelled(text: str) -> Iterator[str]:
    import postgast
    from google.protobuf.message import DecodeError

    for statement in unwrap(statements(text)):
        words = statement.text.replace("\r\n", "\n")
        try:
            yield postgast.deparse(postgast.parse(words))
        except (postgast.PgQueryError, DecodeError):
            yield checksum(words)
