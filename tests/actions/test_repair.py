"""`repair` on real servers: what it plans, what stands afterwards, and what keeps it from it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.actions import locking, mend, repair
from migrate_hooks.actions.repair import Order
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config import targets
from migrate_hooks.config.load import load
from migrate_hooks.errors import LockBusy, Refused
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.repair import Kind, Wish
from migrate_hooks.model.settings import Settings
from tests.databases import Database
from tests.program import Finished, Program
from tests.proxy import Proxy
from tests.repo import Repo

USERS, EMAIL, INDEX = "20250101000000", "20250102000000", "20250103000000"
TEXTS = {
    f"{USERS}_create_users": "CREATE TABLE users (id bigint);",
    f"{EMAIL}_add_email": "ALTER TABLE users ADD COLUMN email text;",
}
LEDGERS = ("supabase", "own", "prisma")
PLACES = {
    "supabase": "supabase_migrations.schema_migrations",
    "own": "migrate_hooks.ledger",
    "prisma": "public._prisma_migrations",
}
WHY = ("--because=a test", "--yes=staging")


class Shop(Program):
    """The program in a folder whose files one ledger keeps; staging is the test's database."""

    def __init__(self, folder: Path, ledger: str, database: Database) -> None:
        super().__init__(folder)
        self.ledger, self.database = ledger, database

    def place(self, name: str) -> Path:
        if self.ledger == "prisma":
            return self.folder / "prisma" / "migrations" / name / "migration.sql"
        return self.folder / "migrations" / f"{name}.sql"

    def write(self, name: str, up: str) -> None:
        place = self.place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        prisma = self.ledger == "prisma"
        down = "" if prisma else "\n-- DOWN Migration\nSELECT 1;\n"
        place.write_text(f"{up}\n" if prisma else f"-- UP Migration\n{up}{down}")

    def version(self, name: str) -> str:
        return name if self.ledger == "prisma" else name.partition("_")[0]

    def states(self) -> dict[str, str]:
        done = self("status", "--env=staging", "--format=json")
        entries = json.loads(done.stdout)["entries"]
        return {one["version"].partition("_")[0]: one["state"] for one in entries}

    def repair(self, *words: str) -> Finished:
        return self("repair", "--env=staging", *words)

    def report(self, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.repair(*words, "--format=json").stdout)
        return found

    def codes(self, *words: str) -> list[str]:
        return [one["code"] for one in self.report(*words)["findings"]]

    def history(self) -> list[tuple[Any, ...]]:
        return self.database.run(
            "SELECT action, version, note, who <> '', run_id <> '', transaction_id <> ''"
            " FROM migrate_hooks.history WHERE action LIKE 'repair%' ORDER BY id"
        )

    def commands(self) -> list[str]:
        rows = self.report()["tables"]
        return [row[0].partition("--env=staging ")[2] for row in rows[0]["rows"]] if rows else []


def made(tmp_path: Path, database: Database, ledger: str) -> Shop:
    shop = Shop(tmp_path, ledger, database)
    for name, up in TEXTS.items():
        shop.write(name, up)
    (tmp_path / "migrate-hooks.toml").write_text(f'ledger = "{ledger}"\n[environments.staging]\n')
    (tmp_path / ".env.staging").write_text(f"DATABASE_URL={database.url}\n")
    return shop


