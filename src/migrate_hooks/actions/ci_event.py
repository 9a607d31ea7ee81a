"""What a CI service says that happened, read from its variables: as the push that it stands for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate_hooks.errors import UsageProblem

_NOBODY = frozenset("0")
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """A branch that moves, or would: `branch` from `base` to `head`, both commits or None.

    `summary` is the file that the service shows beside the job, "" for none. `words` say in a
    sentence what happened.
    """

    service: str
    words: str
    branch: str
    base: str | None
    head: str | None
    summary: str = ""


def read(variables: Mapping[str, str]) -> Event:
    """Return the event of the service that we run in; raises UsageProblem where there is none."""
    if variables.get("GITHUB_ACTIONS") == "true":
        return _github(variables)
    if variables.get("GITLAB_CI") == "true":
        return _gitlab(variables)
    raise UsageProblem(
        "This does not run in GitHub Actions or GitLab CI, so there is no event to judge.",
        "Say what is to be judged: migrate-hooks ci --branch=staging --base=origin/staging",
    )


def _github(variables: Mapping[str, str]) -> Event:
    name = variables.get("GITHUB_EVENT_NAME", "")
    told = _payload(variables.get("GITHUB_EVENT_PATH", ""))
    summary = variables.get("GITHUB_STEP_SUMMARY", "")
    if name in ("pull_request", "merge_group"):
        asked = told.get(name) or {}
        base = asked.get("base") or {"ref": asked.get("base_ref"), "sha": asked.get("base_sha")}
        branch = variables.get("GITHUB_BASE_REF") or _branch(str(base.get("ref") or ""))
        head = variables.get("GITHUB_SHA")
        words = f"Pull request into {branch}"
        return Event("github", words, branch, _commit(base.get("sha")), _commit(head), summary)
    if name == "push":
        branch = _branch(variables.get("GITHUB_REF", ""))
        base, head = _commit(told.get("before")), _commit(told.get("after"))
        return Event("github", f"Push to {branch}", branch, base, head, summary)
    raise _no_gate(name or "of no name", "push and pull_request")


def _gitlab(variables: Mapping[str, str]) -> Event:
    source = variables.get("CI_PIPELINE_SOURCE", "")
    head = _commit(variables.get("CI_COMMIT_SHA"))
    if source == "merge_request_event":
        branch = variables.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
        base = _commit(variables.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"))
        return Event("gitlab", f"Merge request into {branch}", branch, base, head)
    if source == "push":
        branch = variables.get("CI_COMMIT_BRANCH", "")
        base = _commit(variables.get("CI_COMMIT_BEFORE_SHA"))
        return Event("gitlab", f"Push to {branch}", branch, base, head)
    raise _no_gate(source or "of no name", "push and merge_request_event")


def _payload(path: str) -> dict[str, Any]:
    """Return the event as the service wrote it down; {} for anything that is no such thing."""
    try:
        file = Path(path)
        if not path or file.stat().st_size > _LARGEST:
            return {}
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/") if not ref.startswith("refs/tags/") else ""


def _commit(text: object) -> str | None:
    """Return a commit's name, None for zeros: there was none before, or is none any more."""
    if not isinstance(text, str) or not text or set(text) == _NOBODY:
        return None
    return text


def _no_gate(name: str, known: str) -> UsageProblem:
    return UsageProblem(
        f"An event {name} brings nothing to a branch: the gate is for {known}.",
        "Ask for what this job is about: migrate-hooks status --all, or drift --env=NAME.",
    )
