"""What pre-commit and prek say instead of git: variables, and of a push only its first ref."""

from collections.abc import Mapping

from migrate_hooks.model.trigger import RefUpdate, Trigger


def trigger(hook: str, variables: Mapping[str, str]) -> Trigger | None:
    """Return what the framework says to its hook, or None when it is not the one that calls.

    On the first push of a whole history it names no commits; then `local_oid` is the name of what
    is pushed, for git to resolve. `remote_oid` is the newest commit that the remote is known to
    have, not always the tip of its branch.
    """
    if variables.get("PRE_COMMIT") != "1":
        return None
    if hook == "pre-push" and variables.get("PRE_COMMIT_REMOTE_BRANCH"):
        return Trigger(hook, (_update(variables),), variables.get("PRE_COMMIT_REMOTE_NAME", ""))
    if hook == "post-merge":
        return Trigger(hook, is_squash=variables.get("PRE_COMMIT_IS_SQUASH_MERGE") == "1")
    if hook == "post-checkout" and variables.get("PRE_COMMIT_CHECKOUT_TYPE"):
        return _checkout(variables)
    if hook == "post-rewrite" and variables.get("PRE_COMMIT_REWRITE_COMMAND"):
        return Trigger(hook, deed=variables["PRE_COMMIT_REWRITE_COMMAND"])
    return None


def _checkout(variables: Mapping[str, str]) -> Trigger:
    before = variables.get("PRE_COMMIT_FROM_REF", "")
    deed = "files" if variables["PRE_COMMIT_CHECKOUT_TYPE"] == "0" else "branch"
    return Trigger("post-checkout", before=before if before.strip("0") else None, deed=deed)


def _update(variables: Mapping[str, str]) -> RefUpdate:
    local_ref = variables.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD"
    return RefUpdate(
        local_ref=local_ref,
        local_oid=variables.get("PRE_COMMIT_TO_REF") or local_ref,
        remote_ref=variables["PRE_COMMIT_REMOTE_BRANCH"],
        remote_oid=variables.get("PRE_COMMIT_FROM_REF") or None,
    )


def is_runner(text: str) -> bool:
    """Say whether a hook belongs to pre-commit or prek, which run `<hook>.legacy` first."""
    return "hook-impl" in text and ("pre_commit" in text or "prek" in text)
