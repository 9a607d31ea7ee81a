"""Every rule's own examples: what is bad is found under its name, what is good is not."""

import pytest

from migrate_hooks.actions.lint import lint_texts
from migrate_hooks.actions.lint_shared import Crossing
from migrate_hooks.layouts import detect
from migrate_hooks.lint.base import Example, Rule
from migrate_hooks.lint.run import RULES
from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import files
from migrate_hooks.registry import collect
from tests.lint.world import settings

FOUND = collect(RULES, "RULE", Rule)
OPT_IN = tuple(rule.name for rule in FOUND.values() if rule.opt_in)


def cases(side: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.name}-{number}")
        for rule in FOUND.values()
        for number, example in enumerate(getattr(rule, side))
    ]


def crossing(example: Example, texts: dict[str, bytes]) -> Crossing:
    before = {path: (files.decode(path, text.encode()),) for path, text in example.before}
    gone = tuple(path for path in before if path not in texts)
    elsewhere = tuple(
        ("feature/x", files.decode(path, text.encode())) for path, text in example.elsewhere
    )
    return Crossing("origin/main", before, gone, elsewhere)


def judge(example: Example) -> list[Finding]:
    data = example.text.encode() if example.data is None else example.data
    texts = {path: text.encode() for path, text in example.others}
    texts[example.path] = data
    found = lint_texts(
        settings(
            lint=LintSettings(down=example.down, style=False, safety=False, enable_rules=OPT_IN)
        ),
        detect.by_name(example.layout),
        {path: files.decode(path, one) for path, one in texts.items()},
        known=example.known,
        released=example.known,
        target="origin/main",
        crossing=crossing(example, texts),
    )
    return [one for one in found if isinstance(one.place, FilePlace)]


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_a_bad_example_is_found(rule: Rule, example: Example) -> None:
    found = [one for one in judge(example) if one.code == rule.name]
    assert found
    for one in found:
        assert isinstance(one.place, FilePlace)
        assert 1 <= one.place.line <= example.text.count("\n") + 1
        assert one.message.endswith(".")
        assert one.hint[0].isupper()


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_a_good_example_is_left_alone(rule: Rule, example: Example) -> None:
    assert [one for one in judge(example) if one.code == rule.name] == []


@pytest.mark.parametrize("module", FOUND)
def test_a_rule_is_named_after_its_file_and_says_why(module: str) -> None:
    rule = FOUND[module]
    room, _, name = rule.name.partition("/")
    assert f"{room}_{name}".replace("-", "_") == module
    assert rule.bad
    assert rule.good
    assert all(text.endswith(".") for text in (rule.summary, rule.why, rule.instead))
