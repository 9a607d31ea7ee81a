"""The order of a repair, found on a real server: what waits, what goes for a time, what is left."""

from collections.abc import Callable, Iterator

import pytest

from migrate_hooks.actions import drift_route
from migrate_hooks.actions.drift_batches import Aim, Mode, Route
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.schema import repair
from migrate_hooks.schema.remedy import Piece
from migrate_hooks.schema.snapshot import take
from tests import databases
from tests.databases import Database

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
Pair = tuple[Database, Database]


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[Pair]:
    """Two databases for all tests: what is there, and what should be."""
    made = databases.make(server), databases.make(server)
    yield made
    for each in made:
        databases.drop(server, each)


def snapshot(database: Database) -> Snapshot:
    with postgres.session(database.target()) as session:
        return take(session, "it")


def reason(piece: Piece) -> str:
    return piece.reason


def gone(
    pair: Pair,
    have: str,
    want: str,
    refuse: Callable[[Piece], str] = reason,
    only: Mode | None = None,
) -> Route:
    """Make both databases, and go from the one to the other."""
    for database, sql in zip(pair, (have, want), strict=True):
        database.run(EMPTY + sql)
    aim = Aim(snapshot(pair[1]), 180_004, refuse, only)
    with postgres.session(pair[0].target()) as session:
        route = drift_route.find(session, take(session, "it"), aim, {})
        if not route.left:
            assert repair.differences(take(session, "it"), aim.goal) == ()
        return route


def sql(route: Route) -> list[list[str]]:
    return [[piece.sql for _, piece in batch.pieces] for batch in route.batches]


ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, total {total}, state text);"


def test_batches_are_a_transaction_then_what_cannot_be_in_one_then_what_is_long(pair: Pair) -> None:
    more = "CREATE INDEX by_state ON orders (state); ALTER TABLE orders ADD CHECK (id > 0);"
    plain = ORDERS.format(total="integer")
    route = gone(pair, plain, f"{plain}{more} COMMENT ON INDEX by_state IS 'why';")
    assert [batch.mode for batch in route.batches] == [Mode.WHOLE, Mode.ALONE, Mode.APART]
    (check,), (build, remark), (validate,) = sql(route)
    assert "NOT VALID" in check
    assert build.startswith("CREATE INDEX CONCURRENTLY")
    assert remark.startswith("COMMENT ON INDEX")
    assert "VALIDATE CONSTRAINT" in validate


def test_in_one_transaction_nothing_is_concurrent(pair: Pair) -> None:
    plain = ORDERS.format(total="integer")
    route = gone(pair, plain, f"{plain} CREATE INDEX by_state ON orders (state)", only=Mode.WHOLE)
    ((build,),) = sql(route)
    assert build.startswith("CREATE INDEX IF NOT EXISTS by_state")


def test_what_stands_above_a_change_goes_for_a_time_with_all_that_is_said_of_it(pair: Pair) -> None:
    """Views on views, a policy, their grants and comments: nobody sees them missing in between."""
    above = """
        CREATE VIEW sums AS SELECT total, state FROM orders;
        CREATE VIEW open AS SELECT total FROM sums WHERE state = 'open';
        COMMENT ON VIEW open IS 'what is open';
        GRANT SELECT ON open TO pg_monitor;
        CREATE POLICY paid ON orders USING (total > 0);
    """
    have, want = (ORDERS.format(total=kind) + above for kind in ("integer", "bigint"))
    route = gone(pair, have, want)
    assert route.left == ()
    (batch,) = sql(route)
    words = " ".join(batch)
    assert words.index("DROP VIEW IF EXISTS public.open") < words.index("TYPE bigint")
    for again in ("VIEW public.sums AS", "VIEW public.open AS", "POLICY paid", "'what is open'"):
        assert words.index(again) > words.index("TYPE bigint")
    assert "CREATE INDEX" not in words  # what PostgreSQL itself keeps is not made again


def test_a_view_with_other_columns_is_made_anew(pair: Pair) -> None:
    have, want = (
        f"{ORDERS.format(total='integer')} CREATE VIEW sums AS SELECT {columns} FROM orders;"
        "COMMENT ON VIEW sums IS 'why'"
        for columns in ("id, total", "total")
    )
    words = " ".join(sql(gone(pair, have, want))[0])
    assert words.index("DROP VIEW") < words.rindex("VIEW public.sums AS") < words.index("'why'")


