"""Each fix on texts: what becomes of a file, and what is left alone because it is not certain."""

import pytest

from migrate_hooks.lint import codes, fixing
from migrate_hooks.model.settings import LintSettings
from tests.lint.mended import NEW, mend

UP, DOWN = "-- UP Migration\n", "-- DOWN Migration\n"
NO_TRANSACTION = "-- migrate-hooks: no-transaction\n"
NEXT_UP = f"-- {'=' * 77}\n-- UP Migration\n-- {'=' * 77}\n"
NEXT_DOWN = f"-- {'=' * 77}\n-- DOWN Migration (rollback)\n-- {'=' * 77}\n"
INDEX = "CREATE INDEX orders_state_idx ON orders (state);\n"
APART = "migrations/20260601120000_create_orders_state_idx.sql"
VALIDATED = "migrations/20260601120000_validate_orders_user_fk.sql"


def alone(text: str, **words: str) -> str:
    """Return what becomes of one file, which must stay the only one."""
    texts = mend({NEW: text}, layout=words.get("layout", "sections")).texts
    assert list(texts) == [NEW]
    return texts[NEW]


def test_a_lone_index_is_built_concurrently_without_a_transaction() -> None:
    before = f"{UP}-- finds open orders\n{INDEX}\n{DOWN}DROP INDEX orders_state_idx;\n"
    assert alone(before) == (
        f"{UP}{NO_TRANSACTION}-- finds open orders\n"
        "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state);\n\n"
        f"{DOWN}DROP INDEX CONCURRENTLY orders_state_idx;\n"
    )


def test_alone_an_index_needs_no_name() -> None:
    after = f"{NO_TRANSACTION}CREATE INDEX CONCURRENTLY ON orders (a);\n"
    assert alone("CREATE INDEX ON orders (a);\n") == after


def test_a_transaction_of_the_file_s_own_goes_with_it() -> None:
    assert alone(f"BEGIN;\n{INDEX}COMMIT;\n") == (
        f"{NO_TRANSACTION}CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state);\n"
    )


def test_an_index_beside_other_statements_moves_to_the_next_file() -> None:
    found = mend(
        {
            NEW: f"{UP}ALTER TABLE orders ADD COLUMN state text;\n-- finds open orders\n{INDEX}\n"
            f"{DOWN}DROP INDEX IF EXISTS orders_state_idx;\nALTER TABLE orders DROP COLUMN state;\n"
        }
    )
    assert found.texts == {
        NEW: f"{UP}ALTER TABLE orders ADD COLUMN state text;\n\n"
        f"{DOWN}ALTER TABLE orders DROP COLUMN state;\n",
        APART: f"{NEXT_UP}{NO_TRANSACTION}-- finds open orders\n"
        "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state);\n\n"
        f"{NEXT_DOWN}DROP INDEX CONCURRENTLY IF EXISTS orders_state_idx;\n",
    }
    assert "locks/index-build" not in found.codes


@pytest.mark.parametrize("schema", ["s", '"order"', '"My s"'])
def test_what_down_does_not_say_is_written_for_the_next_file(schema: str) -> None:
    found = mend(
        {
            NEW: f"ALTER TABLE {schema}.orders ADD a int;\nCREATE INDEX i ON {schema}.orders (a);"
            f"\n{DOWN}ALTER TABLE {schema}.orders DROP COLUMN a;\n"
        }
    )
    (fresh,) = set(found.texts) - {NEW}
    assert found.texts[fresh].endswith(f"{NEXT_DOWN}DROP INDEX CONCURRENTLY {schema}.i;\n")


def test_of_several_indexes_each_gets_a_file() -> None:
    found = mend({NEW: INDEX + INDEX.replace("state", "note") + INDEX.replace("state", "price")})
    assert sorted(found.texts) == [
        NEW,
        "migrations/20260601120000_create_orders_price_idx.sql",
        "migrations/20260601120001_create_orders_note_idx.sql",
    ]
    assert all("CONCURRENTLY" in text and NO_TRANSACTION in text for text in found.texts.values())


