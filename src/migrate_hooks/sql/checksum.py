"""What a piece of SQL says, as one number: layout and comments do not count, meaning does."""

import hashlib

from migrate_hooks.sql.lexer import TRIVIA, scan


def checksum(text: str) -> str:
    """Return the hex SHA-256 over the tokens of `text`.

    Comments, white space and superfluous terminators do not count. Words are folded as the server
    folds them (ASCII only); quoted names, strings and bodies count as written, with CRLF as LF.
    Each token is written with its length, so no two token lists can look alike.
    """
    digest = hashlib.sha256()
    pending = started = False
    for token in scan(text):
        if token.kind in TRIVIA:
            continue
        if token.kind == "semicolon":
            pending = started
            continue
        if pending:
            digest.update(b"1:;")
        pending, started = False, True
        digest.update(_canonical(token.kind, token.text))
    return digest.hexdigest()


def _canonical(kind: str, text: str) -> bytes:
    raw = text.replace("\r\n", "\n").encode(errors="surrogatepass")
    raw = raw.lower() if kind == "word" else raw
    return b"%d:%s" % (len(raw), raw)
