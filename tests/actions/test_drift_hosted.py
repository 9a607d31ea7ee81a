"""A hosted Supabase project beside its own files: what the provider does there is no drift."""

import json
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.outside import embedded, files
from tests.databases import IDLE_SECONDS, Database
from tests.program import Program
from tests.repo import Repo

HOSTED = (Path(__file__).parent / "hosted.sql").read_text()
# Since October 2026 new tables of old projects are no longer open to the API.
CLOSED = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public
REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
REVOKE ALL ON FUNCTIONS FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
REVOKE ALL ON SEQUENCES FROM anon, authenticated, service_role;
"""
BEFORE = """
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users, name text);
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.profiles TO authenticated USING (auth.uid() = id);
CREATE POLICY files ON storage.objects FOR SELECT USING (bucket_id = 'a');
CREATE FUNCTION public.handle_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_user AFTER INSERT ON auth.users
FOR EACH ROW EXECUTE FUNCTION public.handle_user();
ALTER PUBLICATION supabase_realtime ADD TABLE public.profiles;
"""
# And a project may have been made with automatic row security.
SECURED = """
CREATE FUNCTION public.rls_auto_enable() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
'DECLARE made record;
BEGIN
    FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = ''table'' LOOP
        EXECUTE format(''ALTER TABLE %s ENABLE ROW LEVEL SECURITY'', made.object_identity);
    END LOOP;
END';
CREATE EVENT TRIGGER ensure_rls ON ddl_command_end
WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
EXECUTE FUNCTION public.rls_auto_enable();
"""
AFTER = """
CREATE TABLE public.notes (id bigserial PRIMARY KEY, body text);
CREATE FUNCTION public.count_notes() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
"""


class Project:
    """A repository of Supabase's layout, and the hosted database of its only environment."""

    def __init__(self, repo: Repo, cli: Program, database: Database) -> None:
        self.repo, self.cli, self.database = repo, cli, database

    def applied(self, day: int, name: str, sql: str) -> None:
        self.repo.write(f"supabase/migrations/202601{day:02}000000_{name}.sql", sql)
        self.repo.commit(name)
        words = ("apply", "--env=staging", "--allow=branch", "--allow=dirty")
        code, out, err = self.cli(*words, cwd=self.repo.path)
        assert code == 0, out + err

    def drift(self) -> tuple[int, dict[str, Any]]:
        words = ("drift", "--env=staging", "--format=json")
        code, out, err = self.cli(*words, cwd=self.repo.path)
        assert out, err
        return code, json.loads(out)


@pytest.fixture
def project(
    repo: Repo,
    cli: Program,
    database: Database,
    embedded_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Project:
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
    monkeypatch.setenv("DATABASE_URL_STAGING", database.url)
    repo.write("migrate-hooks.toml", "[environments.staging]\n")
    database.run(HOSTED)
    return Project(repo, cli, database)


def by_hand(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (one["kind"], one["identity"])
        for one in report["differences"]
        if one["origin"] != "provider"
    ]


def test_neither_the_provider_nor_its_changed_defaults_are_drift(project: Project) -> None:
    """One table from before the provider closed its defaults, one from behind; then a hand."""
    project.applied(1, "profiles", BEFORE)
    project.database.run(CLOSED + SECURED)
    project.applied(2, "notes", AFTER)
    code, report = project.drift()
    assert by_hand(report) == []
    assert {one["kind"] for one in report["differences"]} <= {
        "default privilege", "event trigger", "extension", "function", "grant", "publication",
        "published table",
    }  # fmt: skip
    assert (code, report["outcome"]) == (0, "clean")
    notes = report["notes"]
    assert any("grants as the default privileges of staging give" in one for one in notes)
    assert any(one.startswith("1 table with row level security from") for one in notes)

    project.database.run(
        "GRANT SELECT ON public.notes TO anon; DROP POLICY files ON storage.objects"
    )
    code, report = project.drift()
    assert code == 1
    assert by_hand(report) == [
        ("grant", "public.notes.anon"),
        ("policy", "storage.objects.files"),
    ]
    (grant,) = (one for one in report["differences"] if one["identity"] == "public.notes.anon")
    # What it is measured by is the nearer of both: a repair takes SELECT back, and opens nothing.
    assert grant["attributes"] == [
        {
            "name": "privileges",
            "source": "MAINTAIN, REFERENCES, TRIGGER, TRUNCATE",
            "target": "MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE",
        }
    ]


def test_a_plain_server_is_not_called_drifted_for_what_supabase_has(
    repo: Repo,
    cli: Program,
    database: Database,
    embedded_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files in Supabase's layout, applied to any PostgreSQL: only what a hand did is told."""
    monkeypatch.setenv("DATABASE_URL_STAGING", database.url)
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    repo.write("supabase/config.toml", "")
    project = Project(repo, cli, database)
    project.applied(1, "items", "CREATE TABLE public.items (id bigint PRIMARY KEY);")
    database.run("ALTER TABLE public.items ADD COLUMN note text")
    code, report = project.drift()
    assert (code, [one["place"]["identity"] for one in report["findings"]]) == (
        0,
        ["public.items.note"],
    )
