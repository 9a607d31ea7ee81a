"""Changes that make PostgreSQL write a whole table anew."""

from collections.abc import Iterable

from migrate_hooks.lint import rewrites
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.rewrites import Rewrite
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_ADD = (
    "Add the column to {table} without it, set the default in a statement of its own, and fill "
    "old rows in batches (`migrate-hooks new NAME --template data-migration`)."
)
_QUIET = "Run it when nobody needs {table}, or leave {table} as it is."
_WHOLE: dict[str, tuple[str, str]] = {
    "ALTER TABLE SetLogged": ("SET LOGGED writes every row and its WAL", _QUIET),
    "ALTER TABLE SetUnLogged": ("SET UNLOGGED writes every row to a new file", _QUIET),
    "ALTER TABLE SetAccessMethod": ("SET ACCESS METHOD converts every row", _QUIET),
    "ALTER TABLE SetTableSpace": ("SET TABLESPACE copies the whole file", _QUIET),
    "ALTER TABLE SetExpression": (
        "SET EXPRESSION computes the generated column of every row",
        "Add a second generated column or fill a plain one in batches, and drop the old one later.",
    ),
    "VACUUM FULL": (
        "VACUUM FULL copies every living row to a new file",
        "Use plain VACUUM {table}, which blocks nobody, or pg_repack to give space back.",
    ),
    "CLUSTER": (
        "CLUSTER writes every row in the order of an index",
        "Run CLUSTER {table} when nobody needs it, or pg_repack with --order-by.",
    ),
}
_MOVES = frozenset({"AlterTableMoveAllStmt"})  # ALTER TABLE ALL IN TABLESPACE


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        found, hint = _rewrite(one)
        if found and (subject.on_existing(one) or not one.table):
            table = one.spelled or "the table"
            yield Problem(
                f"{found.reason[0].upper()}{found.reason[1:]}, so PostgreSQL writes {table} anew "
                f"under an ACCESS EXCLUSIVE lock: nobody reads or writes it until that is done.",
                hint.format(table=table),
                one.line,
                one.column,
                found.severity,
            )


def _rewrite(one: Operation) -> tuple[Rewrite | None, str]:
    if one.kind == "ALTER TABLE AddColumn":
        return rewrites.of_new_column(one), _ADD
    if one.kind in _MOVES or (one.kind == "ALTER OTHER" and _moves(one)):
        return Rewrite("SET TABLESPACE copies the whole file"), _QUIET
    reason, hint = _WHOLE.get(one.kind, ("", ""))
    return (Rewrite(reason), hint) if reason else (None, "")


def _moves(one: Operation) -> bool:
    """Return whether ALTER INDEX or ALTER MATERIALIZED VIEW brings its file elsewhere."""
    forms = (objects.unwrapped(each)[1] for each in one.node.cmds)
    return any(objects.enum_name(form, "subtype") == "AT_SetTableSpace" for form in forms)


RULE = Rule(
    name="locks/rewrite",
    severity=Severity.CRITICAL,
    summary="A change makes PostgreSQL write every row of an existing table anew.",
    why=(
        "A rewrite copies the table and builds all its indexes again, under a lock that stops "
        "reads as well. A constant default, now() or a VIRTUAL column needs none; a value that "
        "differs from row to row does."
    ),
    instead="Change the catalog first and the rows later, in batches.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ADD COLUMN number bigserial;\n"),
        Example("ALTER TABLE orders ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;\n"),
        Example("ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (once * 2) STORED;\n"),
        Example("ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();\n"),
        Example("ALTER TABLE orders ADD COLUMN seen timestamptz DEFAULT clock_timestamp();\n"),
        Example("ALTER TABLE orders SET UNLOGGED;\n"),
        Example("ALTER TABLE orders SET LOGGED;\n"),
        Example("ALTER TABLE orders SET TABLESPACE fast;\n"),
        Example("ALTER TABLE orders SET ACCESS METHOD columnar;\n"),
        Example("ALTER TABLE orders ALTER COLUMN twice SET EXPRESSION AS (once * 2);\n"),
        Example("ALTER INDEX orders_pkey SET TABLESPACE fast;\n"),
        Example("ALTER MATERIALIZED VIEW totals SET TABLESPACE fast;\n"),
        Example("ALTER TABLE ALL IN TABLESPACE slow SET TABLESPACE fast;\n"),
        Example("VACUUM FULL orders;\n"),
        Example("VACUUM (FULL, ANALYZE);\n"),
        Example("CLUSTER orders USING orders_pkey;\n"),
    ),
    good=(
        Example("ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';\n"),
        Example("ALTER TABLE orders ADD COLUMN made timestamptz NOT NULL DEFAULT now();\n"),
        Example("ALTER TABLE orders ADD COLUMN day date DEFAULT CURRENT_DATE;\n"),
        Example("ALTER TABLE orders ADD COLUMN v int GENERATED ALWAYS AS (once * 2) VIRTUAL;\n"),
        Example("ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();\n"),
        Example("ALTER TABLE orders CLUSTER ON orders_pkey;\n"),
        Example("VACUUM (ANALYZE) orders;\n"),
        Example("ALTER INDEX orders_pkey SET (fillfactor = 90);\n"),
        Example("ALTER VIEW totals SET (security_invoker = on);\n"),
        Example(
            "CREATE TABLE public.orders (id bigint);\n"
            "ALTER TABLE orders ADD COLUMN number bigserial;\nCLUSTER orders USING orders_pkey;\n"
        ),
    ),
    replaces=("squawk/adding-field-with-default",),
)
