"""All refs of a repository at once: what a push depends on beside the commits that it names."""

from pathlib import Path

from migrate_hooks.outside import git


def every(root: Path) -> dict[str, str]:
    """Return {full name: object} of branches, remote branches and tags; one process."""
    out = git.tell(root, "for-each-ref", "--format=%(objectname) %(refname)")
    found = (line.partition(" ") for line in out.splitlines())
    return {ref: name for name, _, ref in found}
