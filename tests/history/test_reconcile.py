"""Files against ledger: every state, from values to values."""

import hashlib
from dataclasses import replace

import pytest

from migrate_hooks.errors import AmbiguousName, UnknownMigration
from migrate_hooks.history import guard, judge, plan
from migrate_hooks.history.reconcile import reconcile, tokens
from migrate_hooks.history.session import settings_sql
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.finding import FilePlace, ObjectPlace, Severity
from migrate_hooks.model.history import Applied, Edit, Entry, SessionSettings, State
from migrate_hooks.model.migration import Migration, Version
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.sql.fingerprint import fingerprint


def file(version: int, name: str = "x", up: str = "SELECT 1") -> Migration:
    return LAYOUT.read(f"migrations/{version}_{name}.sql", f"-- UP Migration\n{up};\n")


def row(version: int, text: str | None = None) -> Applied:
    return Applied(Version((version,), str(version)), "x", text=text)


def states(files: list[Migration], rows: list[Applied]) -> list[tuple[str, str]]:
    return [(one.version.text, one.state.value) for one in reconcile("dev", files, rows)]


@pytest.mark.parametrize(
    ("files", "rows", "expected"),
    [
        ([], [], []),
        ([file(1)], [], [("1", "pending")]),
        ([file(1)], [row(1)], [("1", "applied")]),
        ([], [row(1)], [("1", "unknown")]),
        ([file(1)], [row(1, "BEGIN; SELECT 1 /* as it was */; COMMIT")], [("1", "applied")]),
        ([file(1)], [row(1, "other")], [("1", "changed")]),
        ([file(1), file(2)], [row(2)], [("1", "out-of-order"), ("2", "applied")]),
        ([file(9), file(10)], [row(9)], [("9", "applied"), ("10", "pending")]),
        ([file(2)], [row(1)], [("1", "unknown"), ("2", "pending")]),
    ],
)
def test_every_version_has_one_state(
    files: list[Migration], rows: list[Applied], expected: list[tuple[str, str]]
) -> None:
    assert states(files, rows) == expected


MEANT = "CREATE TABLE orders (id int)"


def text_row(version: int, text: str, name: str = "x") -> Applied:
    """A row as Prisma keeps it: the digest of the file's text, and nothing else."""
    written = f"-- UP Migration\n{text};\n"
    digest = hashlib.sha256(written.encode()).hexdigest()
    return Applied(Version((version,), str(version)), name, sha256=digest)


def own_row(version: int, up: str, name: str = "x") -> Applied:
    """A row as our own ledger keeps it: with the meaning of the SQL."""
    return replace(text_row(version, up, name), fingerprint=fingerprint(up))


def saved_row(version: int, up: str) -> Applied:
    """A row of a ledger that keeps SQL, as a snapshot has it: without."""
    own = own_row(version, up)
    return replace(own, sha256=None, checksum=tokens(up))


@pytest.mark.parametrize(
    ("row", "edit"),
    [
        (own_row(1, MEANT), None),
        (own_row(1, f"{MEANT} -- the shop's"), Edit.TEXT),
        (own_row(1, "create table orders (id integer)"), Edit.TEXT),
        (own_row(1, "CREATE TABLE orders (id bigint)"), Edit.SQL),
        (text_row(1, MEANT), None),
        (text_row(1, f"{MEANT} -- the shop's"), Edit.UNCLEAR),
        (saved_row(1, MEANT), None),
        (saved_row(1, f"{MEANT} -- the shop's"), None),
        (saved_row(1, "CREATE TABLE orders (id bigint)"), Edit.SQL),
        (Applied(Version((1,), "1"), "x", text=f"({MEANT}"), Edit.SQL),
        (Applied(Version((1,), "1"), "x", text=f"{MEANT}; SELECT 1"), Edit.SQL),
        (
            Applied(Version((1,), "1"), "x", text="CREATE TABLE orders (id integer)"),
            Edit.TEXT,
        ),
    ],
)
def test_a_change_of_words_is_told_from_a_change_of_sql(row: Applied, edit: Edit | None) -> None:
    (entry,) = reconcile("dev", [file(1, up=MEANT)], [row])
    assert (entry.state, entry.edit) == (State.CHANGED if edit else State.APPLIED, edit)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_are_no_change(ends: str) -> None:
    """The ledger may have been written where git checks out CRLF, and the file read where not."""
    text = "-- UP Migration\nSELECT 1;\n"
    digest = hashlib.sha256(text.replace("\n", ends).encode()).hexdigest()
    rows = [Applied(Version((1,), "1"), "x", sha256=digest)]
    for read in (text, text.replace("\n", "\r\n")):
        (entry,) = reconcile("dev", [LAYOUT.read("migrations/1_x.sql", read)], rows)
        assert entry.state is State.APPLIED


