"""`new`: the name, the time, the templates, and that a fresh file passes `lint`."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrate_hooks.actions import lint, new, sources, templating
from migrate_hooks.config.load import load
from migrate_hooks.errors import ConfigProblem, Exit, NoMigrationsFolder, Refused, UsageProblem
from migrate_hooks.layouts import detect
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import Script
from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import clock, postgres
from migrate_hooks.schema import snapshot
from tests.databases import Database
from tests.program import Program
from tests.repo import Repo

NOW = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)
BUILT_IN = sorted(path.stem for path in templating.BUILT_IN.glob("*.sql"))
PRELUDE = (
    "CREATE TABLE example_table (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " created_at timestamptz NOT NULL DEFAULT now(){column});"
    "INSERT INTO example_table DEFAULT VALUES;"
)
ALREADY_THERE = {"create-table": "", "add-column": PRELUDE.format(column="")}
COLUMN = PRELUDE.format(column=", example_column text")


@pytest.fixture
def project(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with an empty migrations folder, at a fixed moment."""
    (repo.path / "migrations").mkdir()
    monkeypatch.setattr(clock, "utc_now", lambda: NOW)
    return repo


def run(database: Database, script: Script | None) -> None:
    assert script is not None
    for statement in script.statements:
        database.run(statement.text)


def schema(database: Database) -> set[SchemaObject]:
    with postgres.session(database.target()) as session:
        taken = snapshot.take(session, "here")
    assert taken.unchecked == ()
    return set(taken.objects)


def make(repo: Repo, name: str, template: str | None = None) -> Path:
    report = new.run(load(repo.path, None, {}), name, template)
    return repo.path / report.listings[0].rows[0][0]


def test_a_fresh_file_is_named_after_the_words_and_passes_lint(repo: Repo, cli: Program) -> None:
    (repo.path / "migrations").mkdir()
    code, out, _ = cli("new", "add-user's-email!", cwd=repo.path)
    (file,) = (repo.path / "migrations").iterdir()
    assert code == 0
    assert re.fullmatch(r"\d{14}_add_users_email\.sql", file.name)
    assert f"migrate-hooks lint migrations/{file.name}" in out
    stamped = datetime.strptime(file.name[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - stamped).total_seconds()) < 120  # UTC, not the local time
    code, out, _ = cli("lint", cwd=repo.path)
    assert code == 0
    assert "sections/up-empty" in out  # said, not blocked


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("layout", sorted(detect.layouts()))
def test_every_template_passes_lint_in_every_layout(project: Repo, name: str, layout: str) -> None:
    settings = load(project.path, None, {"layout": layout})
    new.run(settings, "try it", name)
    report = lint.run(settings, (), False, None, True)
    unfinished = "sections/up-empty" if name == "blank" else "structure/placeholder"
    shown = [one for one in report.findings if one.severity is not Severity.INFO]
    assert {one.code for one in shown} == {unfinished}  # said, not blocked
    assert {one.severity for one in shown} == {Severity.WARNING}


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != "blank"])
def test_every_template_runs_up_down_up_on_a_real_server(
    name: str, database: Database, project: Repo
) -> None:
    prelude = ALREADY_THERE.get(name, COLUMN)
    if prelude:
        database.run(prelude)
    file = make(project, "try it", name)
    migration = detect.by_name("sections").read(file.name, file.read_text())
    before = schema(database)
    run(database, migration.up)
    run(database, migration.down)
    assert schema(database) == before
    run(database, migration.up)


@pytest.mark.parametrize("server_name", ["database", "database16"])
def test_every_reference_migration_runs_and_its_down_restores_exactly(
    server_name: str, request: pytest.FixtureRequest
) -> None:
    database: Database = request.getfixturevalue(server_name)
    folder = Path(__file__).parents[2] / "migrations"
    files = sorted(folder.glob("*.sql"))
    assert len(files) == 4
    for file in files:
        migration = detect.by_name("sections").read(file.name, file.read_text())
        before = schema(database)
        run(database, migration.up)
        assert schema(database) != before
        run(database, migration.down)
        assert schema(database) == before
        run(database, migration.up)


