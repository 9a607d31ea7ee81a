"""What `lint --fix` writes is not only clean: a real server applies it, and undoes it."""

from pathlib import Path

import pytest

from migrate_hooks.layouts import detect
from tests.databases import Database
from tests.program import Program
from tests.repo import Repo

CREATE = """\
-- UP Migration
CREATE TABLE shop.items (id bigint PRIMARY KEY);
CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text);
INSERT INTO shop.orders SELECT n, 'note ' || n FROM generate_series(1, 100) AS n;
"""
DROP = "DROP TABLE shop.orders;\nDROP TABLE shop.items;\n"
UP = """\
-- UP Migration
ALTER TABLE shop.orders ADD COLUMN item_id bigint;
-- the list of open orders is sorted by it
CREATE INDEX orders_note_idx ON shop.orders (note);
CREATE INDEX orders_item_id_idx ON shop.orders (item_id);
ALTER TABLE shop.orders ADD CONSTRAINT orders_item_fk
    FOREIGN KEY (item_id) REFERENCES shop.items (id);
ALTER TABLE shop.orders ADD CONSTRAINT orders_note_short CHECK (length(note) < 100);
CREATE FUNCTION shop.open() RETURNS bigint LANGUAGE sql SECURITY DEFINER
AS $$ SELECT count(*) FROM shop.orders WHERE note IS NOT NULL $$;
"""
DOWN = """\
DROP FUNCTION shop.open();
ALTER TABLE shop.orders DROP CONSTRAINT orders_note_short;
ALTER TABLE shop.orders DROP CONSTRAINT orders_item_fk;
DROP INDEX shop.orders_item_id_idx;
DROP INDEX shop.orders_note_idx;
ALTER TABLE shop.orders DROP COLUMN item_id;
"""
STATE = """\
SELECT (SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid::regclass::text IN
           ('shop.orders_note_idx', 'shop.orders_item_id_idx')),
       (SELECT count(*) FROM pg_constraint
         WHERE convalidated AND conname IN ('orders_item_fk', 'orders_note_short')),
       (SELECT proconfig FROM pg_proc WHERE oid = to_regproc('shop.open')),
       (SELECT count(*) FROM pg_attribute
         WHERE attrelid = 'shop.orders'::regclass AND attname = 'item_id' AND NOT attisdropped)
"""
FOLDERS = {"sections": "migrations", "supabase": "supabase/migrations"}
PATHS = {"sections": "public, pg_temp", "supabase": "public, extensions, pg_temp"}


def written(layout: str, up: str, down: str) -> str:
    """Return a change as a person writes it in this layout."""
    leader = "" if layout == "sections" else "-- "
    lines = "".join(f"{leader}{line}\n" for line in down.splitlines())
    return f"{up}\n-- DOWN Migration\n{lines}"


def undo(folder: Path, layout: str, database: Database, names: list[str]) -> None:
    """Run the DOWN of migrations, newest first, as a rollback would."""
    for name in sorted(names, reverse=True):
        path = f"{FOLDERS[layout]}/{name}"
        read = detect.by_name(layout).read(path, (folder / path).read_text())
        assert read.down is not None, path
        for statement in read.down.statements:
            database.run(statement.text)


@pytest.mark.parametrize("layout", FOLDERS)
def test_an_index_for_an_old_table_becomes_migrations_that_apply_and_roll_back(
    layout: str, repo: Repo, database: Database, cli: Program
) -> None:
    folder = repo.path / FOLDERS[layout]
    database.run("CREATE SCHEMA shop")
    repo.write(".env.staging", f"DATABASE_URL={database.url}\n")
    repo.write(".gitignore", ".env.*\n")
    repo.write(f"{FOLDERS[layout]}/20260101000000_create_orders.sql", written(layout, CREATE, DROP))
    repo.commit()
    assert cli("apply", "--env=staging", cwd=repo.path).code == 0
    repo.git("checkout", "--quiet", "-b", "feature")
    repo.write(f"{FOLDERS[layout]}/20260102000000_find_orders.sql", written(layout, UP, DOWN))
    assert cli("lint", cwd=repo.path).code == 1

    fixed = cli("lint", "--fix", cwd=repo.path)
    assert fixed.code == 0, fixed
    names = sorted(place.name for place in folder.glob("*.sql"))
    assert len(names) == 6, names
    again = cli("lint", "--fix", cwd=repo.path)
    assert "nothing that can be fixed" in again.stdout
    assert cli("lint", cwd=repo.path).code == 0

    repo.commit("what was mended")
    applied = cli("apply", "--env=staging", cwd=repo.path)
    assert applied.code == 0, applied
    assert database.run(STATE) == [(2, 2, [f"search_path={PATHS[layout]}"], 1)]
    undo(repo.path, layout, database, names[1:])
    assert database.run(STATE) == [(0, 0, None, 0)]
