"""Differences for people: where both values stand, what is marked, and the tree of a terminal."""

from dataclasses import replace

from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.schema import AttributeChange, Change, Difference, Origin
from migrate_hooks.render.base import Style
from migrate_hooks.render.formats.human import render

LONG = "CREATE INDEX orders_state ON public.orders USING btree (state) WHERE (state = 'new')"


def difference(
    kind: str, *identity: str, values: tuple[str, str] | None = None, by_hand: bool = True
) -> Difference:
    changes = (AttributeChange("definition", *values),) if values else ()
    return Difference(
        Change.CHANGED if values else Change.MISSING,
        kind,
        identity,
        changes,
        Severity.WARNING,
        ("public", "orders") if len(identity) > 2 else None,
        "made by hand on staging" if by_hand else "pending 1_a on staging",
        "dev",
        "staging",
        Origin.BY_HAND if by_hand else Origin.PENDING,
    )


def human(*found: Difference, width: int = 0, color: bool = False) -> str:
    report = Report("drift", Outcome.CLEAN, Exit.CLEAN, "staging", differences=found)
    return render(report, Style(width=width, color=color))


def test_long_values_stand_under_each_other_and_what_differs_is_marked() -> None:
    found = difference(
        "index", "public", "orders", "orders_state", values=(LONG, LONG.replace("new", "open"))
    )
    assert human(found).splitlines()[1:6] == [
        "  ~ index public.orders.orders_state  differs (made by hand on staging)",
        "      definition:",
        f"        dev      {LONG}",
        f"        staging  {LONG.replace('new', 'open')}",
        " " * (17 + LONG.index("new")) + "^^^^",
    ]


def test_what_differs_has_the_colours_of_old_and_new() -> None:
    found = difference(
        "index", "public", "orders", "orders_state", values=(LONG, LONG.replace("new", "open"))
    )
    shown = human(found, color=True)
    assert "\x1b[1;31mnew\x1b[0m" in shown
    assert "\x1b[32mopen\x1b[0m" in shown


def test_a_value_that_only_got_longer_is_marked_where_it_did() -> None:
    found = difference("index", "public", "orders", "i", values=(LONG, f"{LONG} x"))
    assert human(found).splitlines()[5] == " " * (17 + len(LONG)) + "^^"


def test_a_terminal_gets_a_tree_and_a_pipe_whole_lines() -> None:
    found = (
        difference("table", "public", "placed"),
        difference("column", "public", "orders", "note"),
        difference("view", "app", "v"),
    )
    assert [line.strip() for line in human(*found, width=120).splitlines()[:7]] == [
        "WARNING",
        "app",
        "- view app.v  missing on staging (made by hand on staging)",
        "public",
        "- table public.placed  missing on staging (made by hand on staging)",
        "public.orders",
        "- column public.orders.note  missing on staging (made by hand on staging)",
    ]
    assert "\npublic" not in human(*found)
    assert len(human(*found).splitlines()) == len(human(*found, width=120).splitlines()) - 3


def test_what_a_provider_does_in_its_own_database_is_for_those_who_ask() -> None:
    usual = replace(difference("grant", "public", "supabase_admin"), origin=Origin.PROVIDER)
    report = Report("drift", Outcome.CLEAN, Exit.CLEAN, "staging", differences=(usual,))
    assert "EXPLAINED" not in render(report, Style())
    assert "supabase_admin" in render(report, Style(verbose=True))


def test_what_is_explained_comes_last_and_does_not_count() -> None:
    shown = human(
        difference("table", "public", "a", by_hand=False), difference("table", "public", "b")
    )
    assert shown.index("public.b") < shown.index("EXPLAINED") < shown.index("public.a")
    assert "1 warning" in shown