@pytest.mark.parametrize(
    ("name", "template", "expected"),
    [
        ("create orders", "create-table", "CREATE TABLE orders ("),
        ("create_orders_table", "create-table", "CREATE INDEX orders_owner_id_idx ON orders"),
        ("add email to users", "add-column", "ALTER TABLE users ADD COLUMN email text;"),
        ("rename mail to email on users", "rename-column", "ALTER TABLE users ADD COLUMN email"),
        ("rename mail to email on users", "rename-column", "DROP COLUMN email;"),
        ("add index to users", "create-index", "users_example_column_idx\nON users (example"),
        ("enable rls on users", "rls-policy", "ALTER TABLE users ENABLE ROW LEVEL SECURITY;"),
        ("count things in users", "rpc-function", "public.count_users(since timestamptz)"),
        ("fill email of users", "data-migration", "SET email = 'unknown'"),
        ("create order", "create-table", "CREATE TABLE example_table ("),  # a reserved word
        ("create 2fa codes", "create-table", "CREATE TABLE example_table ("),
        ("tidy up", "create-table", "CREATE TABLE example_table ("),
    ],
)
def test_the_name_fills_the_template(
    project: Repo, name: str, template: str, expected: str
) -> None:
    assert expected in make(project, name, template).read_text()


def test_the_same_name_is_refused_and_the_file_is_named(project: Repo) -> None:
    first = make(project, "add email")
    with pytest.raises(Refused, match=re.escape(first.name)):
        make(project, "Add Email!")
    assert list(first.parent.iterdir()) == [first]


def test_the_same_second_gives_the_next_one_and_says_so(project: Repo) -> None:
    make(project, "one")
    report = new.run(load(project.path, None, {}), "two", None)
    assert report.listings[0].rows[0][0] == "migrations/20260201000000_two.sql"
    assert "has this second already" in report.notes[0]


def test_a_file_from_the_future_is_followed(project: Repo) -> None:
    project.write("migrations/20991231235959_future.sql", "SELECT 1;\n")
    report = new.run(load(project.path, None, {}), "next", None)
    assert report.listings[0].rows[0][0] == "migrations/21000101000000_next.sql"
    assert "is dated in the future" in report.notes[0]


def test_numbers_that_are_no_time_do_not_disturb(project: Repo) -> None:
    project.write("migrations/0007_old_style.sql", "SELECT 1;\n")
    project.write("migrations/99999999999999_last.sql", "SELECT 1;\n")
    assert make(project, "next").name == "20260131235959_next.sql"


