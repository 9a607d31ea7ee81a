"""What a CI service says that happened, read from its variables: as the push that it stands for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate_hooks.errors import UsageProblem

_NOBODY = frozenset("0")
_TAGS = "refs/tags/"
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """A branch that moves, or would: `branch` from `base` to `head`, both commits or None.

    `branch` is "" for a tag, which moves none. `summary` is the file that the service shows beside
    the job, "" for none. `words` say in a sentence what happened.
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
    head = variables.get("GITHUB_SHA")
    if name in ("pull_request", "merge_group"):
        asked = _part(told, name)
        base = _part(asked, "base") or {"ref": asked.get("base_ref"), "sha": asked.get("base_sha")}
        branch = variables.get("GITHUB_BASE_REF") or _branch(str(base.get("ref") or ""))
        return _event("github", "Pull request into", branch, base.get("sha"), head, summary)
    if name == "push":
        ref = variables.get("GITHUB_REF", "")
        if ref.startswith(_TAGS):
            return _tag("github", ref.removeprefix(_TAGS), summary)
        after = told.get("after") or head
        return _event("github", "Push to", _branch(ref), told.get("before"), after, summary)
    raise _no_gate(name or "of no name", "push and pull_request")


def _gitlab(variables: Mapping[str, str]) -> Event:
    source = variables.get("CI_PIPELINE_SOURCE", "")
    head = variables.get("CI_COMMIT_SHA")
    if source == "merge_request_event":
        branch = variables.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
        base = variables.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
        return _event("gitlab", "Merge request into", branch, base, head)
    if source == "push" and variables.get("CI_COMMIT_TAG"):
        return _tag("gitlab", variables["CI_COMMIT_TAG"])
    if source == "push":
        branch, base = variables.get("CI_COMMIT_BRANCH", ""), variables.get("CI_COMMIT_BEFORE_SHA")
        return _event("gitlab", "Push to", branch, base, head)
    raise _no_gate(source or "of no name", "push and merge_request_event")


def _event(
    service: str, what: str, branch: str, base: object, head: object, summary: str = ""
) -> Event:
    """Return the event; an end that nobody names is no branch that was deleted."""
    if not branch or not isinstance(head, str) or not head:
        missing = "which branch it is about" if not branch else "which commit is to be judged"
        raise UsageProblem(
            f"This job's variables do not say {missing}. Nothing was checked.",
            "Say it: migrate-hooks ci --branch=NAME --base=REVISION --head=REVISION",
        )
    return Event(service, f"{what} {branch}", branch, _commit(base), _commit(head), summary)


def _tag(service: str, name: str, summary: str = "") -> Event:
    return Event(service, f"Tag {name}", "", None, None, summary)


def _part(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _payload(path: str) -> dict[str, Any]:
    """Return the event as the service wrote it down; {} for anything that is no such thing."""
    file = Path(path)
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return {}
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


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
