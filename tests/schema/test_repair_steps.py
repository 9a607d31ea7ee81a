"""The first order of a repair, and what state is the goal: snapshots in, steps out."""

from migrate_hooks.model.schema import Change, SchemaObject, Snapshot
from migrate_hooks.schema import repair
from migrate_hooks.schema.remedy import Key

TABLE = ("public", "orders")


def thing(name: str, *identity: str, table: bool = False, **attributes: str | None) -> SchemaObject:
    return SchemaObject(name, identity, tuple(attributes.items()), TABLE if table else None)


def table(order: str = "id") -> SchemaObject:
    return thing("table", *TABLE, kind="table", persistence="permanent", column_order=order)


def column(name: str, **attributes: str | None) -> SchemaObject:
    words: dict[str, str | None] = {"type": "text", "not_null": "false", **attributes}
    return SchemaObject("column", (*TABLE, name), tuple(words.items()), TABLE)


def index(name: str, column_: str) -> SchemaObject:
    definition = f"CREATE INDEX {name} ON public.orders USING btree ({column_})"
    return thing("index", *TABLE, name, table=True, definition=definition, valid="true")


def remark(*identity: str) -> SchemaObject:
    return thing("comment", *identity, table=True, text="why")


def snapshot(*objects: SchemaObject) -> Snapshot:
    return Snapshot("it", objects)


def told(have: Snapshot, want: Snapshot) -> list[tuple[Change, Key]]:
    return [(step.change, step.key) for step in repair.steps(have, want, 180_004)]


def test_what_comes_with_a_table_has_no_step_of_its_own_and_the_rest_follows_it() -> None:
    want = snapshot(remark(*TABLE, "id"), index("by_id", "id"), column("id"), table())
    assert told(snapshot(), want) == [
        (Change.MISSING, ("table", TABLE)),
        (Change.MISSING, ("index", (*TABLE, "by_id"))),
    ]


def test_what_goes_with_a_table_has_no_step_either() -> None:
    have = snapshot(table(), column("id"), index("by_id", "id"), remark(*TABLE, "id"))
    assert told(have, snapshot()) == [(Change.UNEXPECTED, ("table", TABLE))]


def test_removals_come_first_and_the_other_way_round() -> None:
    have = snapshot(table("id, old"), column("id"), column("old"), index("by_old", "old"))
    want = snapshot(table("id, new"), column("id"), column("new"), index("by_new", "new"))
    assert told(have, want) == [
        (Change.UNEXPECTED, ("index", (*TABLE, "by_old"))),
        (Change.UNEXPECTED, ("column", (*TABLE, "old"))),
        (Change.MISSING, ("column", (*TABLE, "new"))),
        (Change.MISSING, ("index", (*TABLE, "by_new"))),
    ]


def test_the_order_of_columns_is_nothing_that_can_be_done() -> None:
    have, want = (snapshot(table(order), column("a"), column("b")) for order in ("a, b", "b, a"))
    assert told(have, want) == []
    assert repair.differences(have, want) == ()


def test_a_kind_without_a_statement_says_so() -> None:
    (step,) = repair.steps(snapshot(), snapshot(thing("transform", "x")), 180_004)
    assert "no statement" in step.pieces[0].reason


def test_a_goal_takes_what_belongs_to_a_table_only_where_the_table_comes_or_goes() -> None:
    whole = snapshot(table(), column("id"), remark(*TABLE))
    taken = repair.goal(snapshot(), whole, [("table", TABLE)])
    assert set(taken.objects) == set(whole.objects)
    unlogged = thing("table", *TABLE, kind="table", persistence="unlogged", column_order="id")
    changed = snapshot(unlogged, column("id", type="integer"))
    taken = repair.goal(whole, changed, [("table", TABLE)])
    assert set(taken.objects) == {unlogged, column("id"), remark(*TABLE)}


def test_a_goal_without_a_column_has_no_remark_about_it() -> None:
    have = snapshot(table(), column("id"), column("note"), remark(*TABLE, "note"), remark(*TABLE))
    taken = repair.goal(have, snapshot(), [("column", (*TABLE, "note"))])
    assert set(taken.objects) == {table(), column("id"), remark(*TABLE)}


def test_a_remark_taken_alone_takes_nothing_along() -> None:
    owner = thing("owner", *TABLE, table=True, role="somebody")
    taken = repair.goal(snapshot(), snapshot(owner, remark(*TABLE)), [("comment", TABLE)])
    assert set(taken.objects) == {remark(*TABLE)}
