"""PRIMARY KEY on a table in use, with the index still to be built."""

from collections.abc import Iterable

from migrate_hooks.lint import definitions
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one, key in definitions.added(subject.operations):
        if key.kind != "primary key" or key.node.indexname:
            continue
        if subject.on_existing(one):
            listed = ", ".join(key.columns)
            name = key.name or f"{one.table}_pkey"
            yield Problem(
                f"PRIMARY KEY ({listed}) builds its index on {one.spelled}, and looks for NULLs "
                f"where a column is nullable, under an ACCESS EXCLUSIVE lock: nobody reads or "
                f"writes {one.spelled} until that is done.",
                f"Build it with CREATE UNIQUE INDEX CONCURRENTLY {name} ON {one.spelled} "
                f"({listed}), alone in a migration with the line `-- migrate-hooks: "
                f"no-transaction`, then ALTER TABLE {one.spelled} ADD CONSTRAINT {name} PRIMARY "
                f"KEY USING INDEX {name}.",
                *definitions.place_of(one, key.node),
            )


RULE = Rule(
    name="locks/primary-key-constraint",
    severity=Severity.CRITICAL,
    summary="A primary key builds its index while an existing table is out of reach.",
    why=(
        "The index is built from all rows under the strongest lock there is. CREATE UNIQUE INDEX "
        "CONCURRENTLY builds the same index beside readers and writers, and USING INDEX makes the "
        "key of it in a moment, if its columns are NOT NULL already."
    ),
    instead="CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... PRIMARY KEY USING INDEX.",
    check=_check,
    bad=(
        Example("ALTER TABLE users ADD PRIMARY KEY (id);\n"),
        Example('ALTER TABLE ONLY "Users" ADD CONSTRAINT pk PRIMARY KEY (a, b) INCLUDE (c);\n'),
        Example("ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (tenant, id);\n"),
        Example("ALTER TABLE users ADD COLUMN id bigserial PRIMARY KEY;\n"),
    ),
    good=(
        Example("ALTER TABLE users ADD PRIMARY KEY USING INDEX users_id_key;\n"),
        Example("CREATE TABLE users (id bigint PRIMARY KEY);\n"),
        Example("CREATE TABLE users (id bigint);\nALTER TABLE ONLY users ADD PRIMARY KEY (id);\n"),
        Example("CREATE UNIQUE INDEX CONCURRENTLY users_id_key ON users (id);\n"),
    ),
    replaces=("squawk/adding-serial-primary-key-field", "squawk/constraint-missing-not-valid"),
)
