"""What a kind of database object is: a name, a query, and which of its columns identify."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """One kind of object that is compared.

    `query` returns one row an object, every value text or NULL. The columns named in `identity`
    come first and together name the object, starting with its schema where it has one; one that is
    NULL is left out. The columns named in `table` say which table the object belongs to, so that it
    is not reported on its own when that table is missing. All other columns are attributes.
    `min_server` is the oldest server version that has such objects, as a number like 150000.
    """

    name: str
    identity: tuple[str, ...]
    query: str
    table: tuple[str, str] | None = None
    min_server: int = 0
