"""`drift --save`, and environments that were saved in the place of ones that are there."""

import json
import os
from pathlib import Path

import pytest

from migrate_hooks.actions import drift_saved, offline
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.config.load import load
from migrate_hooks.errors import BadSnapshot, CannotWrite, Refused, UsageProblem
from migrate_hooks.model.environment import Target
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Version
from migrate_hooks.model.schema import Unchecked
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import embedded, files
from migrate_hooks.schema.snapshot import Reading
from tests.databases import IDLE_SECONDS, Database
from tests.program import Program
from tests.repo import Repo

UP = "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint, state text);"
NOBODY = "postgresql://somebody:s3cret@127.0.0.1:1/nowhere"
TARGET = Target("staging", "the test", {}, None, "db.example", "5432", "shop", "somebody")


def reading(*lines: bytes, unchecked: tuple[Unchecked, ...] = ()) -> Seen:
    read = Reading("staging", frozenset(lines), unchecked, version=180004)
    rows = (Applied(Version((1,), "1"), "one", text="SELECT 's3cret'"),)
    return Seen(TARGET, ("1",), 18, "owner", "worker", read, rows)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return load(tmp_path, None, {})


@pytest.fixture
def shop(repo: Repo, embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository whose migrations are replayed on the run's own servers."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
    repo.write("migrate-hooks.toml", '[environments.staging]\nbranch = ""\n')
    repo.write("migrations/20260101000000_orders.sql", f"-- UP\n{UP}\n-- DOWN\nDROP TABLE orders;")
    repo.commit()
    return repo


def test_staging_is_judged_without_a_network_and_against_what_it_was(
    shop: Repo, cli: Program, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saved beside its own drift; then alone against the files; then against itself of later."""
    monkeypatch.setenv("DATABASE_URL_STAGING", database.url)
    assert cli("apply", "--env=staging", cwd=shop.path)[0] == 0
    database.run("ALTER TABLE orders ADD COLUMN by_hand text")
    code, out, err = cli("drift", "--env=staging", "--save", "staging.json", cwd=shop.path)
    assert (code, "Saved staging in staging.json" in out) == (0, True), out + err
    assert "column public.orders.by_hand  only on staging (made by hand on staging)" in out
    text = (shop.path / "staging.json").read_text()
    assert '"type": "bigint"' in text
    assert not any(word in text for word in ("CREATE TABLE", database.parameters["host"]))

    away = {"DATABASE_URL_STAGING": NOBODY}
    code, out, err = cli("drift", "--env=staging.json", cwd=shop.path, env=away)
    assert "+ column public.orders.by_hand  only on staging (made by hand on staging)" in out, err
    assert "1 migration applied on staging replayed on" in out
    assert "staging.json is staging as it was " in out

    database.run("ALTER TABLE orders DROP COLUMN by_hand, DROP COLUMN state")
    words = ("--source=staging.json", "--target=staging", "--format=json")
    code, out, err = cli("drift", *words, cwd=shop.path)
    found = {one["identity"]: one["cause"] for one in json.loads(out)["differences"]}
    assert code == 1, err
    assert found["public.orders.state"] == "made by hand on staging"
    assert found["public.orders.by_hand"] == "made by hand on staging.json"


def test_an_edit_is_seen_although_the_text_of_the_ledger_is_not_saved(
    shop: Repo, cli: Program, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_STAGING", database.url)
    shop.write("migrate-hooks.toml", 'ledger = "supabase"\n[environments.staging]\nbranch = ""\n')
    shop.commit()
    assert cli("apply", "--env=staging", cwd=shop.path)[0] == 0
    cli("drift", "--env=staging", "--save", "staging.json", cwd=shop.path)
    shop.write("migrations/20260101000000_orders.sql", f"-- UP\n{UP.replace('state', 'stage')}\n")
    _, out, err = cli("drift", "--env=staging.json", cwd=shop.path)
    assert "NOT CHECKED: 20260101000000_orders was edited after it was applied" in out, err


@pytest.mark.parametrize("start", ["", '{"format": "migrate-hooks snapshot", "broken'])
def test_only_a_snapshot_or_nothing_is_overwritten(tmp_path: Path, start: str) -> None:
    file = tmp_path / "x.json"
    drift_saved.refuse_to_overwrite(file)
    file.write_text(start)
    drift_saved.refuse_to_overwrite(file)
    file.write_text('{"name": "my-app"}')
    with pytest.raises(Refused, match="is there and is no snapshot"):
        drift_saved.refuse_to_overwrite(file)
    with pytest.raises(Refused, match="is there and is no snapshot"):
        drift_saved.refuse_to_overwrite(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="is there and is no snapshot"):
        drift_saved.refuse_to_overwrite(tmp_path / "pipe")
    with pytest.raises(CannotWrite, match="there is no folder") as failed:
        drift_saved.refuse_to_overwrite(tmp_path / "none" / "x.json")
    assert failed.value.hint.startswith("Make it first: mkdir -p ")


def test_what_is_no_file_of_ours_is_said(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "staging").write_text("an environment is called so")
    (tmp_path / "nul.json").write_bytes(b"{\0}")
    os.mkfifo(tmp_path / "pipe.json")
    os.truncate(tmp_path / "staging", 2 << 30)
    (tmp_path / "staging").rename(tmp_path / "huge.json")
    for name, problem in (
        ("none.json", "is not there"),
        ("nul.json", "is binary"),
        ("pipe.json", "is no regular file"),
        ("huge.json", "is too large"),
    ):
        with pytest.raises(BadSnapshot, match=rf"{name} {problem}.*, so there is no snapshot"):
            drift_saved.one(settings, name, None)


def test_an_environment_wins_over_a_file_of_its_name(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "staging").write_text("{}")
    monkeypatch.setenv("DATABASE_URL_STAGING", "no url")
    with pytest.raises(Exception, match="DATABASE_URL_STAGING"):
        drift_saved.one(settings, "staging", None)
    with pytest.raises(BadSnapshot, match=r"\./staging is no snapshot"):
        drift_saved.one(settings, "./staging", None)


def test_a_snapshot_is_not_saved_again(tmp_path: Path) -> None:
    drift_saved.save(reading(), tmp_path / "a.json")
    again = drift_saved.read(tmp_path / "a.json", "a.json")
    with pytest.raises(UsageProblem, match=r"a\.json is a file"):
        drift_saved.save(again, tmp_path / "b.json")


def test_the_last_whole_reading_is_kept_for_each_database(settings: Settings) -> None:
    assert offline.last(settings, TARGET) is None
    offline.keep(settings, reading(b"0\ta\n"))
    offline.keep(settings, reading(b"0\tb\n"))
    partly = (Unchecked("staging", "view", "somebody holds a lock"),)
    offline.keep(settings, reading(b"0\tc\n", unchecked=partly))
    found = offline.last(settings, TARGET)
    assert found is not None
    assert found.reading.lines == frozenset([b"0\tb\n"])
    assert (found.major, found.worker) == (18, "worker")
    assert found.applied == reading().applied
    assert found.saved_at is not None
    assert drift_saved.ages(found)[0].startswith("the last reading is staging as it was 0 s ago")
    offline.keep(settings, found)
    elsewhere = Target("staging", "", {}, None, "db2.example", "5432", "shop", "somebody")
    assert offline.last(settings, elsewhere) is None


def test_a_kept_reading_that_a_disk_has_changed_is_none(settings: Settings) -> None:
    offline.keep(settings, reading(b"0\ta\n"))
    (file,) = (files.cache_folder() / "last").iterdir()
    assert file.parent.stat().st_mode & 0o077 == 0
    file.write_bytes(file.read_bytes()[:-1])
    assert offline.last(settings, TARGET) is None


def test_what_cannot_be_kept_stops_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "file"))
    offline.keep(settings, reading(b"0\ta\n"))
    assert offline.last(settings, TARGET) is None


def test_what_writes_a_migration_saves_nothing(cli: Program) -> None:
    words = ("--env=dev", "--save", "x.json", "--write-migration", "x", "--adopt")
    code, _, err = cli("drift", *words)
    assert (code, "--save goes without --write-migration" in err) == (2, True)
