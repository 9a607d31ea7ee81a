"""ALTER COLUMN TYPE that writes a whole table or its indexes anew."""

from collections.abc import Iterable

from migrate_hooks.lint import old_types, rewrites
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.rewrites import Rewrite
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    is_utc = rewrites.sets_utc(subject.operations)
    told: dict[tuple[int, int], list[tuple[Operation, Rewrite]]] = {}
    for one in subject.operations:
        if one.kind == "ALTER TABLE AlterColumnType" and subject.on_existing(one):
            found = rewrites.of_new_type(one, is_utc, old_types.of(one, subject, context))
            if found:
                place = (one.statement.line, one.statement.column)
                told.setdefault(place, []).append((one, found))
    yield from (_problem(changes) for changes in told.values())


def _problem(changes: list[tuple[Operation, Rewrite]]) -> Problem:
    """Return one problem for all columns of a statement, which share one rewrite."""
    one, found = min(changes, key=lambda change: list(Severity).index(change[1].severity))
    columns = ", ".join(change.node.name for change, _ in changes)
    what = "types" if len(changes) > 1 else "type"
    return Problem(
        f"The {what} of {columns} in {one.spelled} change{'' if len(changes) > 1 else 's'} under "
        f"an ACCESS EXCLUSIVE lock, and {found.reason}: nobody reads or writes {one.spelled} "
        "until that is done.",
        f"Add a column of the new type to {one.spelled}, keep both in step with a trigger, copy "
        f"old rows in batches, switch the code and drop {one.node.name} later.",
        one.line,
        one.column,
        found.severity,
    )


RULE = Rule(
    name="locks/type-change",
    severity=Severity.CRITICAL,
    summary="A column of an existing table gets a type that its rows must be written anew for.",
    why=(
        "Unless both types look the same on disk, PostgreSQL copies the table and builds all its "
        "indexes again while nobody may read it. Widening to text or to varchar without a limit "
        "only changes the catalog. A varchar or numeric with a limit does so, too, when the limit "
        "grows; where neither earlier migrations nor DOWN tell the old limit, that is a warning."
    ),
    instead="Add a second column, copy in batches, switch over; or widen to text.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ALTER COLUMN id TYPE bigint;\n"),
        Example(
            "ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::order_state;\n"
        ),
        Example("ALTER TABLE orders ALTER COLUMN state TYPE text USING lower(state);\n"),
        Example("ALTER TABLE orders ALTER COLUMN state TYPE varchar(50);\n"),
        Example("ALTER TABLE orders ALTER COLUMN made TYPE timestamptz;\n"),
        Example('ALTER TABLE orders ALTER COLUMN state TYPE text COLLATE "C";\n'),
        Example(
            "-- Up\nALTER TABLE orders ALTER COLUMN state TYPE text;\n"
            "-- Down\nALTER TABLE orders ALTER COLUMN state TYPE integer USING state::integer;\n"
        ),
        Example("ALTER TABLE orders ALTER COLUMN tags TYPE text[];\n"),
    ),
    good=(
        Example("ALTER TABLE orders ALTER COLUMN state TYPE text;\n"),
        Example("ALTER TABLE orders ALTER COLUMN state TYPE text USING state::text;\n"),
        Example("ALTER TABLE orders ALTER COLUMN state TYPE varchar;\n"),
        Example(
            "-- Up\nALTER TABLE orders ALTER COLUMN state TYPE varchar(50);\n"
            "-- Down\nALTER TABLE orders ALTER COLUMN state TYPE varchar(20);\n"
        ),
        Example("SET LOCAL timezone = 'UTC';\nALTER TABLE orders ALTER made TYPE timestamptz;\n"),
        Example("CREATE TABLE orders (id int);\nALTER TABLE orders ALTER id TYPE bigint;\n"),
    ),
    replaces=("squawk/changing-column-type", "squawk/prefer-text-field"),
)