def test_what_fails_waits_for_what_it_needs(pair: Pair) -> None:
    """A default that calls a function that reads another table that comes later in the order."""
    want = """
        CREATE TABLE zones (id bigint PRIMARY KEY);
        CREATE FUNCTION first_zone() RETURNS bigint LANGUAGE sql
            AS 'SELECT min(id) FROM public.zones';
        CREATE TABLE houses (id bigint PRIMARY KEY, zone bigint DEFAULT first_zone());
    """
    (batch,) = sql(gone(pair, "", want))
    words = " ".join(batch)
    assert words.index("TABLE IF NOT EXISTS public.zones") < words.index("FUNCTION")
    assert words.index("FUNCTION") < words.index("public.houses")


def test_a_new_label_is_used_in_another_transaction(pair: Pair) -> None:
    """PostgreSQL refuses a label in the transaction that brought it."""
    have, want = (
        f"CREATE TYPE mood AS ENUM ({labels}); CREATE TABLE days (id bigint, m mood {default})"
        for labels, default in (("'ok'", ""), ("'ok', 'sad'", "DEFAULT 'sad'"))
    )
    route = gone(pair, have, want)
    assert route.left == ()
    assert len(route.batches) == 2


def test_what_is_refused_stays_with_all_that_belongs_to_it(pair: Pair) -> None:
    have = f"{ORDERS.format(total='integer')} CREATE TABLE old (id bigint PRIMARY KEY, at date);"
    want = f"{ORDERS.format(total='integer')} ALTER TABLE orders ADD COLUMN note text"

    def refuse(piece: Piece) -> str:
        return "it loses rows" if piece.loses else ""

    route = gone(pair, have, want, refuse)
    assert [(one.key, one.reason) for one in route.left] == [
        (("table", ("public", "old")), "it loses rows")
    ]
    assert "DROP TABLE" in route.left[0].sql[0]
    assert sql(route) == [["ALTER TABLE public.orders ADD COLUMN IF NOT EXISTS note text"]]


def test_what_postgresql_refuses_is_left_with_its_own_words(pair: Pair) -> None:
    """The function's body names a table that neither side has any more."""
    lost = """
        CREATE TABLE gone (id bigint);
        CREATE FUNCTION lost() RETURNS bigint LANGUAGE sql AS 'SELECT id FROM public.gone';
        DROP TABLE gone;
    """
    route = gone(pair, "", f"{lost} CREATE SCHEMA IF NOT EXISTS extra; DROP SCHEMA extra;")
    (left,) = route.left
    assert left.key == ("function", ("public", "lost", "()"))
    assert left.reason == 'relation "public.gone" does not exist'
    assert not left.refused


def test_what_cannot_be_dropped_to_be_made_again_is_left_with_what_stands_in_its_way(
    pair: Pair,
) -> None:
    """A default is part of its table, which nothing takes apart for the name of a parameter."""
    uses = "CREATE FUNCTION tax({name} int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    table = "CREATE TABLE t (a int DEFAULT tax(1));"
    route = gone(pair, uses.format(name="n") + table, uses.format(name="amount") + table)
    (left,) = route.left
    assert left.sql[0] == "DROP FUNCTION IF EXISTS public.tax(integer)"
    assert left.sql[1].startswith("CREATE OR REPLACE FUNCTION public.tax(amount integer)")
    assert "default value for column a of table t depends on function tax" in left.reason


def test_an_index_becomes_the_constraint_of_its_name_without_being_built_again(pair: Pair) -> None:
    plain = ORDERS.format(total="integer")
    index = f"{plain} CREATE UNIQUE INDEX one_state ON orders (state);"
    key = f"{plain} ALTER TABLE orders ADD CONSTRAINT one_state UNIQUE (state);"
    words = " ".join(piece for batch in sql(gone(pair, index, key)) for piece in batch)
    assert "USING INDEX one_state" in words
    assert "DROP INDEX" not in words
    other = f"{plain} CREATE INDEX one_state ON orders (total);"
    words = " ".join(piece for batch in sql(gone(pair, other, key)) for piece in batch)
    assert words.index("DROP INDEX") < words.index("USING INDEX one_state")


def test_a_role_that_is_named_and_missing_is_made(pair: Pair) -> None:
    name = f"reader_{pair[0].name}"
    plain = ORDERS.format(total="integer")
    route_sql = f"{plain} GRANT SELECT ON orders TO {name}"
    pair[0].run(f"CREATE ROLE {name}")
    for database, text in zip(pair, (plain, route_sql), strict=True):
        database.run(EMPTY + text)
    have, want = map(snapshot, pair)
    pair[1].run(f"{EMPTY} DROP ROLE {name}")
    with postgres.session(pair[0].target()) as session:
        route = drift_route.find(session, have, Aim(want, 180_004, reason), {})
    pair[0].run(f"{EMPTY} DROP ROLE {name}")
    assert (set(route.roles), route.left) == ({name}, ())
