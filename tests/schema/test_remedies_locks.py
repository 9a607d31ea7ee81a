"""What remedies of tables do about locks, losses, and what only a person can decide."""

from dataclasses import replace

import pytest

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.registry import load
from migrate_hooks.schema.clauses import bracketed, derived, guarded
from migrate_hooks.schema.remedy import Piece, Remedy, World, world

TABLE = ("public", "t")


def table(name: str = "t", **values: str | None) -> SchemaObject:
    usual = {"kind": "table", "persistence": "permanent", "access_method": "heap"}
    return SchemaObject("table", ("public", name), tuple({**usual, **values}.items()))


def part(of: str, name: str = "c", **values: str | None) -> SchemaObject:
    return SchemaObject(of, (*TABLE, name), tuple(values.items()), TABLE)


def wanted(*objects: SchemaObject, there: tuple[SchemaObject, ...] | None = None) -> World:
    """Return a world in which the objects are wanted, of which `there` (or its table) are there."""
    have = world((table(),) if there is None else there, 180004)
    return replace(world(objects, 180004), other=have)


def remedy(one: SchemaObject) -> Remedy:
    module = one.kind.replace(" ", "_")
    return load("migrate_hooks.schema.remedies", module, "REMEDY", Remedy)


def created(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return remedy(one).create(one, world)


def altered(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    pieces = remedy(have).alter(have, want, world)
    assert pieces is not None
    return pieces


INDEX = part(
    "index", "i", definition="CREATE INDEX i ON ONLY public.t USING btree (c)", valid="true"
)


@pytest.mark.parametrize(
    ("world", "sql", "alone"),
    [
        (wanted(table()), "CONCURRENTLY IF NOT EXISTS i", True),
        (wanted(table(), there=()), "IF NOT EXISTS i", False),
        (wanted(table(kind="partitioned table")), "IF NOT EXISTS i", False),
    ],
    ids=["a table in use", "a new table", "a partitioned table"],
)
def test_an_index_is_built_while_others_write_where_that_is_possible(
    world: World, sql: str, alone: bool
) -> None:
    words = f"CREATE INDEX {sql} ON public.t USING btree (c)"
    assert created(INDEX, world) == (Piece(words, alone=alone),)


def test_a_broken_index_is_built_again_and_never_wanted() -> None:
    broken = replace(INDEX, attributes=(INDEX.attributes[0], ("valid", "false")))
    assert altered(broken, INDEX, wanted(table())) == (
        Piece("REINDEX INDEX CONCURRENTLY public.i", alone=True),
    )
    assert altered(INDEX, broken, wanted(table())) == ()
    assert "a build of it failed" in created(broken, wanted(table()))[0].reason


def test_a_check_is_proved_in_a_later_file() -> None:
    check = part("check constraint", definition="CHECK ((a > 0))")
    added, proved = created(check, wanted(table()))
    assert added.sql.endswith("ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID;\n    END IF;\nEND $$")
    assert proved == Piece("ALTER TABLE public.t VALIDATE CONSTRAINT c", apart=True)
    assert len(created(check, wanted(table(), there=()))) == 1


def test_not_null_is_proved_by_a_check_before_a_strong_lock_is_taken() -> None:
    free, bound = (part("column", type="integer", not_null=one) for one in ("false", "true"))
    pieces = altered(free, bound, wanted(table(), bound))
    start = "ALTER TABLE public.t "
    assert [(one.sql.removeprefix(start), one.apart, one.strong) for one in pieces] == [
        ("ADD CONSTRAINT t_c_required CHECK (c IS NOT NULL) NOT VALID", False, False),
        ("VALIDATE CONSTRAINT t_c_required", True, False),
        ("ALTER COLUMN c SET NOT NULL", True, True),
        ("DROP CONSTRAINT IF EXISTS t_c_required", True, True),
    ]
    assert altered(bound, free, wanted(table(), free)) == (
        Piece("ALTER TABLE public.t ALTER COLUMN c DROP NOT NULL"),
    )


def test_a_new_column_that_rows_have_no_value_for_says_so() -> None:
    column = part("column", type="integer", not_null="true")
    first, *_ = pieces = created(column, wanted(table(), column))
    assert first.sql == "ALTER TABLE public.t ADD COLUMN IF NOT EXISTS c integer"
    notes = [piece.note for piece in pieces if piece.note]
    assert notes == ["this fails while a row of public.t has no c: fill it first"]


def test_a_key_takes_over_an_index_that_was_built_before() -> None:
    key = part(
        "unique constraint", definition="UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE"
    )
    build, add = created(key, wanted(table(), key))
    assert build == Piece(
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS c ON public.t (a) INCLUDE (b)"
        " NULLS NOT DISTINCT",
        alone=True,
    )
    assert "ADD CONSTRAINT c UNIQUE USING INDEX c DEFERRABLE;" in add.sql


@pytest.mark.parametrize(("not_null", "waits"), [("true", False), ("false", True)])
def test_a_primary_key_waits_for_its_columns(not_null: str, waits: bool) -> None:
    definition = (("name", "t_pkey"), ("definition", "PRIMARY KEY (c)"))
    key = SchemaObject("primary key", TABLE, definition, TABLE)
    column = part("column", type="integer", not_null=not_null)
    build, add = created(key, wanted(table(), key, column, there=(table(), column)))
    assert (build.alone, add.apart) == (True, waits)


def test_what_is_dropped_tells_what_goes_with_it() -> None:
    column = part("column", type="integer")
    assert (
        remedy(column).drop(column, wanted(table(), column))[0].loses == "the values of public.t.c"
    )
    assert remedy(table()).drop(table(), wanted())[0].loses == "the rows of public.t"
    derived_column = part("column", type="integer", generated="(a + 1) stored")
    assert remedy(column).drop(derived_column, wanted(table(), column))[0].loses == ""


@pytest.mark.parametrize(
    ("have", "want", "reason"),
    [
        (
            part("column", type="text"),
            part("column", type="integer"),
            "PostgreSQL has no cast of its own from text to integer",
        ),
        (
            table(column_order="a, b"),
            table(column_order="b, a"),
            "the columns of public.t keep their order: only a new table can have another",
        ),
        (
            table(parents="public.p", partition_bound="DEFAULT"),
            table(),
            "public.p would no longer show the rows of public.t",
        ),
        (
            table(),
            table(parents="public.p", partition_bound="DEFAULT"),
            "all rows of public.t would appear in public.p, and are read under a strong lock",
        ),
    ],
)
def test_what_a_person_has_to_decide_is_a_suggestion(
    have: SchemaObject, want: SchemaObject, reason: str
) -> None:
    (piece,) = altered(have, want, wanted(table(), want))
    assert piece.reason == reason


def test_columns_of_partitions_change_with_their_parent() -> None:
    parent = table("p", kind="partitioned table")
    child = table(parents="public.p", partition_bound="DEFAULT")
    columns = [
        (part("column", type=one), SchemaObject("column", ("public", "p", "c"), (("type", one),)))
        for one in ("integer", "bigint")
    ]
    (before, above), (after, wanted_above) = columns
    schema = wanted(child, parent, after, wanted_above, there=(child, parent, before, above))
    assert altered(before, after, schema) == ()
    assert created(after, schema) == ()


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("a > 0", "(a > 0)"),
        ("(a > 0)", "(a > 0)"),
        ("(a) OR (b)", "((a) OR (b))"),
        ("(a = ')')", "(a = ')')"),
        ("true", "(true)"),
    ],
)
def test_an_expression_has_one_pair_of_brackets(expression: str, found: str) -> None:
    assert bracketed(expression) == found


def test_a_name_that_is_made_of_another_fits() -> None:
    assert derived("orders", "_new") == "orders_new"
    assert len(derived("ä" * 40, "_new").encode()) <= 63


def test_what_has_to_be_asked_first_is_asked_in_a_block() -> None:
    assert guarded("EXISTS (\n    SELECT\n)", "ALTER TABLE t NOT OF") == (
        "DO $$\nBEGIN\n    IF EXISTS (\n        SELECT\n    ) THEN\n        ALTER TABLE t NOT OF;\n"
        "    END IF;\nEND $$"
    )