def test_a_file_that_appears_meanwhile_is_never_overwritten(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = project.write("migrations/20260131235959_one.sql", "SELECT 'precious';\n")
    monkeypatch.setattr("migrate_hooks.outside.files.list_files", lambda *_: ())
    assert make(project, "one").name == "20260201000000_one.sql"
    assert taken.read_text() == "SELECT 'precious';\n"


@pytest.mark.parametrize("name", ["", "  ", "!!!", "'"])
def test_an_empty_name_is_a_usage_problem_with_an_example(project: Repo, name: str) -> None:
    with pytest.raises(UsageProblem) as failure:
        make(project, name)
    assert failure.value.exit == Exit.USAGE
    assert 'migrate-hooks new "add email to users"' in failure.value.hint


def test_a_missing_folder_offers_the_command_that_makes_it(repo: Repo) -> None:
    with pytest.raises(NoMigrationsFolder) as failure:
        make(repo, "one")
    assert "mkdir -p migrations" in failure.value.hint


def test_an_unknown_template_is_answered_with_its_neighbour_and_all_others(project: Repo) -> None:
    with pytest.raises(UsageProblem, match="Did you mean create-index") as failure:
        make(project, "one", "creat-index")
    assert all(name in failure.value.hint for name in BUILT_IN)


@pytest.fixture
def with_own_templates(project: Repo) -> Settings:
    project.write("migrate-hooks.toml", 'templates = "sql/templates"\n')
    project.write("sql/templates/blank.sql", "-- ours\n-- UP\nSELECT 1;\n-- Down\nSELECT 2;\n")
    return load(project.path, None, {})


def test_a_projects_own_template_wins(with_own_templates: Settings) -> None:
    report = new.run(with_own_templates, "one", None)
    text = (with_own_templates.root / report.listings[0].rows[0][0]).read_text()
    up, _, down = text.partition("-- DOWN Migration")
    assert "-- ours\nSELECT 1;" in up
    assert "SELECT 2;" in down
    rows = new.listing(with_own_templates).listings[0].rows
    assert [(row[0], row[1]) for row in rows if row[1] != "built in"] == [
        ("blank", "sql/templates")
    ]
    assert {row[0] for row in rows} == set(BUILT_IN)


def test_an_own_template_with_a_commented_down_is_not_commented_twice(
    with_own_templates: Settings,
) -> None:
    own = with_own_templates.root / "sql/templates/ours.sql"
    own.write_text("-- Up\nCREATE VIEW v AS SELECT 1;\n-- Down\n-- DROP VIEW v;\n")
    for layout, line in (("supabase", "-- DROP VIEW v;"), ("sections", "DROP VIEW v;")):
        settings = load(with_own_templates.root, None, {"layout": layout})
        report = new.run(settings, f"for {layout}", "ours")
        lines = (settings.root / report.listings[0].rows[0][0]).read_text().splitlines()
        assert line in lines


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda folder: folder.rename(folder.with_name("gone")), "there is no such folder"),
        (lambda folder: (folder / "x.sql").write_bytes(b"\xff"), "is not UTF-8"),
    ],
)
def test_a_broken_folder_of_templates_is_named(
    with_own_templates: Settings, prepare: Callable[[Path], object], said: str
) -> None:
    prepare(with_own_templates.root / "sql/templates")
    with pytest.raises(ConfigProblem, match=said):
        new.run(with_own_templates, "one", None)


def test_the_templates_are_listed_with_what_they_are_about(project: Repo) -> None:
    rows = new.listing(load(project.path, None, {})).listings[0].rows
    assert [row[0] for row in rows] == BUILT_IN
    assert all(row[2].endswith(".") and len(row[2]) > 15 for row in rows)


def test_a_migration_of_prisma_is_a_folder_with_both_directions(project: Repo) -> None:
    settings = load(project.path, None, {"layout": "prisma"})
    report = new.run(settings, "create notes table", "create-table")
    (folder,) = (project.path / "migrations").iterdir()
    assert re.fullmatch(r"\d{14}_create_notes_table", folder.name)
    assert sorted(file.name for file in folder.iterdir()) == ["down.sql", "migration.sql"]
    read = sources.from_worktree(settings).migrations[0]
    assert read.version.text == folder.name
    assert read.up.statements[0].verb == "CREATE TABLE"
    assert read.down is not None
    assert [one.verb for one in read.down.statements] == ["DROP TABLE"]
    assert f"DOWN in migrations/{folder.name}/down.sql" in report.notes[0]


def test_prismas_next_version_is_later_than_its_newest_folder(project: Repo) -> None:
    project.write("prisma/migrations/29990101000000_far/migration.sql", "SELECT 1;\n")
    settings = load(project.path, None, {})
    report = new.run(settings, "try it", None)
    path = report.listings[0].rows[0][0]
    assert path == "prisma/migrations/29990101000001_try_it/migration.sql"
    assert "is dated in the future" in report.notes[0]
    with pytest.raises(Refused, match="already there"):
        new.run(settings, "far", None)
