"""Where in git a migration lives that an environment has and this tree lacks."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from migrate_hooks.model.finding import Finding, ObjectPlace

CODE = "status/unknown"
_LOOKED_UP = 5
"""Each look-up walks the history; beyond a handful the first ones tell the story."""


def tell(root: Path, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with the branch and commit of unknown versions in their hints."""
    if not (root / ".git").exists():
        return tuple(findings)
    unknown = [one for one in findings if one.code == CODE][:_LOOKED_UP]
    return tuple(_told(root, one) if one in unknown else one for one in findings)


def _told(root: Path, finding: Finding) -> Finding:
    from migrate_hooks.outside import git_history

    version = finding.place.identity if isinstance(finding.place, ObjectPlace) else ""
    seen = git_history.find_version(root, version)
    if seen is None:
        return replace(
            finding,
            hint="No branch of this clone has it: run git fetch --all and look again, "
            "or ask who works on that database by hand.",
        )
    where = f"on {', '.join(seen.branches[:3])}" if seen.branches else "on no branch any more"
    return replace(
        finding,
        hint=f"{seen.path} is {where} (commit {seen.commit} by {seen.author}): "
        "merge that first, or undo it in the database.",
    )
