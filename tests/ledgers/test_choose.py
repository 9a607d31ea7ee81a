"""Which ledger is read: the configured one, else the only one with rows; never a guess."""

from dataclasses import replace

import pytest

from migrate_hooks.errors import LedgerMismatch
from migrate_hooks.ledgers import choose, store
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.outside import postgres
from tests.databases import Database

ROWS = {
    "supabase": "INSERT INTO {} VALUES ('1')",
    "prisma": "INSERT INTO {} (id, checksum, migration_name) VALUES ('1', 'x', '1_a')",
    "own": "INSERT INTO {} (version, name, checksum, fingerprint, outcome)"
    " VALUES ('1', 'a', 'x', 'y', 'applied')",
}
USUAL, TOOLS = Wanted("supabase"), Wanted("supabase", own_tool=True)


def fill(database: Database, *names: str, rows: bool = True) -> None:
    with postgres.session(database.target()) as session:
        for name in names:
            ledger = store.by_name(name)
            store.ensure(session, ledger)
            if rows:
                session.run(ROWS[name].format(ledger.place))


def chosen(database: Database, wanted: Wanted) -> str:
    with postgres.session(database.target()) as session:
        return choose.ledger(session, wanted).name


@pytest.mark.parametrize(
    ("there", "wanted", "expected"),
    [
        ((), USUAL, "supabase"),
        (("supabase",), USUAL, "supabase"),
        (("supabase", "prisma"), TOOLS, "supabase"),
        (("prisma",), Wanted("prisma", own_tool=True), "prisma"),
        (("prisma",), Wanted("own", certain=True), "own"),
        (("supabase", "prisma", "own"), Wanted("own", certain=True), "own"),
    ],
)
def test_what_is_said_or_alone_is_taken(
    database: Database, there: tuple[str, ...], wanted: Wanted, expected: str
) -> None:
    fill(database, *there)
    assert chosen(database, wanted) == expected


@pytest.mark.parametrize(
    ("there", "wanted", "lines"),
    [
        (("prisma",), USUAL, ("prisma", "supabase")),
        (("own",), TOOLS, ("own", "supabase")),
        (("supabase", "own"), USUAL, ("own", "supabase")),
        (("supabase", "own"), Wanted("prisma", own_tool=True), ("own", "supabase", "prisma")),
    ],
)
def test_another_ledger_with_rows_is_explained(
    database: Database, there: tuple[str, ...], wanted: Wanted, lines: tuple[str, ...]
) -> None:
    fill(database, *there)
    with pytest.raises(LedgerMismatch) as caught:
        chosen(database, wanted)
    for name in there:
        assert store.by_name(name).place in caught.value.message
    assert " or ".join(f'ledger = "{name}"' for name in lines) in caught.value.hint


def test_empty_tables_say_nothing(database: Database) -> None:
    fill(database, "prisma", "own", rows=False)
    assert chosen(database, USUAL) == "supabase"


def test_one_that_may_not_be_read_is_not_taken_for_empty(database: Database) -> None:
    fill(database, "prisma")
    role = f"reader_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        with pytest.raises(LedgerMismatch, match="_prisma_migrations"):
            chosen(Database(database.name, {**database.parameters, "user": role}), USUAL)
    finally:
        database.run(f"DROP ROLE {role}")


def in_schema(database: Database, schema: str | None) -> str:
    target = replace(database.target(), schema=schema)
    with postgres.session(target) as session:
        return choose.ledger(session, Wanted("prisma", own_tool=True)).place


def test_a_dsn_that_forgot_the_schema_is_no_fresh_start(database: Database) -> None:
    with postgres.session(database.target()) as session:
        store.ensure(session, store.by_name("prisma", "my app"))
    with pytest.raises(LedgerMismatch, match="is, in schema my app") as caught:
        in_schema(database, None)
    assert "?schema=my%20app" in caught.value.hint
    assert in_schema(database, "my app") == '"my app"._prisma_migrations'
    assert in_schema(database, "public") == "public._prisma_migrations"
    fill(database, "prisma")
    assert in_schema(database, None) == "public._prisma_migrations"
