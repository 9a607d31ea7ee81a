"""Every check of a live database, on a real server: what is bad is found, what is good is not."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import psycopg
import pytest

from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.outside import postgres
from migrate_hooks.schema import health
from migrate_hooks.schema.checks import idle_transaction, lock_wait, prepared_transaction
from migrate_hooks.schema.health import Examined, Surroundings
from tests.databases import Database

ORDERS = "CREATE TABLE orders (id int PRIMARY KEY, total int);"
SUPABASE = """
CREATE SCHEMA auth; CREATE TABLE auth.users (id int, raw_app_meta_data jsonb);
CREATE INDEX broken ON auth.users (id);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'auth.broken'::regclass;
"""
INVALID = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{}'::regclass;"


def examined(
    database: Database, *, is_exposed: bool = False, touched: bool = True
) -> dict[str, Examined]:
    around = Surroundings("staging", "me", ("public",), is_exposed, lambda _schema, _table: touched)
    with postgres.session(database.target()) as session:
        return {one.check.name: one for one in health.examine(session, around)}


def only(database: Database, name: str, **rest: bool) -> Finding:
    """Return what the check of that name found; no other one may have found anything."""
    found = examined(database, **rest)
    assert [check for check, one in found.items() if one.findings] == [name]
    (finding,) = found[name].findings
    return finding


def clean(database: Database, **rest: bool) -> bool:
    return not any(one.findings or one.unread for one in examined(database, **rest).values())


# name of the check, SQL that makes it bad, severity, words of the message or the hint
BAD = [
    (
        "invalid-index",
        ORDERS + "CREATE INDEX by_total ON orders (total);" + INVALID.format("by_total"),
        "critical",
        "DROP INDEX CONCURRENTLY public.by_total;",
    ),
    (
        "invalid-index",
        ORDERS + 'CREATE UNIQUE INDEX "By total" ON orders (total);' + INVALID.format('"By total"'),
        "critical",
        "that its values are unique is not certain",
    ),
    (
        "invalid-index",
        "CREATE TABLE m (d int) PARTITION BY LIST (d); CREATE TABLE m1 PARTITION OF m FOR VALUES "
        "IN (1); CREATE INDEX by_d ON ONLY m (d);",
        "critical",
        "ALTER INDEX public.by_d ATTACH PARTITION",
    ),
    (
        "not-valid-constraint",
        ORDERS + "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
        "warning",
        "ALTER TABLE public.orders VALIDATE CONSTRAINT positive;",
    ),
    (
        "not-valid-constraint",
        ORDERS + "CREATE TABLE lines (o int); ALTER TABLE lines ADD CONSTRAINT of_order FOREIGN "
        "KEY (o) REFERENCES orders NOT VALID;",
        "warning",
        "ALTER TABLE public.lines VALIDATE CONSTRAINT of_order;",
    ),
    (
        "not-valid-constraint",
        "CREATE DOMAIN price AS int; ALTER DOMAIN price ADD CONSTRAINT up CHECK (VALUE > 0) "
        "NOT VALID;",
        "warning",
        "ALTER DOMAIN public.price VALIDATE CONSTRAINT up;",
    ),
    (
        "row-security",
        ORDERS + "CREATE POLICY own ON orders USING (true);",
        "critical",
        "none of them is asked",
    ),
    (
        "sequence-end",
        "CREATE TABLE t (id serial); SELECT setval('t_id_seq', 1900000000);",
        "warning",
        "Make public.t.id a bigint",
    ),
    (
        "sequence-end",
        "CREATE TABLE t (id serial); SELECT setval('t_id_seq', 2147483000);",
        "critical",
        "every INSERT into public.t fails",
    ),
    (
        "sequence-end",
        "CREATE SEQUENCE s AS int; CREATE TABLE t (id bigint DEFAULT nextval('s'));"
        "SELECT setval('s', 2147483000);",
        "critical",
        "ALTER SEQUENCE public.s AS bigint;",
    ),
    (
        "sequence-end",
        "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'));"
        "SELECT setval('s', 2147483000);",
        "critical",
        "2,147,483,000 of 2,147,483,647",
    ),
    (
        "sequence-end",
        "CREATE TABLE t (id smallint GENERATED ALWAYS AS IDENTITY); "
        "SELECT setval('t_id_seq', 32000);",
        "critical",
        "Make public.t.id a bigint",
    ),
    (
        "sequence-end",
        "CREATE SEQUENCE s AS int INCREMENT -1; SELECT setval('s', -2147483000);",
        "critical",
        "ALTER SEQUENCE public.s AS bigint;",
    ),
    (
        "sequence-end",
        "CREATE SEQUENCE s MAXVALUE 1000; SELECT setval('s', 900);",
        "warning",
        "ALTER SEQUENCE public.s NO MAXVALUE;",
    ),
    (
        "disabled-trigger",
        ORDERS + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER noisy BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();"
        "ALTER TABLE orders DISABLE TRIGGER noisy;",
        "warning",
        "ALTER TABLE public.orders ENABLE TRIGGER noisy;",
    ),
    (
        "disabled-trigger",
        ORDERS + "CREATE TABLE lines (o int CONSTRAINT of_order REFERENCES orders);"
        "ALTER TABLE lines DISABLE TRIGGER ALL;",
        "critical",
        "keep the constraint of_order",
    ),
    (
        "pending-detach",
        "CREATE TABLE m (d int) PARTITION BY LIST (d); CREATE TABLE m1 PARTITION OF m FOR VALUES "
        "IN (1); UPDATE pg_inherits SET inhdetachpending = true "
        "WHERE inhrelid = 'm1'::regclass;",
        "critical",
        "ALTER TABLE public.m DETACH PARTITION public.m1 FINALIZE;",
    ),
]


@pytest.mark.parametrize(
    ("name", "sql", "severity", "words"), BAD, ids=[f"{bad[0]}-{i}" for i, bad in enumerate(BAD)]
)
def test_what_is_bad_is_found(
    database: Database, name: str, sql: str, severity: str, words: str
) -> None:
    database.run(sql)
    found = only(database, name)
    assert (found.code, found.severity) == (f"verify/{name}", severity)
    assert words in f"{found.message} {found.hint}", found


# Whole statements in a hint, without anything left to fill in.
_STATEMENT = re.compile(r"(?:ALTER|DROP) [^;…()]*;")
MENDED = [
    *(sql for _, sql, _, words in BAD if _STATEMENT.search(words)),
    'CREATE TABLE "order" (id int); ALTER TABLE "order" ADD CONSTRAINT "check" CHECK (id > 0)'
    " NOT VALID;",
    'CREATE SCHEMA "My shop"; CREATE TABLE "My shop"."Or""der" (id int CONSTRAINT "user" UNIQUE);'
    'CREATE INDEX "By id" ON "My shop"."Or""der" (id);' + INVALID.format('"My shop"."By id"'),
    'CREATE SCHEMA "table"; CREATE SEQUENCE "table"."end" AS int; '
    'SELECT setval(\'"table"."end"\', 2147483000);',
]


@pytest.mark.parametrize("sql", MENDED)
def test_what_a_hint_says_can_be_typed_and_mends_it(database: Database, sql: str) -> None:
    database.run(sql)
    (finding,) = [one for found in examined(database).values() for one in found.findings]
    statements = _STATEMENT.findall(finding.hint)
    assert statements, finding.hint
    for statement in statements:
        database.run(statement)
    assert clean(database)


GOOD = {
    "empty": "SELECT 1",
    "whole": ORDERS + "CREATE INDEX ON orders (total); CREATE TABLE lines (o int REFERENCES orders,"
    " n serial CHECK (n > 0)); INSERT INTO lines DEFAULT VALUES;",
    "no-stranger": ORDERS,
    "cycling": "CREATE SEQUENCE s MAXVALUE 10 CYCLE; SELECT setval('s', 10);",
    "unused": "CREATE SEQUENCE s MAXVALUE 5;",
    "provider": SUPABASE,
    "replica-trigger": ORDERS + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN NEW; END'; CREATE TRIGGER noisy BEFORE INSERT ON orders FOR EACH ROW EXECUTE "
    "FUNCTION f(); ALTER TABLE orders ENABLE REPLICA TRIGGER noisy;",
    "not-enforced": ORDERS + "ALTER TABLE orders ADD CONSTRAINT p CHECK (total > 0) NOT ENFORCED;",
}


@pytest.mark.parametrize("sql", GOOD.values(), ids=GOOD)
def test_what_is_good_is_left_alone(database: Database, sql: str) -> None:
    """Also what a provider manages, and what somebody meant to be so."""
    database.run(sql)
    assert clean(database)


def test_an_older_server_passes_the_same_checks(database16: Database) -> None:
    database16.run(BAD[3][1])
    assert only(database16, "not-valid-constraint").severity is Severity.WARNING


def test_a_hostile_search_path_changes_nothing(database: Database) -> None:
    database.run(
        f"ALTER DATABASE {database.name} SET search_path = evil, pg_catalog; CREATE SCHEMA evil;"
        "CREATE FUNCTION evil.dotted(text) RETURNS text LANGUAGE sql AS 'SELECT 1/0 || $1';"
        "CREATE FUNCTION evil.coalesce(name, name) RETURNS name LANGUAGE sql AS 'SELECT $1';"
    )
    assert clean(database)


@contextmanager
def roles(database: Database, *names: str) -> Iterator[None]:
    """Supabase's roles, shared by the whole server."""
    made = []
    for name in names:
        with suppress(psycopg.errors.DuplicateObject):
            database.run(f"CREATE ROLE {name}")
            made.append(name)
    try:
        yield
    finally:
        for name in names:
            database.run(f"DROP OWNED BY {name}")
        for name in made:
            with suppress(psycopg.errors.DependentObjectsStillExist):
                database.run(f"DROP ROLE {name}")