@pytest.fixture(params=LEDGERS)
def every(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Shop:
    """A shop with each of the ledgers."""
    return made(tmp_path, database, request.param)


@pytest.fixture
def shop(tmp_path: Path, database: Database) -> Shop:
    return made(tmp_path, database, "own")


def ok(done: Finished) -> Finished:
    assert done.code == 0, done
    return done


def test_marked_as_applied_it_is_not_run_and_not_pending(every: Shop) -> None:
    ok(every("apply", "--env=staging", "--migration=create_users"))
    ok(every.repair("--mark-applied=add_email", *WHY))
    assert every.states() == {USERS: "applied", EMAIL: "applied"}
    columns = "SELECT count(*) FROM pg_attribute WHERE attname = 'email'"
    assert every.database.run(columns + " AND attrelid = 'users'::regclass") == [(0,)]
    version = every.version(f"{EMAIL}_add_email")
    assert every.history() == [("repair mark-applied", version, "a test", True, True, True)]
    assert every.codes("--mark-applied=add_email", *WHY) == ["repair/in-ledger"]


def test_marked_as_reverted_it_is_pending_again(every: Shop) -> None:
    ok(every("apply", "--env=staging"))
    ok(every.repair("--mark-reverted=add_email", *WHY))
    assert every.states() == {USERS: "applied", EMAIL: "pending"}
    every.database.run("ALTER TABLE users DROP COLUMN email")
    ok(every("apply", "--env=staging"))
    assert every.states() == {USERS: "applied", EMAIL: "applied"}


def test_a_row_without_a_file_can_be_taken_out(every: Shop) -> None:
    ok(every("apply", "--env=staging"))
    every.place(f"{EMAIL}_add_email").unlink()
    assert every.states()[EMAIL] == "unknown"
    assert f"--mark-reverted={every.version(EMAIL + '_add_email')}" in " ".join(every.commands())
    ok(every.repair(f"--mark-reverted={EMAIL}", *WHY))
    assert every.states() == {USERS: "applied"}


def test_a_renumbered_file_is_followed_by_the_ledger(every: Shop) -> None:
    ok(every("apply", "--env=staging"))
    text = every.place(f"{EMAIL}_add_email").read_text()
    every.place(f"{EMAIL}_add_email").unlink()
    later = every.place(f"{INDEX}_add_email")
    later.parent.mkdir(exist_ok=True)
    later.write_text(text)
    assert every.states() == {USERS: "applied", INDEX: "renumbered"}
    ok(every.repair("--realign=all", *WHY))
    assert every.states() == {USERS: "applied", INDEX: "applied"}
    assert every.commands() == []


def test_other_sql_is_realigned_only_when_that_is_said(every: Shop) -> None:
    ok(every("apply", "--env=staging"))
    every.write(f"{EMAIL}_add_email", "ALTER TABLE users ADD COLUMN email varchar;")
    assert every.states()[EMAIL] == "changed"
    assert every.codes("--realign=add_email", *WHY) == ["repair/changed-sql"]
    assert every.states()[EMAIL] == "changed"
    ok(every.repair("--realign=add_email", "--allow=changed-sql", *WHY))
    assert every.states() == {USERS: "applied", EMAIL: "applied"}


def test_other_comments_are_realigned_at_once(shop: Shop) -> None:
    """Our own ledger knows from the fingerprint that the SQL is the same."""
    ok(shop("apply", "--env=staging"))
    was = shop.database.run("SELECT applied_at, applied_by FROM migrate_hooks.ledger ORDER BY 1")
    shop.write(f"{EMAIL}_add_email", "-- mail\nALTER TABLE users ADD COLUMN email text;")
    assert shop.states()[EMAIL] == "changed"
    ok(shop.repair("--realign=all", *WHY))
    assert shop.states()[EMAIL] == "applied"
    now = shop.database.run("SELECT applied_at, applied_by FROM migrate_hooks.ledger ORDER BY 1")
    assert now == was


@pytest.mark.parametrize("ledger", ["own", "prisma"])
def test_a_failed_row_is_cleared_and_the_file_runs_again(
    tmp_path: Path, database: Database, ledger: str
) -> None:
    shop = made(tmp_path, database, ledger)
    ok(shop("apply", "--env=staging", "--migration=create_users"))
    name = f"{EMAIL}_add_email"
    if ledger == "prisma":
        database.run(
            "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs)"
            f" VALUES ('f', 'x', '{name}', 'ERROR')"
        )
    else:
        database.run(
            "INSERT INTO migrate_hooks.ledger (version, name, checksum, fingerprint, outcome)"
            f" VALUES ('{EMAIL}', 'add_email', 'x', 'x', 'failed')"
        )
    assert shop.states()[EMAIL] == "failed"
    assert shop("apply", "--env=staging").code == 1
    assert len(shop.commands()) == 2
    ok(shop.repair("--clear-failed=add_email", *WHY))
    ok(shop("apply", "--env=staging"))
    assert shop.states() == {USERS: "applied", EMAIL: "applied"}
    if ledger == "prisma":  # as `prisma migrate resolve --rolled-back` leaves it
        kept = "SELECT finished_at IS NULL, rolled_back_at IS NOT NULL, logs"
        assert database.run(f"{kept} FROM _prisma_migrations WHERE id = 'f'") == [
            (True, True, "ERROR")
        ]


def test_prisma_reads_a_resolved_migration_as_its_own(tmp_path: Path, database: Database) -> None:
    """`prisma migrate resolve --applied` leaves the failed row, marked, and adds one of no step."""
    shop = made(tmp_path, database, "prisma")
    ok(shop("apply", "--env=staging", "--migration=create_users"))
    database.run(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name)"
        f" VALUES ('f', 'x', '{EMAIL}_add_email')"
    )
    ok(shop.repair("--mark-applied=add_email", *WHY))
    rows = database.run(
        "SELECT finished_at IS NOT NULL, rolled_back_at IS NOT NULL, applied_steps_count,"
        f" length(checksum) FROM _prisma_migrations WHERE migration_name LIKE '{EMAIL}%'"
        " ORDER BY started_at"
    )
    assert rows == [(False, True, 0, 1), (True, False, 0, 64)]


