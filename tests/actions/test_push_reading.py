"""What is kept of a schema is what a new read would give, and only as long as nothing changed."""

from migrate_hooks.actions import drift_read, push_reading
from migrate_hooks.actions.push_facts import Facts
from migrate_hooks.outside import postgres
from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema import stamp
from tests.databases import Database


def facts(session: Session) -> Facts:
    return Facts(session.target, (), stamp=stamp.read(session))


def test_a_kept_reading_is_what_a_read_gives_until_something_changes(database: Database) -> None:
    database.run("CREATE TABLE orders (id int PRIMARY KEY, note text)")
    with postgres.session(database.target()) as session:
        before = facts(session)
        seen = drift_read.in_session(session, (), 30)
        assert push_reading.find(session, before) is None
        push_reading.keep(before, seen)
        assert push_reading.find(session, before) == seen
        session.run("ALTER TABLE orders ADD COLUMN more int")
        assert push_reading.find(session, facts(session)) is None
        assert push_reading.find(session, before) == seen


def test_another_name_or_database_has_readings_of_its_own(
    database: Database, second_database: Database
) -> None:
    with postgres.session(database.target()) as session:
        push_reading.keep(facts(session), drift_read.in_session(session, (), 30))
        assert push_reading.find(session, facts(session)) is not None
    for target in (database.target("other"), second_database.target()):
        with postgres.session(target) as session:
            assert push_reading.find(session, facts(session)) is None
