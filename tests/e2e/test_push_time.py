"""The gate in time: nothing is waited for longer than allowed, nothing is asked twice in vain."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.outside import grounds, postgres, scratch
from migrate_hooks.outside.embedded import Server
from tests.databases import Database, drop
from tests.e2e.shop import ITEMS, SECOND, Shop
from tests.program import Program
from tests.waiting import wait_until

SLOW = ITEMS.replace("CREATE TABLE items", "SELECT pg_sleep(100); CREATE TABLE items")
BUDGET = "MIGRATE_HOOKS_PUSH_BUDGET"
OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ '^migrate-hooks' AND datname"


@pytest.fixture
def shop(prototype: Shop, tmp_path: Path, server: Server) -> Iterator[Shop]:
    """A shop whose dev is its own."""
    made = prototype.copy(tmp_path, ("dev",))
    yield made
    drop(server, made.databases["dev"])


def beside(database: Database) -> Database:
    return Database("postgres", {**database.parameters, "dbname": "postgres"})


def sessions(database: Database) -> int:
    """Return how many sessions a database has had, once all of them are over."""
    asked = f"{OURS} = '{database.name}'"
    wait_until(lambda: beside(database).run(asked) == [(0,)])
    beside(database).run("SELECT pg_stat_clear_snapshot()")
    counted = f"SELECT sessions FROM pg_stat_database WHERE datname = '{database.name}'"
    return int(beside(database).run(counted)[0][0])


@pytest.mark.parametrize(("protected", "goes"), [("false", True), ("true", False)])
def test_a_ledger_that_does_not_answer_in_time_is_not_checked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, protected: str, goes: bool
) -> None:
    """The push goes on without it where that may be; nothing of ours is left waiting there."""
    shop.repo.write("migrate-hooks.toml", f"[environments.dev]\nprotected = {protected}\n")
    shop.repo.commit("Work", "--no-verify")
    monkeypatch.setenv(BUDGET, "1500ms")
    dev = shop.databases["dev"]
    with dev.connect() as other, other.transaction():
        other.execute("LOCK TABLE supabase_migrations.schema_migrations IN ACCESS EXCLUSIVE MODE")
        went, printed = shop.push("dev")
        wait_until(lambda: beside(dev).run(f"{OURS} = '{dev.name}'") == [(0,)])
    assert "tatus, drift" in printed
    assert "not checked: not done within the 1.5 s" in printed
    assert went is goes, printed
    assert "passes" in printed if goes else "BLOCKED" in printed


def test_a_rehearsal_that_is_cut_leaves_nothing_half_done(shop: Shop) -> None:
    """Killed in the middle of a migration that takes for ever; who comes next sweeps up."""
    shop.repo.write(SECOND, SLOW)
    head = shop.repo.commit("Slow", "--no-verify")
    line = f"refs/heads/dev {head} refs/heads/dev {shop.repo.git('rev-parse', 'origin/dev')}\n"
    words = [*Program.start, "hook", "pre-push", "origin", "url"]
    running = subprocess.Popen(words, cwd=shop.repo.path, stdin=subprocess.PIPE, text=True)
    assert running.stdin is not None
    running.stdin.write(line)
    running.stdin.close()
    ground = grounds.grounds(18)[0]
    administrator, _ = scratch._targets(ground, "postgres")
    with postgres.session(administrator) as admin:
        asleep = "SELECT 1 FROM pg_stat_activity WHERE query ~ 'pg_sleep.100' AND wait_event = %s"
        wait_until(lambda: admin.rows(asleep, ["PgSleep"]) != [])
        running.send_signal(signal.SIGKILL)
        running.wait()
        with scratch.workshop(ground, "postgres", "postgres", ""):
            pass
        halves = f"SELECT datname FROM pg_database WHERE datname ~ '^{scratch.BUILDING}'"
        assert admin.rows(halves) == []
        assert admin.rows(asleep, ["PgSleep"]) == []


def test_a_push_again_asks_each_database_once_and_says_the_same(shop: Shop) -> None:
    shop.repo.write(SECOND, ITEMS)
    shop.repo.commit("Items", "--no-verify")
    dev = shop.databases["dev"]
    before = sessions(dev)
    first = shop.push("--dry-run", "dev")
    second = shop.push("--dry-run", "dev")
    assert second == first
    assert sessions(dev) - before == 2
    dev.run("ALTER TABLE orders DROP COLUMN note")
    assert "drift/missing-column public.orders.note" in shop.push("--dry-run", "dev")[1]
    dev.run("ALTER TABLE orders ADD COLUMN note text")
    assert shop.push("--dry-run", "dev") == first
    assert shop.program("apply", "--env=dev").code == 0
    assert "dev (branch dev): passes; nothing to deploy" in shop.push("--dry-run", "dev")[1]
    assert shop.push("dev")[0]


def test_without_a_network_the_last_reading_is_judged_and_its_age_is_said(shop: Shop) -> None:
    shop.push("--dry-run", "--force", "dev~0:dev")
    shop.repo.write(SECOND, ITEMS)
    shop.repo.commit("Items", "--no-verify")
    shop.push("--dry-run", "dev")
    dev = shop.databases["dev"]
    beside(dev).run(f'ALTER DATABASE "{dev.name}" RENAME TO "{dev.name}_away"')
    try:
        shop.repo.commit("More")
        went, printed = shop.push("dev")
    finally:
        beside(dev).run(f'ALTER DATABASE "{dev.name}_away" RENAME TO "{dev.name}"')
    assert went, printed
    assert (
        "to be deployed: 20250102000000_create_items.sql; NOT CHECKED: dev as it is now" in printed
    )
    assert "dev as it was" in printed
    assert " ago" in printed
    assert "clean" not in printed


def test_no_mapped_branch_no_connection_and_no_driver(shop: Shop) -> None:
    """Each database is a port at which we listen: nobody comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        for name in shop.databases:
            shop.repo.write(f".env.{name}", f"DATABASE_URL=postgresql://u@127.0.0.1:{port}/x\n")
        head = shop.repo.git("rev-parse", "dev")
        lines = "".join(
            f"refs/heads/x {head} {ref} {'0' * 40}\n"
            for ref in ("refs/heads/feature/x", "refs/tags/v1", "refs/remotes/origin/dev")
        )
        env = {"PYTHONPROFILEIMPORTTIME": "1"}
        done = Program(shop.repo.path)("hook", "pre-push", "origin", "u", stdin=lines, env=env)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert done.code == 0
    assert "migrate_hooks.actions.pre_push" in done.stderr, "what is imported is listed"
    assert not any(
        name in done.stderr for name in ("psycopg", "dotenv", "actions.lint", "postgast")
    )


