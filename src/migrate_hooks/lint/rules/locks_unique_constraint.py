"""UNIQUE on a table in use, with the index still to be built."""

from collections.abc import Iterable

from migrate_hooks.lint import definitions
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one, key in definitions.added(subject.operations):
        if key.kind != "unique" or key.node.indexname or not subject.on_existing(one):
            continue
        listed = ", ".join(key.columns)
        name = key.name or f"{one.table}_{'_'.join(key.columns)}_key"
        first = f"Add {listed} without UNIQUE, then build" if key.is_inline else "Build"
        yield Problem(
            f"UNIQUE ({listed}) builds its index on {one.spelled} under an ACCESS EXCLUSIVE lock: "
            f"nobody reads or writes {one.spelled} until that is done.",
            f"{first} it with CREATE UNIQUE INDEX CONCURRENTLY {name} ON {one.spelled} ({listed}), "
            "alone in a migration with the line `-- migrate-hooks: no-transaction`, then ALTER "
            f"TABLE {one.spelled} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}.",
            *definitions.place_of(one, key.node),
        )


RULE = Rule(
    name="locks/unique-constraint",
    severity=Severity.CRITICAL,
    summary="A UNIQUE constraint builds its index while an existing table is out of reach.",
    why=(
        "The index is built from all rows under the strongest lock there is. CREATE UNIQUE INDEX "
        "CONCURRENTLY builds the same index beside readers and writers, and USING INDEX makes a "
        "constraint of it in a moment."
    ),
    instead="CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX.",
    check=_check,
    bad=(
        Example("ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);\n"),
        Example("ALTER TABLE IF EXISTS shop.users ADD UNIQUE NULLS NOT DISTINCT (a, b);\n"),
        Example("ALTER TABLE users ADD COLUMN email text UNIQUE;\n"),
    ),
    good=(
        Example("ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX users_email_key;\n"),
        Example("CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\n"),
        Example("CREATE TABLE users (email text UNIQUE);\n"),
        Example("CREATE TABLE users (email text);\nALTER TABLE users ADD UNIQUE (email);\n"),
    ),
    replaces=("squawk/disallowed-unique-constraint", "squawk/constraint-missing-not-valid"),
)
