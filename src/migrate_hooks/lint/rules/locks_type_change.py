"""ALTER COLUMN TYPE that writes a whole table or its indexes anew."""

from collections.abc import Iterable

from migrate_hooks.lint import rewrites
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    is_utc = rewrites.sets_utc(subject.operations)
    for one in subject.operations:
        if one.kind != "ALTER TABLE AlterColumnType" or not subject.on_existing(one):
            continue
        found = rewrites.of_new_type(one, is_utc)
        if found:
            yield Problem(
                f"The type of {one.spelled}.{one.node.name} changes under an ACCESS EXCLUSIVE "
                f"lock on {one.spelled}, and {found.reason}: nobody reads or writes {one.spelled} "
                "until that is done.",
                f"Add a column of the new type to {one.spelled}, keep both in step with a trigger, "
                f"copy old rows in batches, switch the code and drop {one.node.name} later.",
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
        "grows; whether it does the file cannot tell, so that is a warning."
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
        Example("ALTER TABLE orders ALTER COLUMN tags TYPE text[];\n"),
    ),
    good=(
        Example("ALTER TABLE orders ALTER COLUMN state TYPE text;\n"),
        Example("ALTER TABLE orders ALTER COLUMN state TYPE text USING state::text;\n"),
        Example("ALTER TABLE orders ALTER COLUMN state TYPE varchar;\n"),
        Example("SET LOCAL timezone = 'UTC';\nALTER TABLE orders ALTER made TYPE timestamptz;\n"),
        Example("CREATE TABLE orders (id int);\nALTER TABLE orders ALTER id TYPE bigint;\n"),
    ),
    replaces=("squawk/changing-column-type", "squawk/prefer-text-field"),
)
