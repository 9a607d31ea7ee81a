"""`drift --write-migration`: what a hand made becomes a migration, or is undone by one, proved."""

from pathlib import Path

import pytest

from migrate_hooks.actions import drift_migration
from migrate_hooks.actions.drift_migration import Wish
from migrate_hooks.config.load import load
from migrate_hooks.errors import Refused
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import embedded, files, postgres
from migrate_hooks.schema import repair
from migrate_hooks.schema.snapshot import take
from tests.databases import IDLE_SECONDS, Database
from tests.program import Program
from tests.repo import Repo

SHOP = """\
-- UP Migration
CREATE TYPE public.mood AS ENUM ('ok', 'sad');
CREATE TABLE public.customers (id bigint PRIMARY KEY, email text);
CREATE TABLE public.orders (
    id bigint PRIMARY KEY, customer bigint, state text, total integer, at timestamptz
);
CREATE INDEX orders_at ON public.orders (at);
CREATE VIEW public.open_orders AS SELECT id, total FROM public.orders WHERE state = 'open';
COMMENT ON VIEW public.open_orders IS 'what is open';
CREATE FUNCTION public.tax(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n / 5';
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.at := now(); RETURN NEW; END';
-- DOWN: irreversible because it is the first
"""
# One of each kind; the type stands below a view that stays as it is.
BY_HAND = """
ALTER TABLE public.orders ADD COLUMN note text;
ALTER TABLE public.orders ALTER COLUMN total TYPE bigint;
ALTER TABLE public.orders ALTER COLUMN state SET DEFAULT 'open';
ALTER TABLE public.orders ALTER COLUMN customer SET NOT NULL;
CREATE INDEX orders_customer ON public.orders (customer);
DROP INDEX public.orders_at;
ALTER TABLE public.orders ADD CONSTRAINT orders_of
    FOREIGN KEY (customer) REFERENCES public.customers (id);
ALTER TABLE public.orders ADD CONSTRAINT positive CHECK (id > 0);
ALTER TABLE public.customers ADD CONSTRAINT one_email UNIQUE (email);
CREATE VIEW public.mails AS SELECT email FROM public.customers;
CREATE OR REPLACE FUNCTION public.tax(n integer) RETURNS integer LANGUAGE sql IMMUTABLE
    AS 'SELECT n / 4';
ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.customers FOR SELECT USING (email = CURRENT_USER);
GRANT SELECT ON public.customers TO pg_monitor;
CREATE TRIGGER touched BEFORE UPDATE ON public.orders
    FOR EACH ROW EXECUTE FUNCTION public.touch();
CREATE TABLE public.notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text);
"""
LABEL = "ALTER TYPE public.mood ADD VALUE 'glad' BEFORE 'sad'"
TYPE_BELOW_A_VIEW = """
DROP VIEW public.open_orders;
{change}
CREATE VIEW public.open_orders AS SELECT id, total FROM public.orders WHERE state = 'open';
COMMENT ON VIEW public.open_orders IS 'what is open';
"""
CHANGE = "ALTER TABLE public.orders ALTER COLUMN total TYPE bigint;\n"
PLANTED = BY_HAND.replace(CHANGE, TYPE_BELOW_A_VIEW.format(change=CHANGE))


@pytest.fixture(autouse=True)
def scratch(embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)


class Shop:
    """A repository with one migration, and two real databases that have it."""

    def __init__(self, repo: Repo, cli: Program, dev: Database, staging: Database) -> None:
        self.repo, self.cli, self.dev, self.staging = repo, cli, dev, staging

    def run(self, *words: str, code: int = 0) -> str:
        done = self.cli(*words, cwd=self.repo.path)
        assert done.code == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def apply(self, environment: str, *words: str) -> str:
        return self.run("apply", f"--env={environment}", "--allow=dirty", *words)

    def written(self) -> list[Path]:
        found = sorted((self.repo.path / "migrations").glob("*.sql"))
        return [file for file in found if "_shop" not in file.name]

    def texts(self) -> str:
        return "\n".join(file.read_text() for file in self.written())


@pytest.fixture
def shop(
    repo: Repo,
    cli: Program,
    database: Database,
    second_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    monkeypatch.setenv("DATABASE_URL_DEV", database.url)
    monkeypatch.setenv("DATABASE_URL_STAGING", second_database.url)
    branches = '[environments.dev]\nbranch = ""\n[environments.staging]\nbranch = ""\n'
    repo.write("migrate-hooks.toml", branches)
    repo.write("migrations/20260101000000_shop.sql", SHOP)
    repo.commit()
    made = Shop(repo, cli, database, second_database)
    made.apply("dev")
    made.apply("staging")
    return made


def settings(shop: Shop) -> Settings:
    return load(shop.repo.path, None, {})


def seen(database: Database) -> Snapshot:
    with postgres.session(database.target()) as session:
        return take(session, "it")


def differ(one: Snapshot, other: Snapshot) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.kind, each.identity) for each in repair.differences(one, other)}


