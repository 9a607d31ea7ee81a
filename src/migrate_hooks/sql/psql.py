"""What only psql can carry out, though it stands in a file of SQL."""

from itertools import pairwise

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.lexer import significant, tokens

_THROUGH_CLIENT = frozenset({("from", "stdin"), ("to", "stdout")})


def is_command(statement: Statement) -> bool:
    r"""Return whether it is one of psql's own commands, such as \connect."""
    return statement.verb == "\\"


def copies_through_client(statement: Statement) -> bool:
    """Return whether a COPY moves its rows through the client instead of a file of the server."""
    if statement.verb != "COPY":
        return False
    words = [token.text.lower() for token in significant(tokens(statement.text))]
    return any(pair in _THROUGH_CLIENT for pair in pairwise(words))