def test_without_a_scratch_server_the_environment_before_is_compared(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a hand made on dev is still found missing on staging; that less was asked is said."""
    monkeypatch.setenv("MIGRATE_HOOKS_PG_BINDIR", str(tmp_path))
    shop.databases["dev"].run("CREATE TABLE by_hand (id int)")
    shop.repo.git("checkout", "-q", "staging")
    shop.repo.commit("Work")
    went, printed = shop.push("staging")
    assert not went
    assert "BLOCKED by 1 critical finding: drift/missing-table public.by_hand" in printed
    assert "NOT CHECKED: drift from its own migrations" in printed
    assert "compared with dev instead" in printed


def test_who_leaves_the_hook_out_is_written_down(shop: Shop) -> None:
    head = shop.repo.commit("Work")
    env = {
        "MIGRATE_HOOKS_SKIP": "pre-commit, pre_push",
        "MIGRATE_HOOKS_SKIP_REASON": " the database\nis on fire ",
    }
    line = f"refs/heads/dev {head} refs/heads/dev {'0' * 40}\n"
    done = Program(shop.repo.path)("hook", "pre-push", "origin", "u", stdin=line, env=env)
    assert done.code == 0
    assert "pre-push was skipped: the database is on fire. Nothing was checked." in done.stderr
    logs = Path(os.environ["XDG_STATE_HOME"], "migrate-hooks", "runs").glob("*.jsonl")
    said = [json.loads(text) for one in logs for text in one.read_text().splitlines()]
    found = next(one for one in said if one["event"] == "skipped")
    assert found["reason"] == "the database is on fire"
    assert found["refs"] == f"{head} refs/heads/dev"
    assert found["folder"] == str(shop.repo.path)
