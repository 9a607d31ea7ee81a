"""Every SQL block of the documentation is a migration that works: UP, DOWN, UP on real servers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.layouts import detect
from migrate_hooks.layouts.base import Layout
from migrate_hooks.model.migration import Migration, Script
from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.outside import postgres
from migrate_hooks.schema import snapshot
from tests.databases import Database
from tests.docs.markdown import Block, blocks, name, pages
from tests.program import Program
from tests.repo import Repo

Rows = list[tuple[str, str]]


def patterns(page: Path) -> tuple[Block, ...]:
    return tuple(one for one in blocks(page.read_text("utf-8")) if one.language == "sql")


PAGES = [page for page in pages() if patterns(page)]


def layout(page: Path) -> Layout:
    """Return the layout that a page speaks of: its DOWN sections are code, or comments."""
    texts = [one.text for one in patterns(page) if not one.hidden]
    return detect.by_content("", texts)


@pytest.mark.parametrize("fixture", ["database", "database16"])
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_pattern_goes_up_down_and_up(
    page: Path, fixture: str, request: pytest.FixtureRequest, subtests: pytest.Subtests
) -> None:
    """Patterns of a page build on each other; hidden blocks put rows into their tables."""
    database: Database = request.getfixturevalue(fixture)
    for block in patterns(page):
        if block.hidden:
            database.run(block.text)
            continue
        worked = False
        with subtests.test(f"{name(page)}:{block.line}"):
            _up_down_up(database, _migration(page, block))
            worked = True
        if not worked:
            break  # the next one builds on it


def _migration(page: Path, block: Block) -> Migration:
    return layout(page).read(f"migrations/{_file_name(block)}", block.text)


def _file_name(block: Block) -> str:
    return f"2026010100{block.line // 60:02}{block.line % 60:02}_pattern.sql"


def _up_down_up(database: Database, migration: Migration) -> None:
    before = _contents(database)
    _run(database, migration.up)
    if migration.down is None:
        assert migration.irreversible, "neither a DOWN nor the reason for none"
        return
    assert _contents(database) != before, "UP changes nothing"
    _run(database, migration.down)
    assert _contents(database) == before
    _run(database, migration.up)


def _run(database: Database, script: Script) -> None:
    with postgres.session(database.target()) as session:
        if script.in_transaction:
            session.run("BEGIN")
        for statement in script.statements:
            session.run(statement.text)
        if script.in_transaction:
            session.run("COMMIT")


def _contents(database: Database) -> tuple[frozenset[SchemaObject], Rows]:
    with postgres.session(database.target()) as session:
        # In which order objects are read is nobody's promise.
        return frozenset(snapshot.take(session, "staging").objects), sorted(_rows(session))


def _rows(session: postgres.Session) -> Iterator[tuple[str, str]]:
    tables = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = %s"
    namespace = session.value("SELECT 'public'::regnamespace::oid")
    for (table,) in session.rows(tables, [namespace]):
        for (row,) in session.rows(f"SELECT to_jsonb(one)::text FROM {table} AS one ORDER BY 1"):
            yield table, row


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_pattern_has_a_critical_finding(page: Path, repo: Repo, cli: Program) -> None:
    """Judged as files that are released, so that no table counts as new."""
    for block in patterns(page):
        if not block.hidden:
            repo.write(f"{layout(page).folders[0]}/{_file_name(block)}", block.text)
    repo.commit()
    done = cli("lint", "--all", "--format", "json", cwd=repo.path)
    findings = json.loads(done.stdout)["findings"]
    assert [one for one in findings if one["severity"] == "critical"] == []
    assert done.code == 0
