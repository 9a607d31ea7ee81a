"""Which tables are new at a statement: the order of CREATE, DROP and RENAME decides."""

import pytest

from migrate_hooks.lint import fresh
from migrate_hooks.model.migration import Version
from migrate_hooks.sql.operations import Operation, operations
from migrate_hooks.sql.split import statements

CREATE = "CREATE TABLE t (a int);\n"


def done(sql: str) -> tuple[Operation, ...]:
    return operations(statements(sql))


@pytest.mark.parametrize(
    ("sql", "old"),
    [
        ("ALTER TABLE t ADD b int;", [True]),
        (CREATE + "ALTER TABLE public.t ADD b int;", [False, False]),
        ("DROP TABLE t;\n" + CREATE + "ALTER TABLE t ADD b int;", [True, False, False]),
        (CREATE + "DROP TABLE t;", [False, False]),
        ("ALTER TABLE t ADD b int;\n" + CREATE, [True, False]),
        ("ALTER TABLE t RENAME TO u;\nALTER TABLE u ADD b int;", [True, True]),
        (CREATE + "ALTER TABLE t RENAME TO u;\nDROP TABLE u;", [False, False, False]),
        (CREATE + "ALTER TABLE t RENAME TO u;\nDROP TABLE t;", [False, False, True]),
        (CREATE + "ALTER TABLE t SET SCHEMA s;\nDROP TABLE s.t;", [False, False, False]),
        ("SELECT 1 AS a INTO t;\nALTER TABLE t ADD b int;", [False, False]),
        ("CREATE FOREIGN TABLE t (a int) SERVER s;\nDROP FOREIGN TABLE t;", [False, False]),
        ("CREATE MATERIALIZED VIEW t AS SELECT 1;\nREFRESH MATERIALIZED VIEW t;", [False, False]),
        (CREATE + "ALTER TABLE s.t ADD b int;", [False, True]),
        ("DO $$ BEGIN\n  CREATE TABLE t (a int);\n  ALTER TABLE t ADD b int;\nEND $$;", [0, 0, 0]),
    ],
)
def test_a_table_is_old_until_it_is_created_here(sql: str, old: list[bool]) -> None:
    found = done(sql)
    history = fresh.timeline(found, frozenset())
    assert old[-len(found) :] == [
        not fresh.is_new(history, one.key, (one.line, one.column)) if one.table else False
        for one in found
    ]


@pytest.mark.parametrize(
    ("files", "last"),
    [
        ((CREATE, ""), {"t"}),
        (("", CREATE), {"t"}),
        ((CREATE, "DROP TABLE t;", ""), set()),
        ((CREATE, "ALTER TABLE t RENAME TO u;", ""), {"u"}),
        (("ALTER TABLE t RENAME TO u;", CREATE, ""), {"t"}),
        (("DROP TABLE t;", CREATE), set()),
    ],
)
def test_a_file_starts_with_what_the_others_leave_new(
    files: tuple[str, ...], last: set[str]
) -> None:
    """The file that is asked about is the last one, or the first where the last one creates."""
    asked = 0 if "CREATE" in files[-1] else len(files) - 1
    found = fresh.starts(
        (f"{at}.sql", Version((at,), str(at)), f"{sql} -- t u", done(sql))
        for at, sql in enumerate(files)
    )
    assert {name for _, name in found[f"{asked}.sql"]} == last


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ALTER TABLE T ADD b int;", {"t"}),
        ("DROP INDEX my_orders_a_idx;", {"my_orders"}),
        ('ALTER TABLE "Old t" ADD b int;', {"Old t", "t"}),
        ("SELECT 1;", set()),
    ],
)
def test_a_file_is_told_of_the_tables_that_it_names(text: str, told: set[str]) -> None:
    made = 'CREATE TABLE t (); CREATE TABLE my_orders (); CREATE TABLE "Old t" ();'
    files = (("1.sql", made), ("2.sql", text))
    found = fresh.starts((path, Version((1,), path), sql, done(sql)) for path, sql in files)
    assert {name for _, name in found["2.sql"]} == told