def stuck(shop: Shop) -> None:
    """Leave the second statement of a file under way, as a killed run does."""
    shop.database.run(
        "CREATE TABLE calls (n serial); CREATE PROCEDURE count_() LANGUAGE sql AS"
        " 'INSERT INTO calls DEFAULT VALUES'"
    )
    ok(shop("apply", "--env=staging"))
    up = "-- migrate-hooks: no-transaction\nSELECT 1;\nCALL count_();\n{}\nSELECT 3;"
    shop.write(f"{INDEX}_call", up.format("SELECT 1/0;"))
    assert shop("apply", "--env=staging").code == 5
    shop.write(f"{INDEX}_call", up.format("SELECT 2;"))
    shop.database.run(
        "UPDATE migrate_hooks.progress SET statements_done = 1, running = true; DELETE FROM calls"
    )
    assert shop("apply", "--env=staging").code == 5


@pytest.mark.parametrize(("kind", "calls"), [("statement-done", 0), ("statement-undone", 1)])
def test_a_statement_that_was_under_way_is_settled(shop: Shop, kind: str, calls: int) -> None:
    stuck(shop)
    assert f"--{kind}={INDEX}" in " ".join(shop.commands())
    ok(shop.repair(f"--{kind}={INDEX}", *WHY))
    ok(shop("apply", "--env=staging"))
    assert shop.database.run("SELECT count(*) FROM calls") == [(calls,)]
    assert shop.states()[INDEX] == "applied"


def test_a_run_that_stopped_halfway_is_forgotten_or_finished(shop: Shop) -> None:
    stuck(shop)
    ok(shop.repair(f"--clear-failed={INDEX}", *WHY))
    ok(shop("apply", "--env=staging"))
    assert shop.database.run("SELECT count(*) FROM calls") == [(1,)]
    assert shop.database.run("SELECT * FROM migrate_hooks.progress") == []


