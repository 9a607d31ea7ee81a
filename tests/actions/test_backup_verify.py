"""An archive that is not what it was never passes; one that passes can be restored."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.actions import backup, backup_verify
from migrate_hooks.actions.backup_verify import Order
from migrate_hooks.errors import Exit, UsageProblem
from migrate_hooks.model.backup import Backup, TableRows
from migrate_hooks.model.report import Report
from migrate_hooks.outside import archives, pg_dump, pg_tools
from tests.actions import backups
from tests.actions.backups import Project
from tests.databases import Database
from tests.program import Program

Harm = Callable[[Backup], object]

RICH = """
CREATE ROLE {role} NOLOGIN;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE moods (id int PRIMARY KEY, mood mood NOT NULL DEFAULT 'happy', CHECK (id > 0));
CREATE INDEX moods_mood ON moods (mood);
ALTER TABLE moods ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON moods TO {role} USING (id = 1);
GRANT SELECT ON moods TO {role};
CREATE VIEW happy AS SELECT id FROM moods WHERE mood = 'happy';
CREATE FUNCTION cheer() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE goods (id int, state varchar(9) CHECK (state IN ('new', 'old')));
CREATE POLICY new ON goods USING (state IN ('new', 'old') AND id > 0);
CREATE INDEX goods_state ON goods (lower(state)) WHERE state IN ('new', 'old');
CREATE VIEW new_goods AS SELECT g.*, g.id + 1 AS next FROM goods AS g WHERE state IN ('new', 'x');
CREATE DOMAIN grade AS varchar CHECK (value IN ('a', 'b'));
CREATE TABLE older (a int);
CREATE TABLE younger (b int) INHERITS (older);
ALTER TABLE older ADD COLUMN c int;
INSERT INTO moods VALUES (1, 'sad'), (2, 'happy');
INSERT INTO parts VALUES (1, '2025-06-01');
"""


def verify(project: Project, **order: object) -> Report:
    words: dict[str, object] = {"environment": "staging", **order}
    return backup_verify.run(project.settings, Order(**words), lambda _: None)  # type: ignore[arg-type]


def codes(report: Report) -> list[str]:
    return [one.code for one in report.findings]


def rewrite(made: Backup, **contents: object) -> None:
    """Make the manifest say something else about what the archive holds."""
    changed = replace(made.contents, **contents)  # type: ignore[arg-type]
    backup.write_manifest(replace(made, contents=changed))


def test_a_whole_archive_passes_and_that_is_remembered(project: Project) -> None:
    made = project.back_up()
    report = verify(project)
    assert (report.exit_code, codes(report)) == (Exit.CLEAN, [])
    assert project.backups()[0].read_at >= made.read_at


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (backups.flip, "backup/altered"),
        (backups.cut, "backup/truncated"),
        (lambda made: made.archive.unlink(), "backup/missing"),
        (lambda made: made.archive.write_bytes(b""), "backup/truncated"),
    ],
)
def test_a_damaged_archive_is_no_backup(project: Project, harm: Harm, code: str) -> None:
    harm(project.back_up())
    report = verify(project, restore=True)
    assert (report.exit_code, codes(report)) == (Exit.FINDINGS, [code])
    assert report.listings[0].rows[0][-1] == "NO BACKUP"


@pytest.mark.parametrize("harm", [backups.flip, backups.cut, lambda made: backups.cut(made, 1)])
def test_reading_all_of_it_finds_what_no_manifest_tells(project: Project, harm: Harm) -> None:
    """The archive itself is judged, whatever its list of contents looks like."""
    made = project.back_up()
    harm(made)
    assert pg_dump.damage(pg_tools.client(made.client_major, tls=False), made.archive)


def test_an_archive_without_manifest_is_no_backup(project: Project) -> None:
    made = project.back_up()
    made.archive.with_suffix(".json").unlink()
    report = verify(project, environment=None, file=str(made.archive))
    assert (report.exit_code, codes(report)) == (Exit.FINDINGS, ["backup/no-manifest"])


def test_a_restored_trial_compares_the_schema_and_the_rows(project: Project) -> None:
    role = f"friend_{project.database.name}"
    project.database.run(RICH.format(role=role))
    project.back_up()
    report = verify(project, restore=True)
    assert (report.exit_code, report.findings) == (Exit.CLEAN, ())
    assert report.notes[0].endswith("405 rows in 8 tables.")
    assert project.backups()[0].restored_at is not None
    ours = f"SELECT datname FROM pg_database WHERE datname LIKE 'trial_{os.getpid()}_%'"
    assert project.database.run(ours) == [], "left over"
    project.database.run(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_role_made_for_a_trial_goes_with_it(project: Project) -> None:
    role = f"friend_{project.database.name}"
    project.database.run(RICH.format(role=role))
    project.back_up()
    project.database.run(f"DROP OWNED BY {role}; DROP ROLE {role}")
    assert verify(project, restore=True).exit_code == Exit.CLEAN
    assert project.database.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'") == []


def test_rows_that_do_not_come_back_are_found(project: Project) -> None:
    made = project.back_up()
    tables = [
        TableRows(one.table, one.rows + (one.table == "public.notes"), one.exact)
        for one in made.contents.tables
    ]
    rewrite(made, tables=tuple(tables))
    report = verify(project, restore=True)
    assert (report.exit_code, codes(report)) == (Exit.FINDINGS, ["backup/rows-differ"])
    assert "public.notes came back with 300 rows and had 301." in report.findings[0].message
    assert project.backups()[0].restored_at is None


def test_a_schema_that_does_not_come_back_is_found(project: Project) -> None:
    made = project.back_up()
    file = made.archive.with_suffix(".schema.json")
    words = json.loads(file.read_text())
    words["objects"].append(
        {"kind": "view", "identity": ["public", "gone"], "attributes": [], "table": None}
    )
    file.write_text(json.dumps(words))
    assert verify(project, restore=True).exit_code == Exit.UNCHECKED, "it is not the file we wrote"
    digest = archives.digest(file)
    backup.write_manifest(replace(made, schema_sha256=digest))
    report = verify(project, restore=True)
    assert (report.exit_code, codes(report)) == (Exit.FINDINGS, ["backup/schema-differs"])


def test_what_a_scratch_server_lacks_is_not_checked(project: Project) -> None:
    made = project.back_up()
    rewrite(made, extensions=("plpgsql", "postgis"))
    report = verify(project, restore=True)
    assert (report.exit_code, codes(report)) == (Exit.UNCHECKED, ["backup/not-checked"])
    assert "lacks extension postgis" in report.findings[0].message
    assert project.backups()[0].restored_at is None


def test_16_is_restored_on_trial_as_well(
    tmp_path: Path,
    database16: Database,
    embedded_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MIGRATE_HOOKS_CACHE_DIR", str(embedded_folder))
    project = backups.make(tmp_path / "shop", database16)
    project.back_up()
    said: list[str] = []
    report = backup_verify.run(project.settings, Order("staging", restore=True), said.append)
    assert (report.exit_code, report.findings) == (Exit.CLEAN, ())
    assert "Restoring on trial, PostgreSQL 16" in said


def test_all_of_them_are_verified_on_request(project: Project) -> None:
    first, second = project.back_up(), project.back_up()
    backups.flip(first)
    assert verify(project).exit_code == Exit.CLEAN
    report = verify(project, everything=True)
    assert report.exit_code == Exit.FINDINGS
    assert [row[-1] for row in report.listings[0].rows] == ["good", "NO BACKUP"]
    assert second.archive.name in report.listings[0].rows[0][0]


def test_nothing_to_verify_is_a_question_and_no_good_news(project: Project) -> None:
    with pytest.raises(UsageProblem, match="no backup of staging"):
        verify(project)
    with pytest.raises(UsageProblem, match="Which backup"):
        verify(project, environment=None)


def test_a_file_is_found_by_its_name_alone(project: Project) -> None:
    made = project.back_up()
    program = Program(project.repo.path)
    for name in (made.archive.name, made.archive.with_suffix(".json").name, str(made.archive)):
        assert program("backup", "verify", name).code == 0
    assert program("backup", "verify", "nothing.dump").code == 2