def test_in_the_supabase_layout_down_stays_in_comments() -> None:
    path = NEW.replace("migrations", "supabase/migrations")
    found = mend(
        {
            path: f"ALTER TABLE orders ADD COLUMN state text;\n{INDEX}\n{DOWN}"
            "-- DROP INDEX orders_state_idx;\n-- ALTER TABLE orders DROP COLUMN state;\n"
        },
        released={"supabase/migrations/20250101000000_a.sql": ""},
        layout="supabase",
    )
    (fresh,) = set(found.texts) - {path}
    assert found.texts[path] == (
        f"ALTER TABLE orders ADD COLUMN state text;\n\n{DOWN}"
        "-- ALTER TABLE orders DROP COLUMN state;\n"
    )
    assert found.texts[fresh].endswith(f"{NEXT_DOWN}-- DROP INDEX CONCURRENTLY orders_state_idx;\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT 1;\nCREATE INDEX ON orders (a);\n", "DOWN does not say"),
        ("DO $$ BEGIN\n  CREATE INDEX i ON orders (a);\nEND $$;\n", "DO block"),
        (f"{INDEX}COMMENT ON INDEX orders_state_idx IS 'x';\n", "needs orders_state_idx"),
        (f"{INDEX}ALTER TABLE orders DROP COLUMN state;\n", "changes what orders_state_idx"),
        (f"SET search_path = shop;\n{INDEX}", "sets something for its session"),
        (
            "CREATE UNIQUE INDEX u ON orders (n);\n"
            "INSERT INTO orders (n) VALUES (1) ON CONFLICT (n) DO NOTHING;\n",
            "uniqueness",
        ),
    ],
)
def test_an_index_is_left_where_its_place_or_name_matters(text: str, why: str) -> None:
    found = mend({NEW: text})
    assert found.texts == {NEW: text}
    assert any(why in one for one in found.left), found.left


@pytest.mark.parametrize(
    ("later", "moves"),
    [
        ("DROP INDEX other_idx;", True),
        ("ALTER TABLE orders DROP CONSTRAINT c;", True),
        ("DROP FUNCTION other(text);", True),
        ("ALTER TABLE items DROP COLUMN state;", True),
        ("DROP FUNCTION folded(text);", False),
        ("DROP TABLE orders;", False),
        ("ALTER TABLE orders RENAME COLUMN state TO status;", False),
        ("DO $$ BEGIN EXECUTE 'ALTER TABLE orders RENAME TO o'; END $$;", False),
    ],
)
def test_only_what_an_index_depends_on_keeps_it(later: str, moves: bool) -> None:
    text = f"CREATE INDEX orders_state_idx ON orders (folded(state));\n{later}\n"
    assert (len(mend({NEW: text}).texts) > 1) == moves


def test_an_index_of_a_partitioned_table_is_left() -> None:
    made = "CREATE TABLE orders (state text) PARTITION BY LIST (state);\n"
    found = mend({NEW: INDEX}, released={"migrations/20250101000000_a.sql": made})
    assert found.texts == {NEW: INDEX}
    assert "is partitioned" in found.left[0]


def test_a_later_unreleased_file_that_needs_the_index_keeps_it_where_it_is() -> None:
    after = "migrations/20260103000000_b.sql"
    text = f"ALTER TABLE orders ADD COLUMN state text;\n{INDEX}"
    cluster = "ALTER TABLE orders CLUSTER ON orders_state_idx;\n"
    assert mend({NEW: text, after: cluster}).texts[NEW] == text


def test_a_drop_index_moves_with_what_builds_it_again() -> None:
    found = mend(
        {
            NEW: f"{UP}COMMENT ON TABLE orders IS 'o';\nDROP INDEX old_idx;\n"
            f"{DOWN}CREATE INDEX old_idx ON orders (a);\nCOMMENT ON TABLE orders IS NULL;\n"
        }
    )
    (fresh,) = set(found.texts) - {NEW}
    assert "\nDROP INDEX CONCURRENTLY old_idx;\n" in found.texts[fresh]
    assert found.texts[fresh].endswith("CREATE INDEX CONCURRENTLY old_idx ON orders (a);\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("DROP INDEX old_idx;\n", f"{NO_TRANSACTION}DROP INDEX CONCURRENTLY old_idx;\n"),
        ("REINDEX TABLE orders;\n", f"{NO_TRANSACTION}REINDEX TABLE CONCURRENTLY orders;\n"),
        (
            "REINDEX (VERBOSE) INDEX i;\n",
            f"{NO_TRANSACTION}REINDEX (VERBOSE) INDEX CONCURRENTLY i;\n",
        ),
        ("DROP INDEX a, b;\n", "DROP INDEX a, b;\n"),
        ("DROP INDEX a CASCADE;\n", "DROP INDEX a CASCADE;\n"),
    ],
)
def test_drop_index_and_reindex_alone_in_a_file(before: str, after: str) -> None:
    assert alone(before) == after