def test_an_existing_database_is_adopted(every: Shop) -> None:
    every.database.run("CREATE TABLE users (id bigint, email text)")
    assert every.commands() == ['--baseline=all --because="…"']
    ok(every.repair("--baseline=create_users", *WHY))
    assert every.states() == {USERS: "applied", EMAIL: "pending"}
    assert every.codes("--baseline=all", *WHY) == ["repair/ledger-rows"]
    ok(every.repair("--baseline=all", "--allow=ledger-rows", *WHY))
    assert every.states() == {USERS: "applied", EMAIL: "applied"}
    assert "No pending migrations" in every("apply", "--env=staging").stdout


def test_a_baseline_names_what_is_not_there(shop: Shop) -> None:
    shop.write(
        f"{INDEX}_index", "CREATE INDEX by_mail ON users (email); CREATE VIEW v AS SELECT 1;"
    )
    shop.database.run("CREATE TABLE users (id bigint, email text)")
    done = shop.repair("--baseline=all", *WHY)
    assert done.code == 1
    assert "staging has no index by_mail" in done.stdout
    assert "staging has no view v" in done.stdout
    assert shop.states() == {USERS: "pending", EMAIL: "pending", INDEX: "pending"}
    ok(shop.repair("--baseline=add_email", *WHY))
    ok(shop.repair("--mark-applied=index", *WHY))


def test_a_database_is_recorded_anew(shop: Shop) -> None:
    ok(shop("apply", "--env=staging"))
    shop.database.run("UPDATE migrate_hooks.identity SET environment = 'production'")
    assert shop.codes("--mark-reverted=add_email", *WHY) == ["guard/identity"]
    assert shop.commands() == ['--adopt-identity --because="…"']
    ok(shop.repair("--adopt-identity", *WHY))
    assert shop.database.run("SELECT environment FROM migrate_hooks.identity") == [("staging",)]
    assert shop("verify", "--env=staging").code == 0


def test_nothing_happens_before_somebody_says_yes_and_why(shop: Shop) -> None:
    ok(shop("apply", "--env=staging"))
    words = ("--mark-reverted=add_email",)
    assert shop.codes(*words, "--because=a test") == ["repair/unconfirmed"]
    assert shop.codes(*words, "--because=a test", "--yes=production") == ["repair/unconfirmed"]
    assert shop.codes(*words, "--yes=staging") == ["repair/because"]
    assert shop.codes(*words, "--yes=staging", "--because= ") == ["repair/because"]
    dry = ok(shop.repair(*words, "--dry-run"))
    assert "take 20250102000000 out of the ledger" in dry.stdout
    assert shop.states() == {USERS: "applied", EMAIL: "applied"}
    assert shop.history() == []


def test_a_protected_environment_is_told_twice(shop: Shop) -> None:
    (shop.folder / "migrate-hooks.toml").write_text(
        'ledger = "own"\n[environments.staging]\nprotected = true\n'
    )
    words = ("--mark-applied=create_users", "--because=a test")
    assert shop.codes(*words, "--yes=staging") == ["repair/protected"]
    assert shop.codes(*words, "--force") == ["repair/unconfirmed"]
    assert shop.states()[USERS] == "pending"
    ok(shop.repair(*words, "--force", "--yes=staging"))
    assert shop.states()[USERS] == "applied"


def test_of_several_repairs_all_are_done_or_none(shop: Shop) -> None:
    ok(shop("apply", "--env=staging"))
    both = ("--mark-reverted=create_users", "--mark-reverted=add_email")
    assert shop.repair("--mark-reverted=add_email", "--mark-applied=create_users", *WHY).code == 1
    assert shop.states() == {USERS: "applied", EMAIL: "applied"}
    ok(shop.repair(*both, *WHY))
    assert shop.states() == {USERS: "pending", EMAIL: "pending"}
    assert len(shop.history()) == 2


