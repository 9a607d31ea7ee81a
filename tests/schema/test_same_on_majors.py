"""The same SQL on any two supported major versions is no difference."""

from pathlib import Path

import pytest

from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.schema import snapshot
from migrate_hooks.schema.compare import compare
from tests import databases, majors
from tests.databases import Database

RICH = (Path(__file__).parent / "rich.sql").read_text()
# What reads otherwise on an older server unless somebody sees to it.
ODD = """
CREATE VIEW public.plain AS SELECT id, lower(name) AS lowered FROM public.customers WHERE id > 1;
CREATE VIEW public.renamed AS SELECT c.id, c.email FROM public.customers AS c ORDER BY c.id;
CREATE VIEW public.nested AS SELECT id FROM public.orders
    WHERE EXISTS (SELECT 1 FROM public.customers AS c WHERE c.id = orders.customer);
CREATE VIEW public.united AS SELECT id FROM public.orders UNION SELECT id FROM public.customers;
CREATE VIEW public.common AS WITH a AS (SELECT id FROM public.orders) SELECT id FROM a;
CREATE VIEW public.series AS SELECT n FROM generate_series(1, 5) AS n;
CREATE VIEW public.grouped AS SELECT customer, count(*) AS n FROM public.orders GROUP BY customer;
CREATE MATERIALIZED VIEW public.stored AS SELECT id FROM public.orders WHERE price > 1;
CREATE RULE also AS ON INSERT TO public.orders DO ALSO DELETE FROM public.scratch WHERE x = new.id;
CREATE FUNCTION public.sqlstandard(n int) RETURNS int LANGUAGE sql
    BEGIN ATOMIC SELECT id FROM public.orders WHERE id > n LIMIT 1; END;
CREATE POLICY inner_names ON public.customers FOR DELETE
    USING (id IN (SELECT customer FROM public.orders WHERE price > 1));
"""


def taken(database: Database) -> Snapshot:
    with postgres.session(database.target("dev")) as session:
        return snapshot.take(session, "dev")


@pytest.mark.parametrize("major", [14, 15, 16, 17])
def test_an_older_server_gives_the_same_snapshot(
    major: int, database: Database, embedded_folder: Path
) -> None:
    # PostgreSQL 14 does not know this option yet.
    text = RICH.replace("security_invoker", "security_barrier") if major == 14 else RICH
    older = majors.server(embedded_folder, major)
    other = databases.make(older)
    try:
        for each in (database, other):
            each.run(text + ODD)
        here, there = taken(database), taken(other)
    finally:
        databases.drop(older, other)
    assert (here.unchecked, there.unchecked) == ((), ())
    assert compare(here, there, {"public"}) == ()
    assert set(here.objects) == set(there.objects)
