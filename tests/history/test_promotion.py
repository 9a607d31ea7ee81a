"""Whether migrations have been where they come from: a table of cases."""

import pytest

from migrate_hooks.history.promotion import Earlier, judge
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Contents, Migration, Script, Version

DEV, STAGING = Environment("dev", "develop"), Environment("staging", "staging")


def file(number: int, sql: str = "SELECT 1", comment: str = "") -> Migration:
    version = Version((number,), str(number))
    contents = Contents(Script((), in_transaction=True, text=sql), None, checksum=sql)
    path = f"migrations/{number}_name.sql"
    return Migration(version, "name", path, lambda: contents, sha256=sql + comment)


def row(number: int, *, failed: bool = False) -> Applied:
    return Applied(Version((number,), str(number)), "name", failed=failed)


def codes(
    files: list[Migration] | None, rows: list[Applied] | None, *arriving: Migration
) -> dict[str, str]:
    """Return {code: message} of what is found."""
    by_version = {one.version.text: one for one in files} if files is not None else None
    applied = {one.version.text: one for one in rows} if rows is not None else None
    found = judge(STAGING, Earlier(DEV, by_version, applied), arriving, Severity.CRITICAL)
    assert all(one.severity is Severity.CRITICAL and one.hint for one in found)
    return {one.code.removeprefix("promotion/"): one.message for one in found}


@pytest.mark.parametrize(
    ("files", "rows", "arriving", "expected"),
    [
        ([], [], [], []),
        ([file(1)], [row(1)], [file(1)], []),
        ([file(1)], [row(1)], [file(1, comment="-- words")], []),
        ([], [row(1)], [file(1)], ["not-on-branch"]),
        ([file(1)], [], [file(1)], ["not-applied"]),
        ([file(1, "SELECT 2")], [row(1)], [file(1)], ["other-sql"]),
        ([file(1)], [row(1, failed=True)], [file(1)], ["failed"]),
        (None, [row(1)], [file(1)], []),
        (None, [], [file(1)], ["not-applied"]),
        ([file(1)], None, [file(1)], []),
        ([], None, [file(1)], ["not-on-branch"]),
        (
            [file(1), file(2)],
            [row(1)],
            [file(1), file(2), file(3)],
            ["not-applied", "not-on-branch"],
        ),
    ],
)
def test_what_arrives_has_been_where_it_comes_from(
    files: list[Migration] | None,
    rows: list[Applied] | None,
    arriving: list[Migration],
    expected: list[str],
) -> None:
    assert list(codes(files, rows, *arriving)) == expected


def test_many_of_one_kind_are_one_finding_that_names_the_first() -> None:
    found = codes([], [], *(file(number) for number in range(1, 9)))
    message = found["not-on-branch"]
    assert "1_name.sql, 2_name.sql" in message
    assert "5_name.sql and 3 more would reach staging and are not on develop" in message
    assert "6_name.sql" not in message
