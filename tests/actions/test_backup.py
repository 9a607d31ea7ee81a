"""Taking backups, and which of them count."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migrate_hooks.actions import backup, backup_facts, backup_list, backup_manifest
from migrate_hooks.errors import BackupFailed, LockBusy, UnsupportedServer, UsageProblem
from migrate_hooks.model.finding import ObjectPlace
from migrate_hooks.outside import archives, pg_dump, pg_tools, postgres
from tests.actions import backups
from tests.actions.backups import Project
from tests.databases import Database
from tests.program import Program


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def now(project: Project) -> datetime:
    with postgres.session(project.database.target()) as session:
        return backup_facts.now(session)


def test_a_backup_is_private_and_git_does_not_see_it(project: Project) -> None:
    made = project.back_up()
    assert project.repo.git("status", "--porcelain", "--ignored=no") == ""
    assert mode(project.folder) == mode(project.folder.parent) == 0o700
    assert {mode(file) for file in project.folder.iterdir()} == {0o600}
    stem = made.archive.stem
    assert project.names() == [f"{stem}.dump", f"{stem}.json", f"{stem}.schema.json"]


def test_the_manifest_says_what_the_archive_is_of(project: Project) -> None:
    made = project.back_up()
    contents = made.contents
    assert {one.table: one.rows for one in contents.tables} == {
        "public.customers": 100,
        "public.notes": 300,
        "supabase_migrations.schema_migrations": 2,
    }
    head = contents.ledgers[0]
    assert (head.table, head.newest, head.count) == (
        "supabase_migrations.schema_migrations",
        "20250102000000",
        2,
    )
    assert contents.server_major == 18
    assert made.client_major >= 18
    assert contents.database == project.database.name
    assert made.size == made.archive.stat().st_size
    assert timedelta() <= made.finished_at - contents.taken_at < timedelta(minutes=1)
    assert contents.system_identifier.isdigit()


def test_a_manifest_reads_as_it_was_written(project: Project) -> None:
    made = project.back_up()
    assert backup_manifest.from_json(backup_manifest.to_json(made), made.archive) == made


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1}', "\0", "nul"])
def test_what_is_no_manifest_describes_no_backup(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    assert backup.read(tmp_path / "x.json") is None


def test_rows_are_counted_at_the_moment_of_the_dump(
    project: Project, second_database: Database
) -> None:
    """What is written between the snapshot and the dump is in neither."""
    with postgres.session(project.database.target()) as session:
        client = pg_tools.client(18, tls=False)
        place = archives.make_folder(project.repo.path, "staging")
        with (
            archives.unfinished(place) as part,
            backup_facts.moment(session, 1000) as (contents, snapshot),
        ):
            project.database.run("INSERT INTO notes VALUES (0, 'late')")
            pg_dump.dump(client, session, snapshot, part.path, 1000, lambda: None)
            with postgres.session(second_database.target()) as other:
                assert pg_dump.restore(client, other, part.path, lambda: None) == ()
                assert backup_facts.rows(other) == contents.tables
    assert project.database.run("SELECT count(*) FROM notes") == [(301,)]


def test_large_tables_are_estimated() -> None:
    large = backup_facts.COUNTED_TABLE + 1
    sizes = [1, 2, large]
    tables = [backup_facts.Table(f"t{size}", size, -1) for size in sizes]
    assert [one.size for one in backup_facts.affordable(tables)] == [1, 2]
    many = [backup_facts.Table(f"t{n}", backup_facts.COUNTED_TABLE, -1) for n in range(20)]
    assert len(backup_facts.affordable(many)) == 8


def test_the_newest_intact_backup_is_the_newest_good_one(project: Project) -> None:
    older, newer = project.back_up(), project.back_up()
    at = now(project)
    found = backup.newest_good(project.settings, "staging", at)
    assert found == newer
    assert 0 <= newer.age(at) < 60
    backups.flip(newer)
    assert backup.newest_good(project.settings, "staging", at) == older
    backups.cut(older)
    assert backup.newest_good(project.settings, "staging", at) is None


def test_a_backup_without_its_archive_or_manifest_counts_for_nothing(project: Project) -> None:
    first, second = project.back_up(), project.back_up()
    first.archive.unlink()
    second.archive.with_suffix(".json").unlink()
    assert backup.newest_good(project.settings, "staging", now(project)) is None


def test_neither_a_later_time_nor_another_server_counts(project: Project) -> None:
    made = project.back_up()
    before = made.contents.taken_at - timedelta(hours=1)
    assert backup.newest_good(project.settings, "staging", before) is None
    own = made.contents.system_identifier
    later = now(project)
    assert backup.newest_good(project.settings, "staging", later, system_identifier=own) == made
    assert backup.newest_good(project.settings, "staging", later, system_identifier="7") is None


def test_a_backup_of_one_environment_is_none_of_another(project: Project) -> None:
    made = project.back_up()
    place = archives.make_folder(project.repo.path, "production")
    for file in project.folder.iterdir():
        (place / file.name).write_bytes(file.read_bytes())
    assert backup.newest_good(project.settings, "production", made.finished_at) is None


def test_taking_one_leaves_the_session_as_it_was(project: Project) -> None:
    with postgres.session(project.database.target()) as session:
        before = session.value("SHOW search_path")
        backup.take(project.settings, "staging", session, lambda _: None)
        assert not session.in_transaction
        assert session.value("SHOW search_path") == before
        session.run("CREATE TABLE still_writable (id int)")


def test_a_role_that_may_not_read_everything_gets_no_backup(project: Project) -> None:
    role = f"reader_{project.database.name}"
    project.database.run(f"CREATE ROLE {role} LOGIN")
    try:
        target = project.database.target()
        words = {**target.parameters, "user": role}
        with (
            postgres.session(replace(target, parameters=words)) as session,
            pytest.raises(BackupFailed) as refused,
        ):
            backup.take(project.settings, "staging", session, lambda _: None)
    finally:
        project.database.run(f"DROP ROLE {role}")
    assert f"GRANT pg_read_all_data TO {role}" in refused.value.hint
    assert project.names() == []


def test_a_locked_table_is_busy_and_not_waited_for(project: Project) -> None:
    with project.database.connect() as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LockBusy):
            backup.run(project.impatient(), "staging", lambda _: None)
        other.execute("ROLLBACK")
    assert project.names() == []


def test_a_transaction_pooler_is_refused_before_it_is_asked(project: Project) -> None:
    project.repo.write(".env.staging", "DATABASE_URL=postgresql://u@pooler.invalid:6543/postgres\n")
    with pytest.raises(UnsupportedServer, match="transaction pooler"):
        backup.run(project.settings, "staging", lambda _: None)


def test_postgresql_16_is_dumped_by_16(tmp_path: Path, database16: Database) -> None:
    """A newer pg_dump would do, but what it writes an older server does not like."""
    made = backups.make(tmp_path / "shop", database16).back_up()
    assert (made.contents.server_major, made.client_major) == (16, 16)


def test_pruning_keeps_the_newest_good_ones(project: Project) -> None:
    first, second, third = project.back_up(), project.back_up(), project.back_up()
    backups.flip(third)
    settings = project.settings
    assert backup_list.prune(settings, "staging", 2, dry_run=False).listings == ()
    looked = backup_list.prune(settings, None, 1, dry_run=True)
    assert [row[1] for row in looked.listings[0].rows] == [first.archive.name]
    assert project.backups() == (third, second, first)
    backup_list.prune(settings, None, 1, dry_run=False)
    assert project.backups() == (third, second)
    assert not list(project.folder.glob(f"{first.archive.stem}*"))


def test_the_last_good_backup_is_never_pruned(project: Project) -> None:
    good, bad = project.back_up(), project.back_up()
    backups.cut(bad)
    backup_list.prune(project.settings, "staging", 1, dry_run=False)
    assert good in project.backups()
    with pytest.raises(UsageProblem):
        backup_list.prune(project.settings, "staging", 0, dry_run=False)


def test_the_list_tells_damage_that_shows_and_archives_that_do_not_count(project: Project) -> None:
    first, second, third = project.back_up(), project.back_up(), project.back_up()
    backups.cut(first)
    second.archive.with_suffix(".json").unlink()
    report = backup_list.run(project.settings, None)
    results = {row[1]: row[-1] for row in report.listings[0].rows}
    assert results[first.archive.name] == "NO: the archive's size is another"
    assert results[third.archive.name].startswith("read back ")
    stray = ObjectPlace("staging", "backup", second.archive.name)
    assert [one.place for one in report.findings] == [stray]


def test_what_a_dead_process_left_is_swept_and_what_a_living_one_writes_is_not(
    project: Project,
) -> None:
    place = archives.make_folder(project.repo.path, "staging")
    (place / "4711-0badcafe.part").write_bytes(b"left")
    with archives.unfinished(place) as part:
        archives.sweep(place)
        assert project.names() == [part.path.name]


def test_the_command_prints_one_report_for_programs(project: Project) -> None:
    program = Program(project.repo.path)
    taken = json.loads(program("backup", "--env=staging", "--format=json").stdout)
    assert (taken["outcome"], taken["exit_code"]) == ("clean", 0)
    listed = json.loads(program("backup", "list", "--format=json").stdout)
    assert listed["action"] == "backup list"
    assert listed["tables"][0]["rows"][0][0] == "staging"
    mistyped = program("backup", "--env=staging", "list")
    assert mistyped.code == 2
    assert "Write --env behind list." in mistyped.stderr


def test_times_are_written_with_their_zone(project: Project) -> None:
    words = json.loads(project.back_up().archive.with_suffix(".json").read_text())
    for text in (words["contents"]["taken_at"], words["finished_at"], words["read_at"]):
        assert datetime.fromisoformat(text).utcoffset() == UTC.utcoffset(None)
