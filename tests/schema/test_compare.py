"""Two snapshots in, the differences out; no database needed."""

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import AttributeChange, Change, SchemaObject, Snapshot, Unchecked
from migrate_hooks.schema.compare import compare

TABLE = SchemaObject("table", ("public", "a"), (("kind", "table"), ("options", None)))
COLUMN = SchemaObject("column", ("public", "a", "x"), (("type", "text"),), ("public", "a"))


def of(*objects: SchemaObject, unchecked: tuple[str, ...] = ()) -> Snapshot:
    return Snapshot("any", objects, tuple(Unchecked("any", kind, "why") for kind in unchecked))


def test_identical_snapshots_differ_in_nothing() -> None:
    assert compare(of(TABLE, COLUMN), of(COLUMN, TABLE), {"public"}) == ()


def test_a_missing_table_speaks_for_its_columns() -> None:
    (found,) = compare(of(TABLE, COLUMN), of(), {"public"})
    assert (found.change, found.kind, found.severity) == (
        Change.MISSING,
        "table",
        Severity.CRITICAL,
    )
    assert found.attributes == (AttributeChange("kind", "table", None),)


def test_a_column_is_reported_where_its_table_is_on_both_sides() -> None:
    (found,) = compare(of(TABLE), of(TABLE, COLUMN), {"public"})
    assert (found.change, found.identity) == (Change.UNEXPECTED, COLUMN.identity)
    assert found.attributes == (AttributeChange("type", None, "text"),)


def test_a_kind_that_one_side_could_not_read_is_not_compared() -> None:
    for source, target in (
        (of(TABLE, COLUMN), of(TABLE, unchecked=("column",))),
        (of(TABLE, unchecked=("column",)), of(TABLE, COLUMN)),
    ):
        assert compare(source, target, {"public"}) == ()


def test_a_missing_index_does_not_swallow_a_table_of_its_name() -> None:
    index = SchemaObject("index", ("public", "a", "i"), (), ("public", "a"))
    key = SchemaObject("primary key", ("public", "a"), (("name", "pk"),), ("public", "a"))
    off = SchemaObject("row security", ("public", "a"), (("enabled", "false"),), ("public", "a"))
    on = SchemaObject("row security", ("public", "a"), (("enabled", "true"),), ("public", "a"))
    found = compare(of(TABLE, index, key, on), of(TABLE, off), {"public"})
    assert {each.kind for each in found} == {"index", "primary key", "row security"}


def test_an_order_counts_only_between_the_same_members() -> None:
    def table(order: str) -> Snapshot:
        return of(SchemaObject("table", ("public", "a"), (("column_order", order),)))

    assert compare(table("x, y"), table("x, y, z"), {"public"}) == ()
    (found,) = compare(table("x, y"), table("y, x"), {"public"})
    assert found.severity == Severity.INFO


def test_the_worst_comes_first() -> None:
    others = [SchemaObject("view", ("public", name), ()) for name in "abc"]
    comment = SchemaObject("comment", ("public", "0"), ())
    table = SchemaObject("table", ("public", "z"), ())
    found = compare(of(comment, *others, table), of(), {"public"})
    assert [each.severity for each in found] == sorted(
        (each.severity for each in found), key=list(Severity).index
    )
    assert found[0].kind == "table"
