"""What earlier migrations tell about a table: texts in, findings out, a server as the witness."""

import pytest

from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.layouts import detect
from migrate_hooks.lint import mentions, past
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.migration import Version
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import files
from migrate_hooks.sql.split import statements
from tests.databases import Database
from tests.lint.world import PATH, settings

BARE = LintSettings(style=False, safety=False, down="optional")
OLD = "migrations/20250101000000_released.sql"
TABLE = """
CREATE TABLE t (
    id serial PRIMARY KEY, n int, name varchar(20), code char(3), price numeric(8, 2),
    made timestamp(3), note text, free varchar, words varchar(9)[]
);
"""
FILE = "SELECT relfilenode FROM pg_class WHERE oid = 't'::regclass"


def all_found(released: str, new: str) -> tuple[Finding, ...]:
    """Return what is found in a new file behind a released one."""
    old, text = (files.decode(OLD, released.encode()), files.decode(PATH, new.encode()))
    return lint_texts(
        settings(lint=BARE),
        detect.by_name("sections"),
        {PATH: text},
        past={OLD: old},
        known=(OLD,),
        released=(OLD,),
    )


def critical(released: str, new: str) -> list[tuple[str, int]]:
    """Return (code, line) of what blocks a new file behind a released one."""
    return [
        (one.code, getattr(one.place, "line", 0))
        for one in all_found(released, new)
        if one.severity == Severity.CRITICAL and not one.code.startswith("sections/")
    ]


@pytest.mark.parametrize(
    "change",
    [
        "n TYPE bigint",
        "id TYPE bigint",
        "n TYPE text",
        "code TYPE varchar(3)",
        "code TYPE text",
        "price TYPE numeric(12, 4)",
        "made TYPE timestamp(0)",
        "words TYPE text[]",
    ],
)
def test_a_known_old_type_makes_a_rewrite_certain(database: Database, change: str) -> None:
    sql = f"ALTER TABLE t ALTER {change};"
    assert ("locks/type-change", 1) in critical(TABLE, sql)
    assert _is_rewritten(database, sql)


@pytest.mark.parametrize(
    "change",
    [
        "name TYPE varchar(40)",
        "name TYPE varchar",
        "name TYPE text",
        "free TYPE text",
        "note TYPE varchar",
        "price TYPE numeric(12, 2)",
        "price TYPE numeric",
        "made TYPE timestamp(6)",
        "made TYPE timestamp",
        "code TYPE char(3)",
    ],
)
def test_a_known_old_type_takes_the_fear_away(database: Database, change: str) -> None:
    sql = f"ALTER TABLE t ALTER {change};"
    assert critical(TABLE, sql) == []
    assert not _is_rewritten(database, sql)


def _is_rewritten(database: Database, sql: str) -> bool:
    database.run(f"{TABLE}INSERT INTO t (name, price, made) VALUES ('x', 1.5, '2026-01-01');")
    before = database.run(FILE)
    database.run(sql)
    return database.run(FILE) != before


@pytest.mark.parametrize(
    ("released", "new"),
    [
        ("CREATE TABLE t (a text);", "ALTER TABLE t ALTER a TYPE varchar(9);"),
        ("CREATE TABLE s (a text); ALTER TABLE s RENAME TO t;", "ALTER TABLE t ALTER a TYPE char;"),
        (
            "CREATE TABLE t (b text); ALTER TABLE t RENAME b TO a;",
            "ALTER TABLE t ALTER a TYPE char;",
        ),
        ("CREATE TABLE t (); ALTER TABLE t ADD a bigint;", "ALTER TABLE t ALTER a TYPE int;"),
        ('CREATE TABLE "t" ("a" bigint);', "ALTER TABLE ONLY public.t ALTER COLUMN a TYPE int;"),
        (
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ALTER a TYPE bigint; ALTER TABLE t ALTER a TYPE int;",
        ),
    ],
)
def test_a_narrower_type_is_a_loss_whatever_down_says(released: str, new: str) -> None:
    assert ("data/narrowing-type", 1) in critical(released, new)


@pytest.mark.parametrize(
    ("released", "new"),
    [
        ("CREATE TABLE u (a text);", "ALTER TABLE t ALTER a TYPE varchar(9);"),
        ("CREATE TABLE shop.t (a text);", "ALTER TABLE t ALTER a TYPE varchar(9);"),
        ("CREATE TABLE t (a text); DROP TABLE t;", "ALTER TABLE t ALTER a TYPE varchar(9);"),
        (
            "CREATE TABLE t (a text); ALTER TABLE t DROP a;",
            "ALTER TABLE t ALTER a TYPE varchar(9);",
        ),
        ("CREATE TABLE t (a text);", "ALTER TABLE t ALTER a TYPE text;"),
    ],
)
def test_what_nobody_says_stays_unknown(released: str, new: str) -> None:
    assert critical(released, new) == []


def test_a_table_that_is_there_is_not_created() -> None:
    new = "CREATE TABLE IF NOT EXISTS t (a int);\nCREATE INDEX i ON t (a);\n"
    assert critical("CREATE TABLE t (a int);", new) == [("locks/index-build", 2)]
    assert critical("CREATE TABLE t (a int); DROP TABLE t;", new) == []
    assert critical("CREATE TABLE shop.t (a int);", new) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ALTER TABLE a ALTER b TYPE text", {"a"}),
        ('CREATE TABLE a (b int REFERENCES shop."C" (d))', {"a", "c"}),
        ('alter table if exists only "S"."A" alter "b" type text', {"a"}),
        ("CREATE TABLE IF NOT EXISTS shop . a ()", {"a"}),
        ("CREATE INDEX i ON ONLY a (b)", {"a"}),
        ("ALTER TABLE a ADD b int", set()),
    ],
)
def test_only_a_file_that_asks_makes_others_be_read(text: str, names: set[str]) -> None:
    assert mentions.asked([text]) == names


