"""What must hold for every fix, over all files of the corpus: nothing breaks, nothing is lost."""

from collections import Counter

import pytest

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
