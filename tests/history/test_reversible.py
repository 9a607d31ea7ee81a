"""What is chosen for a rollback, and what speaks against it: values in, findings out."""

from dataclasses import replace
from itertools import pairwise

import pytest

from migrate_hooks.errors import AmbiguousName, UnknownMigration, UsageProblem
from migrate_hooks.history import reversible, rollback_plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import Applied, Edit, Entry, Sighting, State
from migrate_hooks.model.migration import Migration, Version

USERS = "CREATE TABLE users (id int)"


def migration(number: int, up: str = "SELECT 1", down: str | None = "SELECT 1") -> Migration:
    back = "" if down is None else f"-- DOWN Migration\n{down};\n"
    return LAYOUT.read(f"migrations/{number}_m{number}.sql", f"-- UP Migration\n{up};\n{back}")


def row(number: int, text: str = "SELECT 1", name: str = "", *, failed: bool = False) -> Applied:
    version = Version((number,), str(number))
    return Applied(version, name or f"m{number}", text=text, failed=failed)


def entries(*files: Migration, rows: tuple[Applied, ...] | None = None) -> tuple[Entry, ...]:
    if rows is None:
        rows = tuple(Applied(one.version, one.name, text=one.up.text) for one in files)
    return reconcile("staging", files, rows)


def stands(*files: Migration, rows: tuple[Applied, ...] | None = None) -> tuple[Entry, ...]:
    return rollback_plan.standing(entries(*files, rows=rows))


def judged(chosen: tuple[Entry, ...], all_of_them: tuple[Entry, ...]) -> list[tuple[str, Finding]]:
    return list(reversible.judge(chosen, all_of_them, ""))


def test_what_stands_is_newest_first_and_holds_neither_pending_nor_failed_ones() -> None:
    files = [migration(number) for number in (1, 2, 10)]
    rows = (row(1), row(9), row(10, failed=True))
    found = stands(*files, rows=rows)
    assert [one.version.text for one in found] == ["9", "1"]


def test_a_file_with_another_number_is_taken_back_under_the_ledgers() -> None:
    (found,) = stands(migration(5, USERS), rows=(row(3, text=USERS),))
    assert (found.version.text, found.state) == ("3", State.RENUMBERED)
    assert found.migration is not None
    assert found.migration.version.text == "3", "or the ledger row of 3 would stay"


def test_steps_count_from_the_newest() -> None:
    there = stands(migration(1), migration(2), migration(10))
    assert [one.version.text for one in rollback_plan.last("staging", there, 2)] == ["10", "2"]
    with pytest.raises(UsageProblem, match="staging has 3 migrations applied, so 4 cannot"):
        rollback_plan.last("staging", there, 4)


def test_to_names_the_newest_that_stays() -> None:
    files = (migration(1), migration(2), migration(10), migration(11))
    known = entries(*files, rows=(row(1), row(2), row(10)))
    there = rollback_plan.standing(known)
    for wanted, expected in (("1", ["10", "2"]), ("2_m2.sql", ["10"]), ("10", [])):
        found = rollback_plan.newer_than(known, there, wanted)
        assert [one.version.text for one in found] == expected, wanted
    with pytest.raises(UsageProblem, match=r"11_m11\.sql is not applied to staging"):
        rollback_plan.newer_than(known, there, "m11")
    with pytest.raises(UnknownMigration):
        rollback_plan.newer_than(known, there, "m12")
    with pytest.raises(AmbiguousName):
        rollback_plan.newer_than(known, there, "_m")


def test_one_without_a_file_is_found_by_what_the_ledger_keeps() -> None:
    known = entries(migration(1), rows=(row(1), row(7, name="gone")))
    there = rollback_plan.standing(known)
    for wanted in ("7", "gone", "7_gone"):
        assert rollback_plan.applied(known, there, wanted).version.text == "7"


def test_who_says_nothing_is_shown_the_last_three_and_the_command() -> None:
    there = stands(*(migration(number) for number in range(1, 6)))
    said = rollback_plan.unclear("staging", there)
    assert "5_m5.sql, 4_m4.sql, 3_m3.sql." in said.message
    assert "5 migrations" in said.message
    assert "migrate-hooks rollback --env=staging --steps=1 --dry-run" in said.hint
    assert "nothing applied" in rollback_plan.unclear("staging", ()).message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT 1;\n-- DOWN Migration\nSELECT 2;\n", None),
        ("SELECT 1;\n", "rollback/no-down"),
        ("SELECT 1;\n-- DOWN Migration\n-- nothing yet\n", "rollback/no-down"),
        ("SELECT 1;\n-- DOWN: irreversible because rows are gone\n", "rollback/irreversible"),
        (
            "SELECT 1;\n-- DOWN: irreversible because rows are gone\n-- DOWN Migration\nSELECT 2;",
            "rollback/irreversible",
        ),
    ],
)
def test_what_has_no_way_back_is_refused_by_no_word_passed(text: str, code: str | None) -> None:
    there = stands(LAYOUT.read("migrations/1_x.sql", f"-- UP Migration\n{text}"))
    found = judged(there, there)
    assert [(word, one.code) for word, one in found] == ([("", code)] if code else [])
    assert reversible.needs_way_out(there) is bool(code)
    for _, one in found:
        assert one.severity is Severity.CRITICAL
        assert "migrate-hooks restore --env=staging FILE --dry-run" in one.hint
        assert "there is none here yet" in one.hint
        assert "migrate-hooks new" in one.hint