def test_prisma_asks_git_whether_only_comments_were_edited(repo: Repo, database: Database) -> None:
    """Its ledger keeps a checksum alone; the text that fits it is in the history."""
    shop = made(repo.path, database, "prisma")
    repo.write(".gitignore", ".env*\n")
    repo.commit()
    ok(shop("apply", "--env=staging", "--allow=branch"))
    shop.write(f"{EMAIL}_add_email", "-- mail\nALTER TABLE users ADD COLUMN email text;")
    assert shop.states()[EMAIL] == "changed"
    ok(shop.repair("--realign=all", *WHY))
    assert shop.states() == {USERS: "applied", EMAIL: "applied"}


def asked(shop: Shop, wish: Wish, ask: Callable[[str], str | None]) -> Any:
    """Repair in this process; `ask` is called when the plan was made and before it is done."""
    settings = load(shop.folder, None, {"apply.lock_wait": 0})
    order = Order("staging", (wish,), because="a test")
    return repair.run(settings, order, Voice(ask=ask))


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE {} SET name = 'other' WHERE version = '20250102000000'",
        "DELETE FROM {} WHERE version = '20250101000000'",
        "UPDATE migrate_hooks.identity SET database = 'elsewhere'",
        "INSERT INTO migrate_hooks.progress VALUES ('1', 'up', 'x', 0, true)",
    ],
)
def test_what_changed_since_the_plan_refuses_the_repair(shop: Shop, meanwhile: str) -> None:
    """While the question stands, somebody else gets to work."""
    ok(shop("apply", "--env=staging"))

    def ask(_question: str) -> str:
        shop.database.run(meanwhile.format("migrate_hooks.ledger"))
        return "staging"

    with pytest.raises(Refused, match="changed between the plan and its repair"):
        asked(shop, Wish(Kind.MARK_REVERTED, EMAIL), ask)
    kept = f"SELECT count(*) FROM migrate_hooks.ledger WHERE version = '{EMAIL}'"
    assert shop.database.run(kept) == [(1,)]
    assert shop.history() == []


def test_a_run_that_is_under_way_keeps_the_repair_out(shop: Shop) -> None:
    ok(shop("apply", "--env=staging"))
    with shop.database.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [locking.LOCK_KEY])
        with pytest.raises(LockBusy):
            asked(shop, Wish(Kind.MARK_REVERTED, EMAIL), lambda _question: "staging")
    assert shop.states()[EMAIL] == "applied"


@pytest.mark.parametrize(("when", "stands"), [("before", False), ("after", True)])
def test_a_line_that_is_cut_at_commit_is_asked_about(
    shop: Shop,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    stands: bool,
) -> None:
    ok(shop("apply", "--env=staging"))
    folder = tmp_path_factory.mktemp("p")
    target = shop.database.target()
    through = {**target.parameters, "host": str(folder)}

    def far(_settings: Settings, _environment: str | Environment) -> Target:
        return replace(target, parameters=through, host=str(folder))

    monkeypatch.setattr(targets, "target", far)
    reverted = {"done": False}

    def cut(data: bytes) -> str:
        reverted["done"] |= b"repair mark-reverted" in data
        return when if reverted["done"] and b"COMMIT" in data else ""

    with Proxy(folder, Path(target.host), cut) as proxy:
        if stands:
            asked(shop, Wish(Kind.MARK_REVERTED, EMAIL), lambda _question: "staging")
        else:
            with pytest.raises(Refused, match="nothing was changed"):
                asked(shop, Wish(Kind.MARK_REVERTED, EMAIL), lambda _question: "staging")
    assert proxy.was_cut
    assert (shop.states()[EMAIL] == "pending") is stands
    assert len(shop.history()) == stands


