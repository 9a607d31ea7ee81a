"""The labelled corpus: its labels are sound, no safe file is blocked, and we find what we found."""

import pytest

from migrate_hooks.model.finding import Severity
from tests.lint import figures
from tests.lint.labelled import Sample, judged, labels, samples

# Raise it when a rule lands; `make corpus` prints today's figure and what is missed.
CRITICAL_FOUND = 1.0


def test_the_corpus_is_large_and_half_of_it_is_safe() -> None:
    safe = [one for one in samples() if not one.labels]
    assert len(samples()) >= 150
    assert len(samples()) * 0.45 <= len(safe) <= len(samples()) * 0.55


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.name)
def test_labels_are_in_the_table_and_agree_with_the_folder(sample: Sample) -> None:
    assert {name for name, _ in sample.labels} <= set(labels())
    assert sample.name.startswith("safe/") <= (not sample.labels)
    assert sample.is_of_set or sample.name.startswith("hazard/") <= bool(sample.labels)


def test_every_label_of_the_table_is_in_use() -> None:
    assert set(labels()) == {name for one in samples() for name, _ in one.labels}


@pytest.mark.parametrize(
    "sample", [one for one in samples() if not one.labels], ids=lambda one: one.name
)
def test_a_safe_file_is_not_blocked(sample: Sample) -> None:
    found = [one for one in judged(sample) if one.severity is Severity.CRITICAL]
    assert [(one.code, one.message) for one in found] == []


def test_critical_hazards_are_found_as_well_as_ever() -> None:
    mine = figures.ours()
    missed = [one for one in mine.missed if one[2] is Severity.CRITICAL]
    assert mine.found(Severity.CRITICAL) >= CRITICAL_FOUND, missed