def test_checksums_without_leading_zeros_are_understood() -> None:
    """Early versions of Prisma wrote 0x0f as "f"."""
    one = next(found for n in range(99) if "0" in (found := file(1, up=f"SELECT {n}")).sha256[::2])
    short = "".join(f"{byte:x}" for byte in bytes.fromhex(one.sha256))
    assert len(short) < 64
    rows = [Applied(one.version, "x", sha256=short)]
    assert [entry.state for entry in reconcile("dev", [one], rows)] == [State.APPLIED]


def test_a_failed_row_is_failed_with_or_without_its_file() -> None:
    failed = [replace(row(1), failed=True), replace(row(9), failed=True)]
    assert states([file(1), file(2)], failed) == [
        ("1", "failed"),
        ("2", "pending"),
        ("9", "failed"),
    ]


def moved(files: list[Migration], rows: list[Applied]) -> list[tuple[str, str, str | None]]:
    return [
        (one.version.text, one.state.value, one.other.text if one.other else None)
        for one in reconcile("dev", files, rows)
    ]


@pytest.mark.parametrize(
    ("files", "rows", "expected"),
    [
        # the same content under another number, whatever the ledger keeps of it
        ([file(5, up=MEANT)], [row(3, MEANT)], [("5", "renumbered", "3")]),
        ([file(5, up=MEANT)], [text_row(3, MEANT)], [("5", "renumbered", "3")]),
        ([file(5, up=MEANT)], [saved_row(3, MEANT)], [("5", "renumbered", "3")]),
        ([file(5, up=f"{MEANT} -- so")], [own_row(3, MEANT)], [("5", "renumbered", "3")]),
        # other content, no content, or a file of its own
        (
            [file(5, up=MEANT)],
            [text_row(3, "SELECT 1")],
            [("3", "unknown", None), ("5", "pending", None)],
        ),
        (
            [file(5, up="-- none")],
            [text_row(3, "-- none")],
            [("3", "unknown", None), ("5", "pending", None)],
        ),
        (
            [file(3, up=MEANT), file(5, up=MEANT)],
            [text_row(3, MEANT)],
            [("3", "applied", None), ("5", "pending", None)],
        ),
        # the name decides between two; without it nothing is guessed
        (
            [file(5, "a", MEANT)],
            [text_row(2, MEANT, "a"), text_row(3, MEANT, "b")],
            [("3", "unknown", None), ("5", "renumbered", "2")],
        ),
        (
            [file(5, "c", MEANT)],
            [text_row(2, MEANT, "a"), text_row(3, MEANT, "b")],
            [("2", "unknown", None), ("3", "unknown", None), ("5", "pending", None)],
        ),
        (
            [file(5, "a", MEANT), file(6, "b", MEANT)],
            [text_row(2, MEANT, "c")],
            [("2", "unknown", None), ("5", "pending", None), ("6", "pending", None)],
        ),
        # its old number makes nothing late
        (
            [file(5, up=MEANT), file(6)],
            [text_row(9, MEANT)],
            [("5", "renumbered", "9"), ("6", "pending", None)],
        ),
    ],
)
def test_a_renumbered_file_is_known_by_its_content(
    files: list[Migration], rows: list[Applied], expected: list[tuple[str, str, str | None]]
) -> None:
    assert moved(files, rows) == expected


def entries() -> tuple[Entry, ...]:
    return reconcile("dev", [file(1, "add_users"), file(2, "add_users_email"), file(12, "x")], [])


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("1_add_users", "1"),
        ("add_users", "1"),
        ("email", "2"),
        ("migrations/2_add_users_email.sql", "2"),
        ("2", "2"),
        ("12_", "12"),
    ],
)
def test_a_name_in_whole_or_in_part_finds_one(wanted: str, version: str) -> None:
    assert plan.find(entries(), wanted).version.text == version


def test_an_ambiguous_name_lists_the_candidates() -> None:
    with pytest.raises(AmbiguousName) as caught:
        plan.find(entries(), "add")
    assert "1_add_users, 2_add_users_email" in caught.value.message