FOREIGN = "FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE"


def test_a_foreign_key_is_validated_in_the_next_file_with_an_exact_way_back() -> None:
    found = mend(
        {
            NEW: f"{UP}ALTER TABLE shop.orders ADD CONSTRAINT orders_user_fk {FOREIGN};\n"
            f"{DOWN}ALTER TABLE shop.orders DROP CONSTRAINT orders_user_fk;\n"
        }
    )
    assert found.texts == {
        NEW: f"{UP}ALTER TABLE shop.orders ADD CONSTRAINT orders_user_fk {FOREIGN} NOT VALID;\n"
        f"{DOWN}ALTER TABLE shop.orders DROP CONSTRAINT orders_user_fk;\n",
        VALIDATED: f"{NEXT_UP}ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_user_fk;\n\n"
        f"{NEXT_DOWN}ALTER TABLE shop.orders DROP CONSTRAINT orders_user_fk;\n"
        f"ALTER TABLE shop.orders ADD CONSTRAINT orders_user_fk {FOREIGN} NOT VALID;\n",
    }


def test_a_check_among_other_parts_of_an_alter_table_is_found() -> None:
    found = mend(
        {
            NEW: "ALTER TABLE orders ADD COLUMN a numeric(10, 2),\n"
            "    ADD CONSTRAINT positive CHECK (price > 0) -- in cents\n;\n"
        }
    )
    assert found.texts[NEW] == (
        "ALTER TABLE orders ADD COLUMN a numeric(10, 2),\n"
        "    ADD CONSTRAINT positive CHECK (price > 0) NOT VALID -- in cents\n;\n"
    )
    assert any("VALIDATE CONSTRAINT positive;" in text for text in found.texts.values())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"ALTER TABLE orders ADD {FOREIGN};\n", "no name"),
        (
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (a IS NOT NULL);\n"
            "ALTER TABLE orders ALTER COLUMN a SET NOT NULL;\n",
            "because this checked them",
        ),
        (
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0);\n"
            "ALTER TABLE orders RENAME CONSTRAINT c TO d;\n",
            "needs c",
        ),
    ],
)
def test_a_constraint_is_left_where_something_hangs_on_it(text: str, why: str) -> None:
    found = mend({NEW: text})
    assert found.texts == {NEW: text}
    assert any(why in one for one in found.left), found.left


FUNCTION = "CREATE FUNCTION {} LANGUAGE sql SECURITY DEFINER{}\nAS $$ {} $$;\n"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("SELECT 1", "''"),
        ("INSERT INTO shop.log VALUES (1)", "''"),
        ("SELECT n FROM shop.orders WHERE n = 1", "public, pg_temp"),
        ("SELECT n FROM orders", "public, pg_temp"),
        ("SELECT shop.total()", "''"),
        ("SELECT total()", "public, pg_temp"),
    ],
)
def test_a_definer_function_keeps_the_meaning_of_its_names(body: str, path: str) -> None:
    before = FUNCTION.format("f() RETURNS void", "", body)
    after = FUNCTION.format("f() RETURNS void", f" SET search_path = {path}", body)
    assert alone(before) == after


def test_an_alter_function_is_left_because_its_body_is_elsewhere() -> None:
    text = "ALTER FUNCTION total() SECURITY DEFINER;\n"
    assert alone(text) == text


