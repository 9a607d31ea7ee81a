"""Random changes to one of two equal databases: exactly those are found."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.schema import snapshot
from migrate_hooks.schema.compare import compare
from tests import databases
from tests.databases import Database

RICH = (Path(__file__).parent / "rich.sql").read_text()
NAME = st.sampled_from(["plain", "Mixed Case", 'quo"te', "a\tb\n", "ünï", "select", "\\", "1"])
# What is done, and how the differences that it makes are told; %1$I is a name of any kind.
CHANGES = (
    ("CREATE TABLE app.%1$I (id int)", "unexpected table"),
    ("ALTER TABLE public.orders ADD %1$I text", "unexpected column"),
    ("ALTER TABLE public.orders ALTER price SET DEFAULT 7", "changed column"),
    ("ALTER TABLE public.customers ALTER tags DROP NOT NULL", "changed column"),
    ("ALTER TABLE public.child ADD CONSTRAINT %1$I CHECK (x > 0)", "unexpected check constraint"),
    ("ALTER TABLE public.customers DROP CONSTRAINT in_order", "missing check constraint"),
    ("CREATE INDEX %1$I ON public.customers (since)", "unexpected index"),
    ("DROP INDEX public.orders_lower", "missing index"),
    ("CREATE VIEW app.%1$I AS SELECT 1 AS one", "unexpected view"),
    ("CREATE FUNCTION app.%1$I() RETURNS int LANGUAGE sql AS 'SELECT 1'", "unexpected function"),
    ("ALTER FUNCTION public.atomic COST 7", "changed function"),
    ("CREATE POLICY %1$I ON public.customers USING (true)", "unexpected policy"),
    ("DROP POLICY own ON public.customers", "missing policy"),
    ("ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY", "changed row security"),
    ("ALTER TYPE app.mood ADD VALUE %1$L", "changed enum"),
    ("CREATE SEQUENCE app.%1$I", "unexpected sequence"),
    ("ALTER SEQUENCE app.numbers NO CYCLE", "changed sequence"),
    ("COMMENT ON VIEW public.mine IS %1$L", "unexpected comment"),
    ("GRANT SELECT ON public.parent TO PUBLIC", "unexpected grant"),
    ("REVOKE SELECT ON public.orders FROM PUBLIC", "missing grant"),
    ("ALTER TABLE public.child REPLICA IDENTITY NOTHING", "changed table"),
    ("ALTER PUBLICATION news ADD TABLE public.child", "unexpected published table"),
    ("CREATE STATISTICS app.%1$I ON x, y FROM public.child", "unexpected statistics object"),
    ("ALTER TRIGGER stamp ON public.events RENAME TO %1$I", "missing trigger, unexpected trigger"),
    ("ALTER DOMAIN app.email DROP NOT NULL", "changed domain"),
    ("CREATE SCHEMA %1$I", "unexpected schema"),
)  # fmt: skip


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[tuple[Database, Database]]:
    made = databases.make(server), databases.make(server)
    for each in made:
        each.run(RICH)
    yield made
    for each in made:
        databases.drop(server, each)


@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(CHANGES), NAME), max_size=6, unique_by=lambda each: each[0][0]
    )
)
def test_exactly_what_was_changed_is_found(
    pair: tuple[Database, Database], changes: list[tuple[tuple[str, str], str]]
) -> None:
    with postgres.session(pair[0].target("dev")) as here:
        before = snapshot.read(here, "dev")
    after = changed(pair[1], changes)
    found = compare(*snapshot.apart(before, after), {"public"})
    told = sorted(f"{each.change} {each.kind}" for each in found)
    assert told == sorted(one for (_, tells), _ in changes for one in tells.split(", "))


def changed(database: Database, changes: list[tuple[tuple[str, str], str]]) -> snapshot.Reading:
    name = database.name + "_changed"
    administrator = Database("postgres", {**database.parameters, "dbname": "postgres"})
    administrator.run(f"CREATE DATABASE {name} TEMPLATE {database.name}")
    copy = Database(name, {**database.parameters, "dbname": name})
    try:
        with copy.connect() as connection:
            for number, ((words, _), label) in enumerate(changes):
                bound = psycopg.sql.Literal(f"{label}{number}").as_string()
                text = psycopg.sql.Literal(words).as_string()
                asked = connection.execute(f"SELECT format({text}, {bound})".encode())
                (sql,) = asked.fetchone() or ()
                connection.execute(sql.encode())
        with postgres.session(copy.target("staging")) as there:
            return snapshot.read(there, "staging")
    finally:
        administrator.run(f"DROP DATABASE {name} WITH (FORCE)")
