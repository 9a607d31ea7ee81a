"""What a difference means and what to do about it, in words."""

import pytest

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import AttributeChange, Change, Difference
from migrate_hooks.schema import advice

A = ("public", "a")
CREATE_IT = "Create it on staging with a migration, or drop it on dev if it was made by hand there."
OFF = (AttributeChange("enabled", "true", "false"),)


def difference(change: Change, kind: str, *identity: str, **attributes: str) -> Difference:
    changes = tuple(AttributeChange(name, value, None) for name, value in attributes.items())
    return Difference(change, kind, identity, changes, Severity.WARNING, A)


@pytest.mark.parametrize(
    ("found", "message", "hint"),
    [
        (
            difference(Change.MISSING, "table", *A),
            "table public.a is missing on staging: dev has it, and every query that names it fails "
            "there.",
            CREATE_IT,
        ),
        (
            difference(Change.MISSING, "domain", "public", "d"),
            "domain public.d is missing on staging: dev has it.",
            CREATE_IT,
        ),
        (
            difference(Change.UNEXPECTED, "column", *A, "Note"),
            'column public.a."Note" is on staging and not on dev.',
            "Drop it on staging if it was made by hand there, or bring it to dev with a migration.",
        ),
        (
            Difference(Change.CHANGED, "row security", A, OFF, Severity.CRITICAL, A),
            "row security of public.a is off on staging and on on dev: whoever may read or write "
            "the table there sees and changes every row.",
            "Bring staging to what dev has with a migration (ALTER TABLE public.a ENABLE ROW LEVEL "
            "SECURITY), or change dev if it was made by hand there.",
        ),
    ],
)
def test_message_and_hint(found: Difference, message: str, hint: str) -> None:
    assert advice.message(found, "dev", "staging") == message
    assert advice.hint(found, "dev", "staging") == hint


@pytest.mark.parametrize(
    ("found", "statement"),
    [
        (
            difference(Change.MISSING, "column", *A, "x", type="text"),
            "ALTER TABLE public.a ADD COLUMN x text",
        ),
        (
            difference(Change.CHANGED, "column", *A, "x", type="text"),
            "ALTER TABLE public.a ALTER COLUMN x TYPE text",
        ),
        (
            difference(Change.MISSING, "primary key", *A, name="Pk", definition="PRIMARY KEY (x)"),
            'ALTER TABLE public.a ADD CONSTRAINT "Pk" PRIMARY KEY (x)',
        ),
        (
            difference(Change.MISSING, "foreign key", *A, "f", definition="FOREIGN KEY (x) …"),
            "ALTER TABLE public.a ADD CONSTRAINT f FOREIGN KEY (x) …",
        ),
        (
            difference(Change.MISSING, "index", *A, "i", definition="CREATE INDEX i ON public.a …"),
            "CREATE INDEX CONCURRENTLY i ON public.a …",
        ),
        (difference(Change.MISSING, "policy", *A, "p"), "CREATE POLICY p ON public.a …"),
        (difference(Change.MISSING, "extension", "vector"), "CREATE EXTENSION vector"),
    ],
)
def test_one_line_of_sql_is_given_where_it_says_it_all(found: Difference, statement: str) -> None:
    assert f"with a migration ({statement})" in advice.hint(found, "dev", "staging")


def test_a_long_value_is_not_put_into_a_sentence() -> None:
    long = (AttributeChange("definition", "SELECT\n1", "SELECT\n2"),)
    found = Difference(Change.CHANGED, "view", ("public", "v"), long, Severity.WARNING)
    assert advice.message(found, "dev", "staging") == (
        "view public.v differs: its definition is not the same."
    )
    short = (AttributeChange("not_null", "true", None),)
    found = Difference(Change.CHANGED, "column", (*A, "x"), short, Severity.WARNING, A)
    assert advice.message(found, "dev", "staging") == (
        "column public.a.x differs: not null is true on dev and (none) on staging."
    )