def test_the_newest_backup_is_named() -> None:
    there = stands(migration(1, down=None))
    ((_, found),) = reversible.judge(there, there, "backups/a.dump, 2 h old")
    assert "the newest good one is backups/a.dump, 2 h old" in found.hint


@pytest.mark.parametrize(
    ("sighting", "hint"),
    [
        (None, "git log --all --oneline -- '*7*'"),
        (Sighting("", "", "", ()), "git fetch --all"),
        (
            Sighting("migrations/7_a b.sql", "abc12345", "Ada", ("main",)),
            "(commit abc12345 by Ada on main): git checkout abc12345 -- 'migrations/7_a b.sql'",
        ),
        (Sighting("m/7_a.sql", "abc12345", "Ada", ()), "by Ada, on no branch any more)"),
    ],
)
def test_what_has_no_file_is_looked_for_in_git(sighting: Sighting | None, hint: str) -> None:
    (one,) = stands(rows=(row(7, name="gone\nx"),))
    ((word, found),) = judged((replace(one, sighting=sighting),), (one,))
    assert (word, found.code, found.severity) == ("", "rollback/unknown", "critical")
    assert hint in found.hint
    assert "7_gone\\nx" in found.message, "a ledger may hold anything"


@pytest.mark.parametrize(
    ("edit", "severity"),
    [(Edit.TEXT, "warning"), (Edit.SQL, "critical"), (Edit.UNCLEAR, "critical")],
)
def test_an_edited_file_is_taken_back_only_if_told(edit: Edit, severity: str) -> None:
    (one,) = stands(migration(1))
    changed = replace(one, state=State.CHANGED, edit=edit, sighting=Sighting("m", "abc", "A", ()))
    ((word, found),) = judged((changed,), (changed,))
    assert (word, found.code, found.severity) == ("changed", "rollback/changed", severity)
    assert ("git show abc:m" in found.hint) is (severity == "critical")


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ("ALTER TABLE users ADD COLUMN a int", "words of 2_m2.sql (users)"),
        ("CREATE VIEW v AS SELECT * FROM public.users", "words of 2_m2.sql (users)"),
        ("CREATE TABLE a (b int REFERENCES users)", "words of 2_m2.sql (users)"),
        ("CREATE TABLE other.users (id int)", "None of their words"),
        ("CREATE TABLE b (id int)", "None of their words"),
        ("CREATE TABEL b", "cannot be read here"),
    ],
)
def test_one_of_the_middle_says_what_was_built_on_it(later: str, said: str) -> None:
    there = stands(migration(1, USERS), migration(2, later))
    ((word, found),) = judged(there[1:], there)
    assert (word, found.code) == ("out-of-order", "guard/out-of-order")
    assert "1 newer migration than 1_m1.sql" in found.message
    assert said in found.message
    assert "--steps=2" in found.hint


def test_a_row_without_a_file_is_something_newer_that_cannot_be_read() -> None:
    there = stands(migration(1, USERS), rows=(row(1, text=USERS), row(2)))
    ((_, found),) = judged(there[1:], there)
    assert "What 2_m2 uses cannot be read here." in found.message


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (("2026-01-01", "2026-01-02", "2026-01-03"), ""),
        (("2026-01-01", "2026-01-01", "2026-01-01"), ""),
        ((None, None, None), ""),
        (("2026-01-04", "2026-01-02", "2026-01-03"), "1_m1.sql has an older version than 3_m3.sql"),
        (("2026-01-01", "2026-01-05", "2026-01-03"), "2_m2.sql has an older version than 3_m3.sql"),
    ],
)
def test_times_that_tell_another_order_are_said(times: tuple[str | None, ...], told: str) -> None:
    rows = tuple(
        Applied(Version((number,), str(number)), f"m{number}", at, text="SELECT 1")
        for number, at in enumerate(times, 1)
    )
    there = stands(*(migration(number) for number in (1, 2, 3)), rows=rows)
    assert all(one.version > two.version for one, two in pairwise(there))
    found = judged(there[:1], there)
    assert [one.severity for _, one in found] == (["warning"] if told else [])
    assert all(one.message.startswith(told) for _, one in found)
