"""The plan as people read it, in both directions."""

from migrate_hooks.history import outline, plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.history import Direction, Plan
from migrate_hooks.model.settings import ApplySettings
from tests.databases import Database

USERS = """-- UP Migration
BEGIN;
ALTER TABLE users ADD COLUMN a int;
COMMIT;
-- DOWN Migration
ALTER TABLE users DROP COLUMN a;
"""
INDEX = """-- UP Migration
CREATE INDEX CONCURRENTLY i ON users (a);
-- DOWN Migration
DROP INDEX CONCURRENTLY i;
"""


def planned(direction: Direction) -> Plan:
    files = [LAYOUT.read("m/1_users.sql", USERS), LAYOUT.read("m/2_index.sql", INDEX)]
    entries = reconcile("staging", files, [])
    target = Database("shop", {"host": "db", "port": "5432", "user": "u"}).target()
    made = plan.make("staging", entries, ApplySettings(5000, 0, 60000), direction)
    return plan.located(made, target, "18.4", "a.ledger", can_check_client=False)


def test_a_plan_says_where_what_how_and_what_it_may_cost() -> None:
    assert outline.lines(planned(Direction.UP)) == (
        "Apply 2 migrations, staging: host db:5432, database shop (from the test)",
        "  server: PostgreSQL 18.4; ledger: a.ledger",
        "  1. up 1_users.sql: 1 statement in one transaction "
        "(the file's own BEGIN and COMMIT are left out)",
        "  2. up 2_index.sql: 1 statement, one by one outside a transaction",
        "  session: lock_timeout = '5000ms', statement_timeout = '0ms', "
        "idle_in_transaction_session_timeout = '60000ms'",
        "  lock: ACCESS EXCLUSIVE on users (blocks reads and writes), 1_users.sql",
        "  hazard no-transaction: 2_index.sql runs statement by statement: a failure leaves what "
        "ran before it",
    )


def test_the_way_back_has_hazards_of_its_own() -> None:
    found = planned(Direction.DOWN)
    assert outline.lines(found)[0].startswith("Roll back 2 migrations, staging: ")
    assert [hazard.name for hazard in found.hazards] == ["no-transaction", "drop-column"]
    assert "ALTER TABLE users DROP COLUMN a;" in outline.script(found)
    assert "-- ledger row gone: 1 users" in outline.script(found)


def test_the_script_is_what_is_sent() -> None:
    script = outline.script(planned(Direction.UP))
    assert script.index("BEGIN ISOLATION") < script.index("SET LOCAL lock_timeout = '5000ms';")
    assert "SET lock_timeout = '5000ms';" in script, "outside a transaction it is no LOCAL one"
    assert script.count("COMMIT;") == 1