def test_a_place_knows_only_what_is_before_it() -> None:
    files_ = [
        (Version((2,), "2"), statements("ALTER TABLE t ALTER a TYPE bigint;")),
        (Version((1,), "1"), statements("CREATE TABLE t (a int) PARTITION BY RANGE (a);")),
    ]
    found = past.read(files_, frozenset({"t"}))
    key = ("public", "t")
    types = [found.type_of(key, "a", ((version,), 9, 9)) for version in (0, 1, 2)]
    assert [one.name if one else None for one in types] == [None, "int4", "int8"]
    assert found.is_partitioned(key, ((1,), 9, 9))
    assert not found.is_partitioned(key, ((0,), 9, 9))


_INDEX = "CREATE UNIQUE INDEX t_key ON t (a);"
_USING = "ALTER TABLE t ADD PRIMARY KEY USING INDEX t_key;"


@pytest.mark.parametrize(
    ("released", "severities"),
    [
        (f"CREATE TABLE t (a int); {_INDEX}", ["critical"]),
        (f"CREATE TABLE t (a int NOT NULL); {_INDEX}", []),
        (f"CREATE TABLE t (b int); ALTER TABLE t ADD a bigserial; {_INDEX}", []),
        (
            f"CREATE TABLE t (a int NOT NULL); ALTER TABLE t ALTER a DROP NOT NULL; {_INDEX}",
            ["critical"],
        ),
        (
            "CREATE TABLE t (b int); ALTER TABLE t ALTER b SET NOT NULL; "
            "CREATE UNIQUE INDEX t_key ON t (b);",
            [],
        ),
        (f"CREATE TABLE t (b int NOT NULL); ALTER TABLE t RENAME b TO a; {_INDEX}", []),
        (f"CREATE TABLE s (a int NOT NULL); ALTER TABLE s RENAME TO t; {_INDEX}", []),
        ("CREATE TABLE t (a int);", ["warning"]),
        ("SELECT 1;", ["warning"]),
    ],
)
def test_a_key_of_nullable_columns_is_critical_where_that_is_known(
    released: str, severities: list[str]
) -> None:
    found = [one for one in all_found(released, _USING) if one.code == "locks/primary-key-nullable"]
    assert [str(one.severity) for one in found] == severities


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("create table if not exists shop.users (id int);", True),
        ('ALTER TABLE ONLY "users" ADD a int;', True),
        ("CREATE UNLOGGED TABLE users (id int);", True),
        ("DROP TABLE IF EXISTS a, users;", True),
        ("ALTER TABLE people RENAME TO users;", True),
        ("CREATE INDEX CONCURRENTLY i ON users (a);", True),
        ("SELECT 1 AS id INTO TEMP users;", True),
        ("CREATE TABLE orders (id int REFERENCES users);", False),
        ("INSERT INTO users VALUES (1);", False),
        ("CREATE TABLE users_2 (id int);", False),
        ("CREATE POLICY p ON users USING (true);", False),
    ],
)
def test_only_what_defines_a_table_is_read(text: str, is_read: bool) -> None:
    assert mentions.defines(text, frozenset({"users"})) is is_read


@pytest.mark.parametrize(
    ("released", "new", "severities"),
    [
        (
            "CREATE TABLE u (id bigserial PRIMARY KEY);",
            "CREATE TABLE t (u int REFERENCES u);",
            ["warning"],
        ),
        (
            "CREATE TABLE u (id uuid); ALTER TABLE u ADD PRIMARY KEY (id);",
            "ALTER TABLE t ADD a int REFERENCES u;",
            ["critical"],
        ),
        ("CREATE TABLE u (id bigint PRIMARY KEY);", "CREATE TABLE t (u bigint REFERENCES u);", []),
        (
            "CREATE TABLE shop.u (id uuid PRIMARY KEY);",
            "CREATE TABLE t (u bigint REFERENCES u);",
            [],
        ),
    ],
)
def test_a_key_is_compared_with_the_released_table(
    released: str, new: str, severities: list[str]
) -> None:
    found = [one for one in all_found(released, new) if one.code == "schema/foreign-key-type"]
    assert [str(one.severity) for one in found] == severities


VALID = "CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));"
NOT_VALID = (
    "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;"
)
SET = "ALTER TABLE t ALTER a SET NOT NULL;"


@pytest.mark.parametrize(
    ("released", "new", "is_proved"),
    [
        (VALID, SET, True),
        (NOT_VALID, SET, False),
        (NOT_VALID, f"{SET} ALTER TABLE t DROP CONSTRAINT c;", False),
        (NOT_VALID, f"ALTER TABLE t VALIDATE CONSTRAINT c; {SET}", True),
        (f"{VALID} ALTER TABLE t DROP CONSTRAINT c;", SET, False),
        ("CREATE TABLE t (a bigint PRIMARY KEY);", SET, True),
        ("CREATE TABLE t (a bigint NOT NULL);", SET, True),
        ("CREATE TABLE t (a bigint);", SET, False),
    ],
)
def test_what_proves_that_no_null_is_there(released: str, new: str, is_proved: bool) -> None:
    found = ("locks/set-not-null", 1) in critical(released, new)
    assert found != is_proved
