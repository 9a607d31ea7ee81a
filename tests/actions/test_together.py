"""Questions at the same time: answers in order, and nobody is waited for too long."""

import threading

import pytest

from migrate_hooks.actions import together


def test_answers_come_in_the_order_of_the_questions() -> None:
    first = threading.Event()

    def late() -> str:
        first.wait(60)
        return "late"

    def early() -> str:
        first.set()
        return "early"

    assert together.asked(60, (late, early)) == ["late", "early"]


def test_who_does_not_answer_in_time_is_left_alone() -> None:
    forever = threading.Event()
    assert together.asked(0.05, (lambda: forever.wait(60), lambda: True)) == [None, True]
    forever.set()


def test_what_a_question_raises_is_raised() -> None:
    def broken() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        together.asked(60, (broken,))
