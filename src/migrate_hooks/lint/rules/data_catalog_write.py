"""INSERT, UPDATE or DELETE on PostgreSQL's own catalogs."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE"})
_SETTINGS = "pg_settings"  # a view; writing to it means SET
_CATALOGS = frozenset(
    {
        "pg_attrdef", "pg_attribute", "pg_auth_members", "pg_authid", "pg_cast", "pg_class",
        "pg_collation", "pg_constraint", "pg_conversion", "pg_database", "pg_default_acl",
        "pg_depend", "pg_description", "pg_enum", "pg_event_trigger", "pg_extension",
        "pg_index", "pg_inherits", "pg_language", "pg_namespace", "pg_opclass", "pg_operator",
        "pg_partitioned_table", "pg_policy", "pg_proc", "pg_publication", "pg_rewrite",
        "pg_sequence", "pg_shdepend", "pg_statistic", "pg_subscription", "pg_tablespace",
        "pg_trigger", "pg_type",
    }
)  # fmt: skip


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind in _WRITES and _is_catalog(one):
            yield Problem(
                f"{one.kind} writes to the system catalog {one.table} directly: only a superuser "
                "may, nothing checks what depends on it, and sessions with cached plans do not "
                "notice. A mistake corrupts the database.",
                "Say it in SQL (ALTER TABLE, ALTER TYPE, DROP ...), which looks after the rest.",
                one.line,
                one.column,
            )


def _is_catalog(one: Operation) -> bool:
    if one.table == _SETTINGS:
        return False
    return one.schema == "pg_catalog" or (not one.schema and one.table in _CATALOGS)


RULE = Rule(
    name="data/catalog-write",
    severity=Severity.CRITICAL,
    summary="A migration writes to PostgreSQL's own catalogs.",
    why=(
        "Tricks that change pg_attribute or pg_enum by hand depend on the server's version, skip "
        "every check, and are forbidden at most providers. What goes wrong shows up much later, as "
        "rows that cannot be read or dumps that cannot be restored."
    ),
    instead="The statement that PostgreSQL offers for it.",
    check=_check,
    bad=(
        Example("UPDATE pg_attribute SET atttypmod = 54 WHERE attname = 'state';\n"),
        Example("DELETE FROM pg_catalog.pg_enum WHERE enumlabel = 'sad';\n"),
        Example("DO $$ BEGIN\n  UPDATE pg_index SET indisvalid = false;\nEND $$;\n"),
    ),
    good=(
        Example("UPDATE pg_settings SET setting = '5s' WHERE name = 'lock_timeout';\n"),
        Example("SELECT count(*) FROM pg_catalog.pg_class;\n"),
        Example("UPDATE shop.pg_class SET a = 1 WHERE id = 3;\n"),
        Example("COMMENT ON COLUMN orders.state IS 'not in pg_attribute';\n"),
    ),
)
