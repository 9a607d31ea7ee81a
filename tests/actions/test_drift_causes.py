"""`drift` against the files: what was made by hand, and what explains the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.outside import embedded, files
from tests.databases import IDLE_SECONDS, Database
from tests.program import Program
from tests.repo import Repo

ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint, state text);"
PLACED = "CREATE TABLE placed (id bigint PRIMARY KEY); ALTER TABLE orders ADD COLUMN total numeric;"
INDEX = "CREATE INDEX orders_customer ON orders (customer);"
BY_HAND = "ALTER TABLE orders ADD COLUMN note text"


@pytest.fixture(autouse=True)
def scratch(embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)


@pytest.fixture
def shop(
    repo: Repo,
    cli: Program,
    database: Database,
    second_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> "Shop":
    monkeypatch.setenv("DATABASE_URL_DEV", database.url)
    monkeypatch.setenv("DATABASE_URL_STAGING", second_database.url)
    repo.write("migrate-hooks.toml", '[environments.dev]\nbranch = ""\n[environments.staging]\n')
    return Shop(repo, cli, database, second_database)


class Shop:
    """A repository whose two environments are real databases."""

    def __init__(self, repo: Repo, cli: Program, dev: Database, staging: Database) -> None:
        self.repo, self.cli, self.dev, self.staging = repo, cli, dev, staging

    def migration(self, day: int, name: str, up: str) -> None:
        text = f"-- UP Migration\n{up}\n-- DOWN: irreversible because of a test\n"
        self.repo.write(f"migrations/202601{day:02}000000_{name}.sql", text)
        self.repo.commit(name)

    def configure(self, before: str, after: str) -> None:
        """Put lines on top of the configuration, and at its end."""
        file = self.repo.path / "migrate-hooks.toml"
        file.write_text(before + file.read_text() + after)

    def apply(self, environment: str, *words: str) -> None:
        allowed = ("--allow=branch", "--allow=dirty", *words)
        code, out, err = self.cli("apply", f"--env={environment}", *allowed, cwd=self.repo.path)
        assert code == 0, out + err

    def drift(self, *words: str) -> tuple[int, dict[str, Any]]:
        words = words or ("--source=dev", "--target=staging")
        code, stdout, stderr = self.cli("drift", "--format=json", *words, cwd=self.repo.path)
        assert stdout, stderr
        return code, json.loads(stdout)


def told(report: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {one["identity"]: (one["origin"], one["cause"]) for one in report["differences"]}


def three(shop: Shop) -> None:
    """Apply one migration to both, and two more to dev."""
    shop.migration(1, "orders", ORDERS)
    shop.apply("dev")
    shop.apply("staging")
    shop.migration(2, "placed", PLACED)
    shop.migration(3, "index", INDEX)
    shop.apply("dev")


def test_two_pending_and_one_by_hand_are_told_apart(shop: Shop) -> None:
    three(shop)
    shop.staging.run(BY_HAND)
    code, report = shop.drift()
    assert told(report) == {
        "public.placed": ("pending", "pending 20260102000000_placed on staging"),
        "public.orders.total": ("pending", "pending 20260102000000_placed on staging"),
        "public.orders.orders_customer": ("pending", "pending 20260103000000_index on staging"),
        "public.orders.note": ("by hand", "made by hand on staging"),
    }
    (counted,) = report["findings"]
    assert (counted["severity"], counted["code"]) == ("warning", "drift/unexpected-column")
    assert code == 0  # a warning; what waits is no finding, though a table is missing
    shop.staging.run("ALTER TABLE orders DROP COLUMN state")
    code, report = shop.drift()
    assert code == 1
    assert told(report)["public.orders.state"] == ("by hand", "made by hand on staging")


def test_strict_counts_what_is_explained_too(shop: Shop) -> None:
    three(shop)
    assert shop.drift()[0] == 0
    code, report = shop.drift("--source=dev", "--target=staging", "--strict")
    assert code == 1
    assert len(report["findings"]) == 3


def test_a_hand_on_the_source_is_found_as_one(shop: Shop) -> None:
    three(shop)
    shop.dev.run(BY_HAND)
    assert told(shop.drift()[1])["public.orders.note"] == ("by hand", "made by hand on dev")


@pytest.mark.parametrize("ledger", ["supabase", "own"])
def test_a_file_that_was_edited_after_it_ran_is_the_cause(shop: Shop, ledger: str) -> None:
    """The old text comes from the one ledger itself, and from git for the other."""
    shop.configure(f'ledger = "{ledger}"\n', "")
    shop.migration(1, "orders", ORDERS)
    shop.apply("staging")
    shop.migration(1, "orders", ORDERS.replace("state text", "state varchar(20)"))
    shop.apply("dev")
    code, report = shop.drift()
    words = "20260101000000_orders was edited after it was applied on staging"
    assert told(report) == {"public.orders.state": ("edited", words)}
    assert code == 0


@pytest.mark.parametrize("ledger", ["supabase", "own"])
def test_an_environment_is_compared_with_what_is_applied_there(shop: Shop, ledger: str) -> None:
    shop.configure(f'ledger = "{ledger}"\n', "")
    shop.migration(1, "orders", ORDERS)
    shop.apply("staging")
    shop.migration(2, "placed", PLACED)
    code, report = shop.drift("--env=staging")
    assert (code, report["outcome"], report["differences"]) == (0, "clean", [])
    assert any("1 migration applied on staging replayed on" in one for one in report["notes"])
    shop.staging.run(f"{BY_HAND}; ALTER TABLE orders DROP COLUMN state")
    code, report = shop.drift("--env=staging")
    assert code == 1
    assert {name: origin for name, (origin, _) in told(report).items()} == {
        "public.orders.note": "by hand",
        "public.orders.state": "by hand",
    }
    worst = report["findings"][0]
    assert "where applied migrations made it" in worst["message"]
    assert worst["hint"].startswith("Make it again on staging (ALTER TABLE public.orders ADD")


def test_what_the_ledger_keeps_of_a_lost_file_is_replayed(shop: Shop) -> None:
    shop.migration(1, "orders", ORDERS)
    shop.migration(2, "placed", PLACED)
    shop.apply("staging")
    (shop.repo.path / "migrations/20260102000000_placed.sql").unlink()
    code, report = shop.drift("--env=staging")
    assert (code, report["differences"]) == (0, [])


def test_what_nobody_has_any_more_is_not_checked_and_never_clean(shop: Shop) -> None:
    shop.migration(1, "orders", ORDERS)
    shop.migration(2, "placed", PLACED)
    shop.apply("staging")
    shop.staging.run("UPDATE supabase_migrations.schema_migrations SET statements = NULL")
    (shop.repo.path / "migrations/20260102000000_placed.sql").unlink()
    shop.staging.run("DROP TABLE placed; ALTER TABLE orders DROP COLUMN total")
    code, report = shop.drift("--env=staging")
    assert (code, report["outcome"]) == (3, "unchecked")
    assert any(
        one.startswith("NOT CHECKED: 20260102000000_placed is applied on staging, and neither")
        for one in report["notes"]
    )


def test_files_that_cannot_be_replayed_prove_nothing_and_are_named(shop: Shop) -> None:
    shop.staging.run("CREATE TABLE legacy (id int); CREATE TABLE beside (id int)")
    shop.dev.run("CREATE TABLE legacy (id int)")
    shop.migration(1, "legacy", "ALTER TABLE legacy ADD COLUMN note text;")
    shop.apply("staging")
    shop.apply("dev")
    code, report = shop.drift("--env=staging")
    assert (code, report["outcome"]) == (3, "unchecked")
    assert "20260101000000_legacy cannot be replayed" in report["findings"][0]["message"]
    code, report = shop.drift()
    assert told(report) == {"public.beside": (None, None)}
    assert any(one.startswith("Causes NOT CHECKED: 20260101") for one in report["notes"])
    assert len(report["findings"]) == 1


def test_a_prelude_of_the_project_is_what_the_database_had_before(shop: Shop) -> None:
    shop.staging.run("CREATE TABLE legacy (id int)")
    shop.migration(1, "legacy", "ALTER TABLE legacy ADD COLUMN note text;")
    shop.apply("staging")
    shop.repo.write("db/prelude.sql", "CREATE TABLE legacy (id int);\n")
    added = '[scratch]\nprelude = ["db/prelude.sql"]\n'
    shop.configure("", added)
    code, report = shop.drift("--env=staging")
    assert (code, report["differences"]) == (0, [])


def test_another_server_may_do_the_replay(
    shop: Shop, server: embedded.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.migration(1, "orders", ORDERS)
    shop.apply("staging")
    shop.staging.run(BY_HAND)
    shop.configure("", '[scratch]\nurl_env = ["PLAYGROUND"]\n')
    code, report = shop.drift("--env=staging")
    assert (code, report["findings"][0]["code"]) == (2, "environment/no-dsn")
    url = shop.staging.url.rpartition("/")[0] + "/postgres"
    monkeypatch.setenv("PLAYGROUND", url)
    code, report = shop.drift("--env=staging")
    assert told(report) == {"public.orders.note": ("by hand", "made by hand on staging")}
    assert any("the scratch server" in one for one in report["notes"])
    for name in shop.staging.run("SELECT datname FROM pg_database WHERE datname LIKE 'mh%'"):
        shop.staging.run(f"DROP DATABASE {name[0]}")


def test_the_scratch_server_is_never_an_environments(shop: Shop) -> None:
    shop.migration(1, "orders", ORDERS)
    added = '[scratch]\nurl_env = ["DATABASE_URL_STAGING"]\n'
    shop.configure("", added)
    code, report = shop.drift("--env=dev")
    assert code == 2
    assert "which is an environment's" in report["findings"][0]["message"]


def test_an_older_server_is_compared_on_its_own_version(
    shop: Shop, database16: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.migration(1, "orders", ORDERS.replace("state text", "state text CHECK (state IN ('a'))"))
    monkeypatch.setenv("DATABASE_URL_STAGING", database16.url)
    shop.apply("staging")
    code, report = shop.drift("--env=staging")
    assert (code, report["differences"]) == (0, [])
    assert any("PostgreSQL 16" in one for one in report["notes"])


def test_what_is_meant_is_left_out_and_said(shop: Shop) -> None:
    three(shop)
    shop.staging.run(BY_HAND)
    added = '[[drift.ignore]]\nobject = "public.orders.note"\nreason = "for the support desk"\n'
    shop.configure("", added)
    _, report = shop.drift()
    assert "public.orders.note" not in told(report)
    assert any("1 ignored, public.orders.note: for the support" in one for one in report["notes"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('object = "public.t"', "with a reason"),
        ('reason = "because"', "a kind or an object"),
        ('object = "t"\nreason = "x"\nuntil = "soon"', "drift.ignore"),
        ('objet = "t"\nreason = "x"', "known words"),
    ],
)
def test_an_ignore_that_says_too_little_is_refused(shop: Shop, line: str, words: str) -> None:
    shop.configure("", f"[[drift.ignore]]\n{line}\n")
    code, report = shop.drift()
    assert code == 2
    assert words in report["findings"][0]["message"]


@pytest.mark.parametrize("words", [("--env=dev", "--source=staging"), ("--source=dev",), ()])
def test_words_that_say_two_things_or_none_are_refused(shop: Shop, words: tuple[str, ...]) -> None:
    code, _, stderr = shop.cli("drift", *words, cwd=shop.repo.path)
    assert code == 2
    assert "--env" in stderr
