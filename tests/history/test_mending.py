"""Which repair fits what is the case, and what is said to one that does not: values in and out."""

from dataclasses import replace

import pytest

from migrate_hooks.errors import AmbiguousName, UnknownMigration, UsageProblem
from migrate_hooks.history import mending
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.books import Books, Identity, Progress, Unfinished
from migrate_hooks.model.history import Applied, Edit, Entry, State
from migrate_hooks.model.migration import Migration, Version
from migrate_hooks.model.repair import EVERY, Kind, Repair, Situation, Wish
from migrate_hooks.sql.checksum import checksum

HERE = Identity("1", "shop")


def file(number: int, up: str = "SELECT 1;") -> Migration:
    return LAYOUT.read(
        f"m/{number}_add_{number}.sql", f"-- UP Migration\n{up}\n-- DOWN Migration\n"
    )


def entry(number: int, state: State, **rest: object) -> Entry:
    version = Version((number,), str(number))
    row = Applied(version, f"add_{number}", failed=state is State.FAILED)
    has_row = state not in (State.PENDING, State.OUT_OF_ORDER)
    has_file = state is not State.UNKNOWN
    made = Entry(
        "dev", version, state, file(number) if has_file else None, row if has_row else None
    )
    return replace(made, **rest)  # type: ignore[arg-type]


ENTRIES = (
    entry(1, State.APPLIED),
    entry(2, State.CHANGED, edit=Edit.TEXT),
    entry(3, State.CHANGED, edit=Edit.SQL),
    entry(4, State.CHANGED, edit=Edit.UNCLEAR),
    entry(5, State.UNKNOWN),
    entry(6, State.FAILED),
    entry(17, State.RENUMBERED, other=Version((7,), "7")),
    entry(8, State.PENDING),
    entry(9, State.OUT_OF_ORDER),
)


def plan(
    *wishes: Wish,
    allow: tuple[str, ...] = (),
    entries: tuple[Entry, ...] = ENTRIES,
    begun: tuple[Unfinished, ...] = (),
) -> tuple[list[Repair], list[str]]:
    situation = Situation("dev", entries, Books(HERE, None, begun))
    repairs, found = mending.plan(situation, wishes, allow)
    return list(repairs), [f"{one.severity} {one.code}" for one in found]


FITS = [
    (Kind.MARK_APPLIED, "8", "8", ""),
    (Kind.MARK_APPLIED, "9", "9", ""),
    (Kind.MARK_APPLIED, "6", "6", ""),
    (Kind.MARK_REVERTED, "1", "1", ""),
    (Kind.MARK_REVERTED, "5", "5", ""),
    (Kind.MARK_REVERTED, "6", "6", ""),
    (Kind.MARK_REVERTED, "17", "7", ""),
    (Kind.REALIGN, "2", "2", "2"),
    (Kind.REALIGN, "17", "17", "7"),
    (Kind.CLEAR_FAILED, "6", "6", "6"),
]


@pytest.mark.parametrize(("kind", "wanted", "version", "held"), FITS)
def test_what_fits_is_planned(kind: Kind, wanted: str, version: str, held: str) -> None:
    (repair,), found = plan(Wish(kind, wanted))
    assert found == []
    assert (repair.kind, repair.version, repair.held) == (kind, version, held)


WRONG = [
    (Kind.MARK_APPLIED, "1", "in-ledger"),
    (Kind.MARK_APPLIED, "2", "in-ledger"),
    (Kind.MARK_APPLIED, "17", "in-ledger"),
    (Kind.MARK_APPLIED, "5", "no-file"),
    (Kind.MARK_REVERTED, "8", "not-in-ledger"),
    (Kind.REALIGN, "1", "unchanged"),
    (Kind.REALIGN, "5", "unchanged"),
    (Kind.REALIGN, "8", "unchanged"),
    (Kind.REALIGN, "3", "changed-sql"),
    (Kind.REALIGN, "4", "changed-sql"),
    (Kind.CLEAR_FAILED, "1", "not-failed"),
    (Kind.STATEMENT_DONE, "6", "not-under-way"),
    (Kind.BASELINE, "9", "ledger-rows"),
]


@pytest.mark.parametrize(("kind", "wanted", "code"), WRONG)
def test_what_does_not_fit_is_refused(kind: Kind, wanted: str, code: str) -> None:
    assert plan(Wish(kind, wanted)) == ([], [f"critical repair/{code}"])


