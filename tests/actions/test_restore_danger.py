"""Who or what could turn a backup or a restore against its user, and what then happens."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.actions import restore, restore_beside, restore_plan
from migrate_hooks.actions.restore_plan import Order
from migrate_hooks.errors import CannotWrite
from migrate_hooks.model.finding import Severity
from migrate_hooks.outside import archives, embedded, postgres
from tests.actions.backups import Project
from tests.databases import Database, drop

REPLACE = Order("staging", latest=True, allow=("replace",))
IDENTITY = """
CREATE SCHEMA migrate_hooks;
CREATE TABLE migrate_hooks.identity (system_identifier text, database text, environment text,
    recorded_at timestamptz DEFAULT now(), recorded_by text);
INSERT INTO migrate_hooks.identity VALUES ('1', 'shop', 'production', now(), 'somebody');
"""
# An operator in public that fits better than the server's own, as anybody could make it there.
TRAP = """
CREATE FUNCTION public.trap({left}, {right}) RETURNS {result} LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR public.{sign} (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = public.trap);
"""


@pytest.fixture
def shop(project: Project, server: embedded.Server) -> Iterator[Project]:
    """A project whose databases, those beside it too, are gone afterwards."""
    yield project
    for name in databases(project.database):
        drop(server, Database(name, project.database.parameters))


def databases(database: Database) -> list[str]:
    sql = f"SELECT datname FROM pg_database WHERE starts_with(datname, '{database.name}')"
    return [str(row[0]) for row in database.run(sql)]


def test_the_database_of_another_environment_is_not_replaced(shop: Project) -> None:
    """The connection string of staging leads to production, which nothing else protects."""
    shop.back_up()
    shop.database.run(IDENTITY)
    report = restore.run(shop.settings, REPLACE, lambda _: None)
    assert [one.code for one in report.findings] == ["restore/identity"]
    assert databases(shop.database) == [shop.database.name]


def test_a_restore_on_the_branch_of_another_environment_is_refused_by_name(shop: Project) -> None:
    shop.back_up()
    shop.repo.git("branch", "staging")
    order = replace(REPLACE, dry_run=True)
    (refusal,) = restore.run(shop.settings, order, lambda _: None).findings
    assert (refusal.code, refusal.severity) == ("guard/branch", Severity.CRITICAL)
    assert "checked out is branch main, which belongs to production" in refusal.message
    allowed = restore.run(
        shop.settings, replace(order, allow=("replace", "branch")), lambda _: None
    )
    assert [one.severity for one in allowed.findings] == [Severity.WARNING]
    shop.repo.git("checkout", "--quiet", "staging")
    assert restore.run(shop.settings, order, lambda _: None).findings == ()


def test_operators_of_strangers_are_not_called_while_looking(shop: Project) -> None:
    made = shop.back_up()
    trap = TRAP.format(left="name", right="name", result="bool", sign="!~")
    shop.database.run(trap)
    with postgres.session(shop.database.target()) as session:
        assert restore_plan.look(session, made).database == shop.database.name


def test_nothing_of_strangers_is_called_in_the_database_beside(shop: Project) -> None:
    with restore_beside.elsewhere(shop.database.target()) as admin:
        assert admin.value("SELECT pg_catalog.current_setting('search_path')") == '""'


@pytest.mark.parametrize("link", [".migrate-hooks", ".migrate-hooks/backups"])
def test_a_link_takes_no_backup_out_of_the_repository(
    project: Project, tmp_path: Path, link: str
) -> None:
    outside = tmp_path / "everybodys"
    outside.mkdir(mode=0o755)
    place = project.repo.path / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)
    with pytest.raises(CannotWrite, match="leads out of the repository"):
        project.back_up()
    assert (outside.stat().st_mode & 0o777, list(outside.iterdir())) == (0o755, [])


def test_a_link_in_the_place_of_gitignore_is_replaced_and_not_followed(
    project: Project, tmp_path: Path
) -> None:
    precious = tmp_path / "bashrc"
    precious.write_text("precious\n")
    top = project.repo.path / archives.FOLDER
    top.mkdir(parents=True)
    (top / ".gitignore").symlink_to(precious)
    project.back_up()
    assert precious.read_text() == "precious\n"
    assert (top / ".gitignore").read_text() == "*\n"


def test_sigterm_during_a_restore_leaves_no_database_and_no_program(shop: Project) -> None:
    shop.back_up()
    words = ("restore", "--env=staging", "--latest", "--allow=replace", "--allow=disconnect")
    with shop.database.connect() as blocker:
        # The comparison counts rows in the fresh database; a moment in which it is surely there.
        running = subprocess.Popen(
            [sys.executable, "-P", "-m", "migrate_hooks", *words],
            cwd=shop.repo.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        sql = f"SELECT 1 FROM pg_database WHERE datname LIKE '{shop.database.name}_restore_%'"
        deadline = time.monotonic() + 40
        while not blocker.execute(sql.encode()).fetchall():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.005)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=40)
    assert running.returncode == 130, (out, err)
    assert databases(shop.database) == [shop.database.name]
