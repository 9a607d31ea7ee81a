"""Something else is behind the connection string than it says: nothing is changed there."""

from collections.abc import Iterator

import pytest

from migrate_hooks.actions import protocol
from migrate_hooks.actions.job import Job
from migrate_hooks.actions.lookout import Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.errors import Refused
from migrate_hooks.ledgers import bookkeeping, store
from migrate_hooks.model.books import Standing
from migrate_hooks.model.history import SessionSettings
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside import postgres
from tests.databases import Database
from tests.faults.scene import Scene

BOTH = """
[environments.staging]
[environments.production]
protected = true
"""


@pytest.fixture
def role(scene: Scene) -> Iterator[str]:
    """A role that may do everything in the database but what a test takes away from it."""
    name = f"r_{scene.database.name}"
    scene.database.run(f"CREATE ROLE {name} LOGIN")
    scene.database.run(f"GRANT CREATE ON DATABASE {scene.database.name} TO {name}")
    scene.database.run(f"GRANT ALL ON SCHEMA public TO {name}")
    yield name
    scene.database.run(f"DROP OWNED BY {name}; DROP ROLE {name}")


def enter_as(scene: Scene, role: str) -> None:
    scene.point(scene.database.url.replace("://postgres@", f"://{role}@"))


def of_production(scene: Scene) -> None:
    """Let the database be the one of production, with a ledger that everybody may write."""
    scene.configure(BOTH)
    scene.run()
    scene.database.run("UPDATE migrate_hooks.identity SET environment = 'production'")
    scene.database.run("GRANT ALL ON ALL TABLES IN SCHEMA supabase_migrations TO PUBLIC")
    scene.database.run("GRANT USAGE ON SCHEMA supabase_migrations TO PUBLIC")
    scene.write(2, "CREATE TABLE two ();")


def test_a_record_that_may_only_be_read_is_read(scene: Scene, role: str) -> None:
    of_production(scene)
    scene.database.run(f"GRANT USAGE ON SCHEMA migrate_hooks TO {role}")
    scene.database.run(f"GRANT SELECT ON migrate_hooks.identity TO {role}")
    enter_as(scene, role)
    ended = scene.run()
    assert (ended.code, ended.codes) == (1, ["guard/identity"]), ended
    assert not scene.has("two")


def test_a_record_that_may_not_be_read_is_no_permission(scene: Scene, role: str) -> None:
    of_production(scene)
    enter_as(scene, role)
    ended = scene.run()
    assert (ended.code, ended.codes) == (1, ["guard/identity"]), ended
    assert f'GRANT SELECT ON migrate_hooks.identity TO "{role}";' in ended.words
    assert not scene.has("two")


def test_a_backup_of_another_database_is_none(scene: Scene, second_database: Database) -> None:
    """One server, and the connection string was moved from one database to the next."""
    scene.configure('[environments.staging]\nprotected = true\nmax_backup_age = "30min"\n')
    assert scene.run("backup").code == 0
    scene.point(second_database.url)
    ended = scene.run("apply", "--force", "--yes=staging")
    assert (ended.code, ended.codes) == (1, ["guard/backup"]), ended


def test_who_records_the_database_first_is_not_written_over(scene: Scene) -> None:
    """Two runs with one connection string, both of which found no record."""
    scene.run()
    scene.database.run("UPDATE migrate_hooks.identity SET environment = 'production'")
    with postgres.session(scene.database.target("staging")) as session:
        lookout = Lookout(session.target, session.backend(), 1, lambda _seen: None)
        ledger = store.by_name("supabase")
        job = Job(
            session, ledger, ApplySettings(), Voice(), lookout, "run", "tester", keeps_books=True
        )
        here, _ = bookkeeping.identities(session, Standing.READY)
        with pytest.raises(Refused, match="recorded as production a moment ago"):
            protocol.prepare(job, SessionSettings(0, 0, 0), Standing.READY, here)
    rows = scene.database.run("SELECT environment FROM migrate_hooks.identity")
    assert rows == [("production",)]
