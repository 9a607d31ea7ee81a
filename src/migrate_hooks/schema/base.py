"""What a kind of database object is: a name, a query, and which of its columns identify."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """One kind of object that is compared.

    `query` returns one row an object and may name what `scope.SCOPE` offers. The columns of
    `identity` together name the object, starting with its schema where it has one; one that is NULL
    is left out. The columns named in `table` say which table the object belongs to, so that it is
    not reported on its own when that table is missing. `attributes` are what is compared.
    `newer` are (server version like 150000, query) for servers that know more; the last one that
    fits is asked instead of `query`. `recorded_in` is the catalog with a row for each such object,
    and its column of OIDs where the server itself has rows there: where nobody else has one, the
    query need not be asked, and to plan it would take longer than to run it.
    """

    name: str
    identity: tuple[str, ...]
    query: str
    attributes: tuple[str, ...] = ()
    table: tuple[str, str] | None = None
    newer: tuple[tuple[int, str], ...] = ()
    recorded_in: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the query that count, each once, in the order in which they are read."""
        return tuple(dict.fromkeys((*self.identity, *(self.table or ()), *self.attributes)))