@pytest.mark.parametrize(
    "heading", ["-- +goose Down", "-- migrate:down", "-- Rollback", "--- DOWN script ---"]
)
def test_a_heading_that_means_down_gets_the_marker(heading: str) -> None:
    up = "CREATE TABLE items (id bigint PRIMARY KEY);\n\n"
    found = mend({NEW: f"{up}{heading}\nDROP TABLE items;\n"}, lint=LintSettings())
    assert found.texts == {NEW: f"{up}{DOWN}{heading}\nDROP TABLE items;\n"}


@pytest.mark.parametrize("below", ["", "DROP TABLE other;\n", "SELECT 1;\n"])
def test_a_heading_above_something_else_gets_none(below: str) -> None:
    text = f"CREATE TABLE items (id bigint PRIMARY KEY);\n-- Rollback\n{below}"
    assert mend({NEW: text}, lint=LintSettings()).texts == {NEW: text}


def test_a_down_that_supabase_would_run_is_commented_out() -> None:
    path = NEW.replace("migrations", "supabase/migrations")
    text = f"CREATE TABLE app.items (id bigint);\n{DOWN}-- all of it\nDROP TABLE\n  app.items;\n"
    found = mend(
        {path: text}, released={"supabase/migrations/20250101000000_a.sql": ""}, layout="supabase"
    )
    assert found.texts[path] == (
        f"CREATE TABLE app.items (id bigint);\n{DOWN}-- all of it\n-- DROP TABLE\n--   app.items;\n"
    )


HARMLESS = "COMMENT ON TABLE orders IS 'o';\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("add_users.sql", "20260601120000_add_users.sql"),
        ("20260203_Add-Users.sql", "20260203000000_add_users.sql"),
        ("20260203040506-add users.sql", "20260203040506_add_users.sql"),
        ("20200203040506_add_users.sql", "20250101000001_add_users.sql"),
    ],
)
def test_a_new_file_gets_a_name_with_a_time_after_what_is_released(before: str, after: str) -> None:
    found = mend({f"migrations/{before}": HARMLESS})
    assert found.texts == {f"migrations/{after}": HARMLESS}


def test_files_without_a_time_keep_their_order() -> None:
    create = "CREATE TABLE items (id bigint PRIMARY KEY);\n"
    alter = "ALTER TABLE items ADD COLUMN a text;\n"
    found = mend({"migrations/0009_b.sql": create, "migrations/0010_a.sql": alter})
    assert found.texts == {
        "migrations/20260601120000_b.sql": create,
        "migrations/20260601120001_a.sql": alter,
    }


def test_files_that_are_too_late_keep_their_order_among_themselves() -> None:
    create = "CREATE TABLE items (id bigint PRIMARY KEY);\n"
    alter = "ALTER TABLE items ADD COLUMN a text;\n"
    found = mend(
        {"migrations/20240101000000_a.sql": create, "migrations/20240102000000_b.sql": alter}
    )
    assert found.texts == {
        "migrations/20250101000001_a.sql": create,
        "migrations/20250101000002_b.sql": alter,
    }


def test_of_two_files_with_one_version_the_later_name_moves() -> None:
    found = mend(
        {"migrations/20260101000000_a.sql": HARMLESS, "migrations/20260101000000_b.sql": HARMLESS}
    )
    assert sorted(found.texts) == [
        "migrations/20260101000000_a.sql",
        "migrations/20260101000001_b.sql",
    ]


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    lines = f"\ufeff{UP}-- why\n{INDEX}{DOWN}DROP INDEX orders_state_idx;\n"
    after = alone(lines.replace("\n", "\r\n"))
    assert after.startswith("\ufeff-- UP")
    assert after.count("\r\n") == after.count("\n") == 6


def test_a_file_that_moves_out_of_a_crlf_file_has_crlf() -> None:
    found = mend({NEW: f"SELECT 1;\n{INDEX}".replace("\n", "\r\n")})
    assert found.texts[APART].count("\r\n") == found.texts[APART].count("\n") > 5


def test_a_waived_finding_is_not_mended() -> None:
    text = f"-- migrate-hooks: ignore locks/index-build because it has ten rows\n{INDEX}"
    assert alone(text) == text


def test_every_fix_names_codes_that_exist() -> None:
    for name, fix in fixing.fixes().items():
        assert fix.codes, name
        assert all(codes.is_known(code) for code in fix.codes), name