def test_other_sql_is_realigned_when_that_is_said() -> None:
    repairs, found = plan(Wish(Kind.REALIGN, "3"), Wish(Kind.REALIGN, "4"), allow=("changed-sql",))
    assert ([one.version for one in repairs], found) == (["3", "4"], [])
    assert "not what was run" in repairs[0].words


def test_all_realigns_what_is_the_same_and_names_the_rest() -> None:
    repairs, found = plan(Wish(Kind.REALIGN, EVERY))
    assert [one.version for one in repairs] == ["2", "17"]
    assert found == ["warning repair/changed-sql"] * 2
    assert plan(Wish(Kind.REALIGN, EVERY), entries=ENTRIES[:1])[1] == ["critical repair/unchanged"]


def test_a_version_is_found_by_parts_with_a_file_or_without() -> None:
    for word in ("6_add_6", "add_6", "m/6_add_6.sql", "6"):
        assert plan(Wish(Kind.CLEAR_FAILED, word))[0][0].version == "6"
    assert plan(Wish(Kind.MARK_REVERTED, "5_add"))[0][0].version == "5"
    with pytest.raises(AmbiguousName):
        plan(Wish(Kind.REALIGN, "add"))
    with pytest.raises(UnknownMigration, match="Neither a file nor dev"):
        plan(Wish(Kind.REALIGN, "nowhere"))


def test_one_version_can_have_one_fate_only() -> None:
    with pytest.raises(UsageProblem, match="about 6"):
        plan(Wish(Kind.CLEAR_FAILED, "6"), Wish(Kind.MARK_APPLIED, "6"))


def test_a_baseline_takes_what_is_pending_up_to_a_version() -> None:
    bare = tuple(entry(number, State.PENDING) for number in (1, 2, 3))
    assert [one.version for one in plan(Wish(Kind.BASELINE, "2"), entries=bare)[0]] == ["1", "2"]
    assert len(plan(Wish(Kind.BASELINE, EVERY), entries=bare)[0]) == 3
    repairs, found = plan(Wish(Kind.BASELINE, EVERY), allow=("ledger-rows",))
    assert ([one.version for one in repairs], found) == (["8", "9"], [])


TEXTS = ["SELECT 1", "CALL nothing()"]


def under_way(checked: str = ";\n".join(TEXTS)) -> Unfinished:
    return Unfinished("8", "up", Progress(checksum(checked), 1, True), "now", "run")


def with_statements() -> tuple[Entry, ...]:
    return (replace(entry(8, State.PENDING), migration=file(8, ";\n".join(TEXTS) + ";")),)


@pytest.mark.parametrize(
    ("kind", "done", "ran"),
    [(Kind.STATEMENT_DONE, 2, TEXTS), (Kind.STATEMENT_UNDONE, 1, TEXTS[:1])],
)
def test_what_was_under_way_is_settled_either_way(kind: Kind, done: int, ran: list[str]) -> None:
    """The next run compares the checksum with the statements that are done."""
    (repair,), found = plan(Wish(kind, "8"), entries=with_statements(), begun=(under_way(),))
    assert found == []
    assert repair.progress == Progress(checksum(";\n".join(ran)), done, False)
    assert repair.direction == "up"


def test_what_was_edited_under_way_is_not_settled() -> None:
    found = plan(
        Wish(Kind.STATEMENT_DONE, "8"), entries=with_statements(), begun=(under_way("SELECT 2"),)
    )
    assert found == ([], ["critical repair/edited"])


def test_a_mark_without_file_or_row_can_be_cleared() -> None:
    (repair,), found = plan(Wish(Kind.CLEAR_FAILED, "8"), entries=(), begun=(under_way(),))
    assert (repair.version, repair.held, found) == ("8", "", [])
    assert plan(Wish(Kind.STATEMENT_DONE, "8"), entries=(), begun=(under_way(),))[1] == [
        "critical repair/not-under-way"
    ]


def test_identity_is_recorded_anew_with_what_was_before() -> None:
    situation = Situation("dev", (), Books(HERE, Identity("2", "old", "staging")))
    (repair,), _ = mending.plan(situation, [Wish(Kind.ADOPT_IDENTITY)], ())
    assert repair.words == "record database shop of server 1 as dev instead of staging on old"