@pytest.mark.parametrize("wanted", ["nothing", "", "%"])
def test_a_name_that_fits_none_lists_what_there_is(wanted: str) -> None:
    with pytest.raises(UnknownMigration) as caught:
        plan.find(entries(), wanted)
    assert "1_add_users" in caught.value.hint


def test_a_plan_holds_what_is_pending_oldest_first_with_its_settings() -> None:
    found = plan.pending("dev", reconcile("dev", [file(3), file(1)], []), ApplySettings(7, 8, 9))
    assert [step.migration.version.text for step in found.steps] == ["1", "3"]
    assert found.steps[0].settings == SessionSettings(7, 8, 9)


def test_one_function_makes_the_settings_that_are_printed_and_run() -> None:
    assert settings_sql(SessionSettings(5, 0, 7), local=True) == (
        "SET LOCAL lock_timeout = '5ms'",
        "SET LOCAL statement_timeout = '0ms'",
        "SET LOCAL idle_in_transaction_session_timeout = '7ms'",
        "SET LOCAL client_connection_check_interval = '500ms'",
    )
    nowhere = SessionSettings(5, 0, 7, None)
    assert (
        settings_sql(nowhere, local=False)[-1] == "SET idle_in_transaction_session_timeout = '7ms'"
    )


@pytest.mark.parametrize(
    ("up", "code"),
    [
        ("SELECT 1;\nCOMMIT;\nSELECT 2", "apply/transaction-control"),
        ("SELECT 1;\nROLLBACK", "apply/transaction-control"),
        ("BEGIN;\nSELECT 1;\nCOMMIT", None),
        ("SELECT $$ COMMIT; $$", None),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", None),
        ("SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a)", "apply/not-in-transaction"),
        ("\\connect other\nSELECT 1", "apply/psql-only"),
        ("COPY t FROM stdin;\n1\n\\.\nSELECT 1", "apply/psql-only"),
        ("COPY t TO stdout", "apply/psql-only"),
        ("-- to be written", "apply/empty"),
        ("COPY stdin_log FROM '/tmp/x'", None),
    ],
)
def test_what_no_runner_can_carry_out_is_found_before_anything_runs(
    up: str, code: str | None
) -> None:
    planned = plan.pending("dev", reconcile("dev", [file(1, up=up)], []), ApplySettings())
    assert [finding.code for finding in guard.cannot_run(planned)] == ([code] if code else [])


def test_the_place_of_what_cannot_run_is_the_files_own() -> None:
    planned = plan.pending(
        "dev", reconcile("dev", [file(1, up="SELECT 1;\n  COMMIT;\nSELECT 2")], []), ApplySettings()
    )
    assert guard.cannot_run(planned)[0].place == FilePlace("migrations/1_x.sql", 3, 3)


def test_two_files_of_one_version_are_refused_by_name() -> None:
    found = guard.duplicates([file(1, "a"), file(1, "b"), file(2)])
    assert [finding.place for finding in found] == [FilePlace("migrations/1_b.sql")]
    assert "migrations/1_a.sql" in found[0].message


def test_unknown_changed_and_late_are_worth_saying_and_nothing_else_is() -> None:
    found = judge.findings(
        reconcile("dev", [file(1), file(2), file(3), file(9)], [row(2), row(3, "o"), row(4)]),
        Severity.CRITICAL,
    )
    assert [(one.code, one.place) for one in found] == [
        ("status/out-of-order", FilePlace("migrations/1_x.sql")),
        ("status/changed", FilePlace("migrations/3_x.sql")),
        ("status/unknown", ObjectPlace("dev", "migration", "4")),
    ]


def test_what_failed_is_critical_and_what_does_the_same_only_a_warning() -> None:
    files = [file(1, up=MEANT), file(2), file(6, "moved", "SELECT 6")]
    rows = [
        own_row(1, f"{MEANT} -- so"),
        replace(row(2), failed=True),
        replace(row(3), failed=True),
        own_row(5, "SELECT 6", "moved"),
    ]
    entries = reconcile("dev", files, rows)
    found = [(one.code, one.severity.value) for one in judge.findings(entries, Severity.CRITICAL)]
    assert found == [
        ("status/changed", "warning"),
        ("status/failed", "critical"),
        ("status/failed", "critical"),
        ("status/renumbered", "warning"),
    ]
    lighter = judge.findings(entries, Severity.WARNING)
    assert [one.severity.value for one in lighter] == ["warning", "critical", "critical", "warning"]
