"""What must hold for every fix, over all files of the corpus: nothing breaks, nothing is lost."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate_hooks.model.settings import LintSettings
from migrate_hooks.sql import lexer, parse
from tests.lint.labelled import Sample, samples
from tests.lint.mended import mend

LINT = LintSettings(down="optional", style=False)
MENDED = 12  # files of the corpus that some fix changes, at least


def comments(text: str) -> Counter[str]:
    """Return the comments of a text; SQL in the comments of a DOWN may be rewritten."""
    kinds = ("line_comment", "block_comment")
    found = (one.text.strip() for one in lexer.scan(text) if one.kind in kinds)
    return Counter(one for one in found if "INDEX" not in one.upper())


def released(sample: Sample) -> dict[str, str]:
    """Return what the target branch has: the case's own forerunner, or a file that says nothing."""
    before = sample.place.with_name(f"{sample.place.stem}.released.sql")
    folder = sample.path.rpartition("/")[0]
    text = before.read_text() if before.is_file() else ""
    return {f"{folder}/20250101000000_released.sql": text}


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.name)
def test_a_mended_file_parses_keeps_its_comments_and_stays_as_it_is(sample: Sample) -> None:
    had = released(sample)
    once = mend({sample.path: sample.text}, released=had, layout=sample.layout, lint=LINT)
    after = "\n".join(once.texts.values())
    assert parse.syntax_problem(sample.text) or all(
        parse.syntax_problem(text) is None for text in once.texts.values()
    )
    assert comments(sample.text) <= comments(after)
    twice = mend(once.texts, released=had, layout=sample.layout, lint=LINT)
    assert (twice.texts, twice.done) == (once.texts, ())


def test_the_corpus_has_enough_to_mend() -> None:
    mended = [
        one.name
        for one in samples()
        if one.labels and mend({one.path: one.text}, released=released(one), layout=one.layout).done
    ]
    assert len(mended) >= MENDED, mended


STATEMENTS = (
    "CREATE INDEX a_idx ON orders (a)",
    "create unique index if not exists b_idx on shop.orders (lower(b)) where b is not null",
    "DROP INDEX IF EXISTS c_idx",
    "ALTER TABLE orders /* why */ ADD CONSTRAINT d FOREIGN KEY (d) REFERENCES users (id)",
    "ALTER TABLE orders ADD COLUMN e int, ADD CONSTRAINT e CHECK (e > 0 AND e IN (1, 2))",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 -- x\n$$",
    "COMMENT ON TABLE orders IS '-- DOWN Migration;'",
    "REINDEX TABLE orders",
    "BEGIN",
    "COMMIT",
)
BETWEEN = (";\n", ";", "; -- behind\n", ";\n\n-- above\n", ";\n/* block\n-- Up\n*/ ", "\n;\n\n\n")
DOWNS = (
    "",
    "-- Down\n",
    "-- Down\nDROP INDEX a_idx;\nDROP INDEX shop.b_idx",
    "-- rollback\nSELECT 1;",
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a migration as nobody would write it, but somebody will."""
    rows = draw(
        st.lists(st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(BETWEEN)), max_size=5)
    )
    up = "".join(statement + end for statement, end in rows)
    text = draw(st.sampled_from(("", "-- Up\n", "-- header\n\n-- UP Migration\n"))) + up
    text = draw(st.sampled_from(("", "\ufeff"))) + text + "\n" + draw(st.sampled_from(DOWNS))
    return text.replace("\n", draw(st.sampled_from(("\n", "\r\n"))))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts(), st.sampled_from(("sections", "supabase")))
def test_whatever_is_mended_parses_keeps_its_comments_and_its_statements(
    text: str, layout: str
) -> None:
    path = "migrations/20260102000000_a.sql"
    once = mend({path: text}, layout=layout, lint=LINT)
    after = "\n".join(once.texts.values())
    assert all(parse.syntax_problem(one) is None for one in once.texts.values())
    assert comments(text) <= comments(after)
    assert not once.texts[path].count("\r\n") or once.texts[path].count("\n") == once.texts[
        path
    ].count("\r\n")
    for statement in STATEMENTS[:7]:
        name = statement.split(" (")[0].split()[-1]
        assert name in after or name not in text
    assert mend(once.texts, layout=layout, lint=LINT).done == ()