def test_what_nobody_can_tell_is_said_to_be_unclear(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ok(shop("apply", "--env=staging"))
    folder = tmp_path_factory.mktemp("p")
    target = shop.database.target()
    through = {**target.parameters, "host": str(folder)}
    far = replace(target, parameters=through, host=str(folder))
    monkeypatch.setattr(targets, "target", lambda _settings, _environment: far)
    monkeypatch.setattr(mend, "_SECONDS_TO_ASK", 0.3)
    seen = {"deed": False}

    def cut(data: bytes) -> str:
        seen["deed"] |= b"repair mark-reverted" in data
        return "after" if seen["deed"] and b"COMMIT" in data else ""

    with (
        Proxy(folder, Path(target.host), cut, refuse=True),
        pytest.raises(mend.Unclear) as unclear,
    ):
        asked(shop, Wish(Kind.MARK_REVERTED, EMAIL), lambda _question: "staging")
    assert unclear.value.exit == 5
    assert "repair --env=staging" in unclear.value.hint


def test_a_role_that_cannot_write_it_down_does_not_repair(shop: Shop) -> None:
    ok(shop("apply", "--env=staging"))
    role = f"poor_{shop.database.name}"
    shop.database.run(f"CREATE ROLE {role} LOGIN")
    try:
        shop.database.run(f"GRANT USAGE ON SCHEMA migrate_hooks TO {role}")
        shop.database.run(f"GRANT SELECT, DELETE ON migrate_hooks.ledger TO {role}")
        url = shop.database.url.replace("postgres@", f"{role}@")
        (shop.folder / ".env.staging").write_text(f"DATABASE_URL={url}\n")
        done = shop.repair("--mark-reverted=add_email", *WHY)
        assert done.code == 1
        assert f'ON ALL TABLES IN SCHEMA migrate_hooks TO "{role}";' in done.stdout
        assert shop.states()[EMAIL] == "applied"
    finally:
        shop.database.run(f"DROP OWNED BY {role}")
        shop.database.run(f"DROP ROLE {role}")


def test_a_ledger_that_is_in_use_or_out_of_reach_is_left_alone(shop: Shop) -> None:
    ok(shop("apply", "--env=staging"))
    with shop.database.connect() as other, other.transaction():
        other.execute("UPDATE migrate_hooks.ledger SET name = name")
        settings = {"MIGRATE_HOOKS_APPLY_LOCK_TIMEOUT": "100ms"}
        words = ("repair", "--env=staging", "--mark-reverted=add_email", *WHY)
        busy = shop(*words, env=settings)
    assert (busy.code, "migrate_hooks.ledger of staging in use" in busy.stderr) == (6, True)
    role = f"half_{shop.database.name}"
    shop.database.run(f"CREATE ROLE {role} LOGIN")
    try:
        shop.database.run(
            f"GRANT USAGE, CREATE ON SCHEMA migrate_hooks TO {role};"
            f"GRANT ALL ON ALL TABLES IN SCHEMA migrate_hooks TO {role};"
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON migrate_hooks.ledger FROM {role};"
        )
        url = shop.database.url.replace("postgres@", f"{role}@")
        (shop.folder / ".env.staging").write_text(f"DATABASE_URL={url}\n")
        denied = shop.repair("--mark-reverted=add_email", *WHY)
        assert denied.code == 1
        assert f'ON migrate_hooks.ledger TO "{role}";' in denied.stderr
    finally:
        shop.database.run(f"DROP OWNED BY {role}")
        shop.database.run(f"DROP ROLE {role}")
    assert shop.history() == []


def test_looking_changes_nothing(shop: Shop) -> None:
    """Not so much as a schema of ours is made."""
    done = shop.repair()
    assert done.code == 0
    assert shop.database.run("SELECT 1 FROM pg_namespace WHERE nspname = 'migrate_hooks'") == []
    ok(shop.repair("--mark-applied=create_users", "--dry-run"))
    assert shop.database.run("SELECT 1 FROM pg_namespace WHERE nspname = 'migrate_hooks'") == []


def test_words_that_cannot_be_meant_are_usage_errors(shop: Shop) -> None:
    twice = ("--mark-applied=create_users", "--baseline=create_users")
    assert shop.repair(*twice, *WHY).code == 2
    assert shop.repair("--mark-applied=nothing", *WHY).code == 2
    assert shop.repair("--allow=everything").code == 2