def test_all_that_a_hand_made_is_adopted_everywhere_and_undone_again(shop: Shop) -> None:
    """Written, proved, really applied to both databases, and taken back; then undone likewise."""
    before = seen(shop.staging)
    shop.staging.run(PLANTED)
    shop.staging.run(LABEL)
    planted = seen(shop.staging)
    assert len(differ(before, planted)) > 10
    told = shop.run("drift", "--env=staging", "--write-migration", "adopt it", "--adopt")
    assert "Proved on a scratch copy" in told
    for environment in ("dev", "staging"):  # on staging it changes nothing, and is recorded
        shop.apply(environment)
    assert differ(seen(shop.dev), planted) == set()
    assert differ(seen(shop.staging), planted) == set()
    assert "clean" in shop.run("drift", "--env=staging")
    count = len(shop.written())
    shop.run("rollback", "--env=staging", f"--steps={count}", "--allow=dirty")
    label = {("enum", ("public", "mood"))}  # PostgreSQL can only add one
    assert differ(seen(shop.staging), before) == label

    for file in shop.written():
        file.unlink()
    shop.staging.run(PLANTED)
    allowed = ("--allow=drop-column", "--allow=drop-table")
    words = ("drift", "--env=staging", "--write-migration", "undo it", "--restore", *allowed)
    assert "Proved on a scratch copy" in shop.run(*words)
    shop.apply("staging")
    assert differ(seen(shop.staging), before) == label
    count = len(shop.written())
    shop.run("rollback", "--env=staging", f"--steps={count}", "--allow=dirty")
    assert differ(seen(shop.staging), planted) == set()


def codes(report: Report) -> list[str]:
    return [one.code for one in report.findings if one.severity is not Severity.INFO]


def test_a_target_is_made_like_its_source_and_what_loses_values_is_left_as_a_comment(
    shop: Shop,
) -> None:
    shop.dev.run("ALTER TABLE public.orders ADD COLUMN note text")
    shop.staging.run("ALTER TABLE public.orders ADD COLUMN old text")
    report = drift_migration.of_two(settings(shop), "dev", "staging", Wish("catch up"))
    assert codes(report) == ["drift/left-out"]
    assert "column public.orders.old" in report.findings[0].message
    assert "--allow=drop-column" in report.findings[0].message
    (file,) = shop.written()
    up, _, down = file.read_text().partition("-- DOWN")
    assert "\nALTER TABLE public.orders ADD COLUMN IF NOT EXISTS note text;" in up
    assert "\n--   ALTER TABLE public.orders DROP COLUMN IF EXISTS old;" in up
    assert "-- hazard: drop-column: " in down
    assert "\nALTER TABLE public.orders DROP COLUMN IF EXISTS note;" in down
    shop.apply("staging")
    assert differ(seen(shop.staging), seen(shop.dev)) == {("column", ("public", "orders", "old"))}

    with pytest.raises(Refused, match="of that name is already there"):
        drift_migration.of_two(settings(shop), "dev", "staging", Wish("catch up"))
    shop.run("new", "keep old", "--from-drift", "--env=staging")
    assert "ADD COLUMN IF NOT EXISTS old text" in shop.written()[-1].read_text()


def test_what_no_statement_makes_is_copied_by_pg_dump(shop: Shop) -> None:
    """A function over a table that is gone: no CREATE FUNCTION passes, but that of a dump."""
    report = drift_migration.of_one(settings(shop), "staging", Wish("adopt"))
    assert (report.outcome.value, shop.written()) == ("clean", [])
    assert "nothing to write" in report.notes[0]
    shop.staging.run(
        """
        CREATE TABLE public.gone (id bigint);
        CREATE FUNCTION public.lost() RETURNS bigint LANGUAGE sql
            AS 'SELECT id FROM public.gone';
        DROP TABLE public.gone;
        """
    )
    report = drift_migration.of_one(settings(shop), "staging", Wish("undo", adopt=False))
    assert codes(report) == []
    assert "\nDROP FUNCTION IF EXISTS public.lost();" in shop.texts()
    assert "-- DOWN: irreversible because function public.lost()" in shop.texts()
    shop.written()[0].unlink()
    report = drift_migration.of_one(settings(shop), "staging", Wish("adopt"))
    assert codes(report) == ["drift/left-out"]
    assert 'relation "public.gone" does not exist' in report.findings[0].message
    assert shop.written() == []  # there is nothing that could run
    assert "no migration" in " ".join(report.notes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--env=staging", "--write-migration", "x"), "--adopt, so that the files match"),
        (("--env=staging", "--adopt"), "go with --write-migration NAME"),
        (
            ("--source=dev", "--target=staging", "--write-migration", "x", "--restore"),
            "go with --env",
        ),
    ],
)
def test_words_that_do_not_go_together_are_refused(
    words: tuple[str, ...], said: str, cli: Program
) -> None:
    done = cli("drift", *words)
    assert done.code == 2
    assert said in " ".join(done.stderr.split())
