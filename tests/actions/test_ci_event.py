"""What a CI service says that happened: variables in, a branch that moves out."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate_hooks.actions import ci_event
from migrate_hooks.actions.ci_event import Event
from migrate_hooks.errors import UsageProblem

GITHUB = {"GITHUB_ACTIONS": "true"}
GITLAB = {"GITLAB_CI": "true"}
PUSH = {**GITHUB, "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"}
ASKS = {**GITHUB, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": "aa"}
OLD, NEW, NONE = "bb", "aa", "0" * 40


def _read(tmp_path: Path, variables: Mapping[str, str], told: object) -> Event:
    path = tmp_path / "event.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    return ci_event.read({**variables, "GITHUB_EVENT_PATH": str(path)})


@pytest.mark.parametrize(
    ("variables", "told", "expected"),
    [
        (PUSH, {"before": OLD, "after": NEW}, ("main", OLD, NEW)),
        (PUSH, {"before": NONE, "after": NEW}, ("main", None, NEW)),
        (PUSH, {"before": OLD, "after": NONE}, ("main", OLD, None)),
        ({**PUSH, "GITHUB_SHA": NEW}, "no JSON", ("main", None, NEW)),
        ({**PUSH, "GITHUB_REF": "refs/tags/v1"}, {"after": NEW}, ("", None, None)),
        (ASKS, {"pull_request": {"base": {"ref": "dev", "sha": OLD}}}, ("dev", OLD, NEW)),
        ({**ASKS, "GITHUB_BASE_REF": "dev"}, {"pull_request": [1]}, ("dev", None, NEW)),
        ({**ASKS, "GITHUB_BASE_REF": "dev"}, {"pull_request": {"base": 1}}, ("dev", None, NEW)),
        (
            {**ASKS, "GITHUB_EVENT_NAME": "merge_group"},
            {"merge_group": {"base_ref": "refs/heads/dev", "base_sha": OLD}},
            ("dev", OLD, NEW),
        ),
        (
            {**GITLAB, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1", "CI_COMMIT_SHA": NEW},
            {},
            ("", None, None),
        ),
    ],
)
def test_what_moves(
    tmp_path: Path,
    variables: Mapping[str, str],
    told: object,
    expected: tuple[str, str | None, str | None],
) -> None:
    event = _read(tmp_path, variables, told)
    assert (event.branch, event.base, event.head) == expected


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        (PUSH, {}),
        (PUSH, {"before": OLD, "after": {}}),
        ({**PUSH, "GITHUB_REF": ""}, {"before": OLD, "after": NEW}),
        (ASKS, {"pull_request": []}),
        ({**ASKS, "GITHUB_BASE_REF": "dev", "GITHUB_SHA": ""}, {}),
        ({**GITLAB, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": NEW}, {}),
        ({**GITLAB, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}, {}),
    ],
)
def test_what_is_not_said_is_neither_a_deletion_nor_clean(
    tmp_path: Path, variables: Mapping[str, str], told: object
) -> None:
    with pytest.raises(UsageProblem, match="Nothing was checked"):
        _read(tmp_path, variables, told)


def test_a_payload_that_never_ends_is_not_read() -> None:
    variables = {**PUSH, "GITHUB_SHA": NEW, "GITHUB_EVENT_PATH": "/dev/zero"}
    assert ci_event.read(variables).head == NEW
