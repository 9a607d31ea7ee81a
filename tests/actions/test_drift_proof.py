"""The proof of a repair: files that do not do what they say are found out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.actions import drift_files, drift_plan, drift_proof, replay
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.actions.replay import Piece, Setup
from migrate_hooks.actions.replica import Replica, fork
from migrate_hooks.layouts import detect
from migrate_hooks.layouts.base import script
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside import embedded, files, grounds
from migrate_hooks.schema import snapshot
from migrate_hooks.sql.split import statements
from tests.databases import IDLE_SECONDS

TABLE = "CREATE TABLE public.a (id bigint)"
ADD = "ALTER TABLE public.a ADD COLUMN IF NOT EXISTS note text"
DROP = "ALTER TABLE public.a DROP COLUMN IF EXISTS note"
NOTE = "column public.a.note"
REFUSED = "PostgreSQL refuses a statement of them:"


@pytest.fixture(scope="module")
def base(embedded_folder: Path) -> Iterator[Replica]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
        patch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
        setup = Setup(grounds.grounds(18)[0], "prover", "prover")
        pieces = [Piece("a", script(statements(TABLE), no_transaction=False))]
        have = snapshot.whole(replay.shots(setup, pieces, {1})[1].reading)
        with replay.database(setup, pieces) as (shop, name):
            yield Replica(shop, name, have)


def migration(up: str, down: str, name: str = "x") -> Migration:
    text = f"-- UP Migration\n{up};\n-- DOWN Migration\n{down};\n"
    return detect.by_name("sections").read(f"migrations/20260101000000_{name}.sql", text)


@pytest.mark.parametrize(
    ("up", "down", "flaws"),
    [
        (ADD, DROP, ()),
        ("SELECT 1", DROP, (f"after UP these are not as they should be: {NOTE}.",) * 2),
        (ADD, "SELECT 1", (f"after DOWN these are not as they should be: {NOTE}.",)),
        (
            ADD.replace("IF NOT EXISTS ", ""),
            DROP,
            (f'{REFUSED} column "note" of relation "a" already exists',),
        ),
        (
            ADD,
            "DROP TABLE public.b",
            (f'{REFUSED} table "b" does not exist',),
        ),
    ],
)
def test_every_way_to_be_wrong_is_found(
    base: Replica, up: str, down: str, flaws: tuple[str, ...]
) -> None:
    with fork(base) as session:
        session.run(ADD)
        goal = snapshot.take(session, "it")
    found = drift_proof.flaws(base, [migration(up, down)], goal, ())
    assert tuple(one.replace("UP has run twice", "UP") for one in found) == flaws


def test_what_cannot_be_taken_back_is_no_flaw_where_it_is_said(base: Replica) -> None:
    with fork(base) as session:
        session.run(ADD)
        goal = snapshot.take(session, "it")
    file = detect.by_name("sections").read("migrations/20260101000000_x.sql", ADD)
    kept = {("column", ("public", "a", "note"))}
    assert drift_proof.flaws(base, [file], goal, kept) == ()
    assert drift_proof.flaws(base, [file], goal, ()) != ()


@pytest.mark.parametrize(
    ("pending", "flaws"),
    [
        ("ALTER TABLE public.a ADD COLUMN other text", ()),
        (ADD, (f"after DOWN these are not as they should be: {NOTE}.",)),
        (
            "DROP TABLE public.b",
            ('20260101000000_first.sql itself does not run there: table "b" does not exist.',),
        ),
    ],
)
def test_what_waits_before_it_may_make_another_thing_of_it(
    base: Replica, pending: str, flaws: tuple[str, ...]
) -> None:
    with fork(base) as session:
        session.run(ADD)
        goal = snapshot.take(session, "it")
    first = migration(pending, "SELECT 1", "first")
    found = drift_proof.flaws_behind(base, [first], [migration(ADD, DROP)], goal, ())
    assert found == flaws


def test_a_type_below_a_new_view_is_set_once(base: Replica) -> None:
    """Where the view is there already PostgreSQL refuses the type, even if it is the same."""
    with fork(base) as session:
        session.run("ALTER TABLE public.a ALTER id TYPE numeric, ADD t text")
        session.run("ALTER TABLE public.a ADD two numeric GENERATED ALWAYS AS (id * 2) STORED")
        session.run("CREATE VIEW public.v AS SELECT id FROM public.a")
        goal = snapshot.take(session, "it")
    plan = drift_plan.make(base, goal, 180_004, frozenset())
    place = Folder("migrations", detect.by_name("sections"), ())
    drafts, _ = drift_files.drafts(place, "x", "X.", plan.parts, plan.left)
    files = [drift_files.read(place, each) for each in drafts]
    assert drift_proof.flaws(base, files, goal, ()) == ()
