"""Must show: `rollback` restores what was there before, exactly, whatever the ledger.

The catalog is read by the same snapshot that `drift` compares with, before and after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import pytest

from migrate_hooks.model.schema import Snapshot
from migrate_hooks.outside import postgres
from migrate_hooks.schema import compare, snapshot
from tests import repo as repositories
from tests.databases import Database
from tests.program import Program
from tests.repo import Repo

# (name, UP, DOWN): what schemas are made of, and what is easily lost on the way back.
STEPS: tuple[tuple[str, str, str], ...] = (
    (
        "20250101000000_create_orders",
        "CREATE TYPE state AS ENUM ('new', 'paid');\n"
        "CREATE TABLE orders (\n"
        "    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
        "    state state NOT NULL DEFAULT 'new',\n"
        "    total numeric(10, 2) NOT NULL CHECK (total >= 0)\n"
        ");\n"
        "COMMENT ON TABLE orders IS 'what was bought';",
        "DROP TABLE orders;\nDROP TYPE state;",
    ),
    (
        "20250102000000_create_items",
        "BEGIN;\n"
        "CREATE TABLE items (\n"
        "    id bigint PRIMARY KEY,\n"
        "    order_id bigint NOT NULL REFERENCES orders (id),\n"
        '    name text COLLATE "C"\n'
        ");\n"
        "CREATE INDEX items_order_id ON items (order_id) WHERE name IS NOT NULL;\n"
        "COMMIT;",
        "DROP TABLE items;",
    ),
    (
        "20250103000000_guard_orders",
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n"
        "CREATE POLICY mine ON orders FOR SELECT USING (state = 'paid');\n"
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    NEW.state := 'new';\n    RETURN NEW;\nEND;\n$$;\n"
        "CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();",
        "DROP TRIGGER stamped ON orders;\n"
        "DROP FUNCTION stamp();\n"
        "DROP POLICY mine ON orders;\n"
        "ALTER TABLE orders DISABLE ROW LEVEL SECURITY;",
    ),
    (
        "20250104000000_index_orders",
        "CREATE INDEX CONCURRENTLY orders_state ON orders (state, total DESC);",
        "DROP INDEX CONCURRENTLY orders_state;",
    ),
    (
        "20250105000000_loosen_items",
        "ALTER TABLE items ALTER COLUMN order_id DROP NOT NULL, ADD COLUMN note text DEFAULT '-';\n"
        "COMMENT ON COLUMN items.note IS 'by the customer';\n"
        "CREATE VIEW cheap AS SELECT id FROM orders WHERE total < 10;",
        "DROP VIEW cheap;\nALTER TABLE items DROP COLUMN note, ALTER COLUMN order_id SET NOT NULL;",
    ),
)


def _sections(repo: Repo, name: str, up: str, down: str) -> None:
    text = f"-- UP Migration\n{up}\n\n-- DOWN Migration\n{down}\n"
    repo.write(f"migrations/{name}.sql", text)


def _supabase(repo: Repo, name: str, up: str, down: str) -> None:
    text = f"{up}\n\n-- DOWN Migration\n{indent(down, '-- ')}\n"
    repo.write(f"supabase/migrations/{name}.sql", text)


def _prisma(repo: Repo, name: str, up: str, down: str) -> None:
    repo.write(f"prisma/migrations/{name}/migration.sql", f"{up}\n")
    repo.write(f"prisma/migrations/{name}/down.sql", f"{down}\n")


Write = Callable[[Repo, str, str, str], None]
ROWS = {
    "supabase": "SELECT version FROM supabase_migrations.schema_migrations",
    "own": "SELECT version FROM migrate_hooks.ledger",
    "prisma": "SELECT migration_name FROM _prisma_migrations WHERE rolled_back_at IS NULL",
}


@dataclass(frozen=True, slots=True)
class Project:
    """A repository in one layout, with one ledger, and the database of its only environment."""

    repo: Repo
    database: Database
    ledger: str

    def run(self, words: str) -> str:
        done = Program(self.repo.path)(*words.split(), "--env=dev")
        assert done.code == 0, done
        return done.stdout + done.stderr

    def schema(self) -> Snapshot:
        with postgres.session(self.database.target("dev")) as session:
            taken = snapshot.take(session, "dev")
        assert taken.unchecked == ()
        return taken

    def applied(self) -> int:
        return len(self.database.run(ROWS[self.ledger]))


@pytest.fixture(
    params=[
        ("supabase", _supabase, ""),
        ("supabase", _sections, ""),
        ("own", _sections, 'ledger = "own"\n'),
        ("prisma", _prisma, ""),
    ],
    ids=["supabase", "sections", "own", "prisma"],
)
def project(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Project:
    ledger, write, line = request.param
    repo = repositories.new(tmp_path / "shop")
    repo.write("migrate-hooks.toml", f"{line}[environments.dev]\n")
    repo.write(".env.dev", f"DATABASE_URL={database.url}\n")
    for name, up, down in STEPS:
        write(repo, name, up, down)
    return Project(repo, database, ledger)


def assert_same(before: Snapshot, after: Snapshot) -> None:
    assert compare.compare(before, after, ("public",)) == ()
    assert set(before.objects) == set(after.objects)


def test_each_step_back_is_exactly_where_the_schema_was(project: Project) -> None:
    stood = [project.schema()]
    for name, _, _ in STEPS:
        project.run(f"apply --migration={name}")
        stood.append(project.schema())
        assert set(stood[-1].objects) != set(stood[-2].objects), "or it would prove nothing"
    for left in reversed(range(len(STEPS))):
        project.run("rollback --steps=1")
        assert_same(stood[left], project.schema())
        assert project.applied() == left


def test_several_steps_at_once_and_forward_again(project: Project) -> None:
    project.run(f"apply --to={STEPS[1][0]}")
    early = project.schema()
    project.run("apply")
    late = project.schema()
    said = project.run("rollback --steps=3")
    assert said.index(STEPS[4][0]) < said.index(STEPS[3][0]) < said.index(STEPS[2][0])
    assert_same(early, project.schema())
    assert project.applied() == 2
    assert "clean" in project.run("status")
    project.run("apply")
    assert_same(late, project.schema())
    project.run(f"rollback --to={STEPS[1][0]}")
    assert_same(early, project.schema())
    project.run("rollback --steps=2")
    assert project.applied() == 0
    history = project.database.run("SELECT action, count(*) FROM migrate_hooks.history GROUP BY 1")
    assert dict(history) == {"apply": 8, "rollback": 8}, "what was removed is still told"


def test_a_migration_that_reverts_does_the_same_forward(project: Project) -> None:
    name = STEPS[-1][0]
    project.run(f"apply --to={STEPS[-2][0]}")
    before = project.schema()
    project.run("apply")
    after = project.schema()
    written = Program(project.repo.path)("revert", name, "--because", "nobody needs it")
    assert "revert_loosen_items" in written.stdout, written
    project.run("apply")
    assert_same(before, project.schema())
    project.run("rollback --steps=1")
    assert_same(after, project.schema())
