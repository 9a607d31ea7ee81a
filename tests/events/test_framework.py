"""What pre-commit and prek say in variables, as a Trigger."""

import pytest

from migrate_hooks.events import framework
from migrate_hooks.model.trigger import RefUpdate, Trigger

PUSH = {
    "PRE_COMMIT": "1",
    "PRE_COMMIT_FROM_REF": "b" * 40,
    "PRE_COMMIT_TO_REF": "a" * 40,
    "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/work",
    "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/staging",
    "PRE_COMMIT_REMOTE_NAME": "origin",
    "PRE_COMMIT_REMOTE_URL": "https://me:secret@example.invalid/x.git",
}


def test_a_push_is_one_update() -> None:
    update = RefUpdate("refs/heads/work", "a" * 40, "refs/heads/staging", "b" * 40)
    assert framework.trigger("pre-push", PUSH) == Trigger("pre-push", (update,), "origin")


def test_a_first_push_is_known_by_its_ref() -> None:
    first = {
        name: text for name, text in PUSH.items() if name[-9:] not in ("_FROM_REF", "IT_TO_REF")
    }
    trigger = framework.trigger("pre-push", first)
    assert trigger is not None
    assert trigger.updates == (
        RefUpdate("refs/heads/work", "refs/heads/work", "refs/heads/staging", None),
    )


@pytest.mark.parametrize("word", ["0", "1"])
def test_a_merge(word: str) -> None:
    said = {"PRE_COMMIT": "1", "PRE_COMMIT_IS_SQUASH_MERGE": word}
    assert framework.trigger("post-merge", said) == Trigger("post-merge", is_squash=word == "1")


@pytest.mark.parametrize(
    ("before", "kind", "trigger"),
    [
        ("a" * 40, "1", Trigger("post-checkout", before="a" * 40, deed="branch")),
        ("0" * 40, "1", Trigger("post-checkout", deed="branch")),
        ("a" * 40, "0", Trigger("post-checkout", before="a" * 40, deed="files")),
    ],
)
def test_a_checkout(before: str, kind: str, trigger: Trigger) -> None:
    said = {"PRE_COMMIT_FROM_REF": before, "PRE_COMMIT_CHECKOUT_TYPE": kind}
    assert framework.trigger("post-checkout", {"PRE_COMMIT": "1", **said}) == trigger


def test_a_rewrite_comes_without_its_commits() -> None:
    said = {"PRE_COMMIT": "1", "PRE_COMMIT_REWRITE_COMMAND": "amend"}
    assert framework.trigger("post-rewrite", said) == Trigger("post-rewrite", deed="amend")


@pytest.mark.parametrize(
    ("hook", "variables"),
    [
        ("pre-push", {}),
        ("pre-push", {**PUSH, "PRE_COMMIT": "0"}),
        # git itself, called by somebody's hook in the framework.
        ("pre-push", {"PRE_COMMIT": "1"}),
        ("pre-commit", {"PRE_COMMIT": "1"}),
    ],
)
def test_anybody_else_is_not_the_framework(hook: str, variables: dict[str, str]) -> None:
    assert framework.trigger(hook, variables) is None