def test_row_security_is_wanted_where_an_api_opens_the_schema(database: Database) -> None:
    """Said by the project or told by the database being one of Supabase; GRANTs make it worse."""
    database.run(ORDERS + "CREATE SCHEMA inner_; CREATE TABLE inner_.t (a int);")
    assert clean(database)
    found = only(database, "row-security", is_exposed=True)
    assert (found.severity, "public.orders" in found.message) == (Severity.WARNING, True)
    database.run(SUPABASE)
    assert only(database, "row-security").severity is Severity.WARNING
    with roles(database, "anon", "authenticated"):
        database.run("GRANT SELECT ON orders TO anon")
        found = only(database, "row-security")
        assert (found.severity, "role anon may" in found.message) == (Severity.CRITICAL, True)
        database.run("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
        assert clean(database)


@contextmanager
def blocked(database: Database) -> Iterator[int]:
    """A session that waits for a table which another one keeps from it; yields the blocker."""
    with ExitStack() as stack:
        holder = stack.enter_context(closing(database.connect()))
        waiter = stack.enter_context(closing(database.connect()))
        holder.execute("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")

        def wait() -> None:
            with suppress(psycopg.Error):
                waiter.execute("SELECT * FROM orders")

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            # Only this waiter: other tests have theirs on the same server.
            wanted = (
                f"SELECT 1 FROM pg_locks WHERE NOT granted AND pid = {waiter.info.backend_pid} "
                "AND waitstart < now() - '1.1 s'::interval"
            )
            while not database.run(wanted):
                time.sleep(0.05)
            yield holder.info.backend_pid
        finally:
            holder.execute("ROLLBACK")
            thread.join()


def test_who_waits_for_a_table_of_a_migration_is_named_with_the_blocker(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run(ORDERS)
    with blocked(database) as pid:
        found = only(database, "lock-wait")
        assert found.severity is Severity.WARNING
        assert f"pg_terminate_backend({pid})" in found.hint
        assert "AccessShareLock on public.orders" in found.message
        monkeypatch.setattr(lock_wait, "CRITICAL_SECONDS", 1)
        assert only(database, "lock-wait").severity is Severity.CRITICAL
        assert clean(database, touched=False), "no migration has to do with that table"
    assert clean(database)


def impatient(monkeypatch: pytest.MonkeyPatch, module: object, check: health.Check) -> None:
    """Let `module`'s check find at once what it finds after five minutes."""
    wanted = tuple(
        health.Check(
            one.name, one.good, one.query.replace("'300 seconds'", "'0 seconds'"), one.judge
        )
        if one.name == check.name
        else one
        for one in health.checks()
    )
    monkeypatch.setattr(health, "checks", lambda: wanted)


def test_an_idle_transaction_is_found_with_what_it_holds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run(ORDERS)
    with closing(database.connect()) as idler:
        idler.execute("SET application_name = 'a laptop'; BEGIN; LOCK TABLE orders")
        assert clean(database), "it has not been idle for long"
        impatient(monkeypatch, idle_transaction, idle_transaction.CHECK)
        found = only(database, "idle-transaction")
        assert found.severity is Severity.WARNING
        assert "(a laptop)" in found.message
        assert "public.orders" in found.message
        monkeypatch.setattr(idle_transaction, "CRITICAL_SECONDS", 0)
        assert only(database, "idle-transaction").severity is Severity.CRITICAL
        idler.execute("COMMIT")
        assert clean(database)


def test_prepared_transactions_are_judged_by_their_age() -> None:
    """Text in, text out: servers refuse PREPARE TRANSACTION unless they are configured for it."""
    around = Surroundings("staging", "me", (), False, lambda _schema, _table: True)
    row = {"gid": "it's", "owner": "app", "seconds": 400}
    young = prepared_transaction.CHECK.judge(row, around)
    old = prepared_transaction.CHECK.judge({**row, "seconds": 4_000}, around)
    assert isinstance(young, Finding)
    assert isinstance(old, Finding)
    assert (young.severity, old.severity) == (Severity.WARNING, Severity.CRITICAL)
    assert "ROLLBACK PREPARED 'it''s';" in young.hint


@contextmanager
def stranger(database: Database) -> Iterator[Database]:
    """The same database as a role sees it that was granted nothing."""
    role = f"stranger_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        yield Database(database.name, {**database.parameters, "user": role})
    finally:
        database.run(f"DROP OWNED BY {role}")
        database.run(f"DROP ROLE {role}")


def test_a_role_without_any_grant_sees_the_schema_and_says_what_it_does_not_see(
    database: Database,
) -> None:
    database.run(BAD[0][1] + BAD[3][1].removeprefix(ORDERS) + "CREATE SEQUENCE s;")
    with stranger(database) as role, closing(database.connect()) as other:
        other.execute("BEGIN; SELECT * FROM orders")
        found = examined(role)
        assert [name for name, one in found.items() if one.findings] == [
            "invalid-index",
            "not-valid-constraint",
        ]
        unread = {name: one.unread[0] for name, one in found.items() if one.unread}
        assert unread.keys() == {"idle-transaction", "sequence-end"}
        assert "GRANT pg_read_all_stats" in unread["idle-transaction"].hint
        assert "ON ALL SEQUENCES IN SCHEMA public" in unread["sequence-end"].hint


def test_the_grants_that_are_named_are_enough(database: Database) -> None:
    database.run(ORDERS + "CREATE SEQUENCE s;")
    with stranger(database) as role, closing(database.connect()) as other:
        other.execute("BEGIN; SELECT * FROM orders")
        name = role.parameters["user"]
        database.run(
            f"GRANT pg_monitor TO {name}; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
        )
        assert clean(role)


def test_a_check_that_fails_keeps_no_other_from_being_run(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run(BAD[3][1])
    broken = health.Check("broken", "", "SELECT 1/0", lambda _row, _around: None)
    wanted = (broken, *health.checks())
    monkeypatch.setattr(health, "checks", lambda: wanted)
    found = examined(database)
    assert "division by zero" in found["broken"].unread[0].what
    assert len(found["not-valid-constraint"].findings) == 1
