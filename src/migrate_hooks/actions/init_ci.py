"""`init --ci`: write the files of a CI service, and never over what somebody else wrote."""

import re
from collections.abc import Sequence

from migrate_hooks.actions import ci_workflow
from migrate_hooks.errors import Exit, Refused
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, git

_SERVICES = {"github": ci_workflow.github, "gitlab": ci_workflow.gitlab}


def run(settings: Settings, service: str, *, dry_run: bool = False) -> Report:
    """Write what `service` needs into the repository, or only show it.

    Raises Refused where no environment has a branch and a DSN, or a file is there that is not what
    would be written, and then nothing is written; NotARepository.
    """
    root = git.require_root(settings.root)
    deployed = [one for one in settings.environments if one.branch and not one.embedded]
    if not deployed:
        raise Refused(
            "No environment has a branch and a database of its own, so there is nothing to deploy.",
            'Write one below [environments.NAME] in migrate-hooks.toml: branch = "staging".',
        )
    _refuse_strange_branches(deployed)
    wanted = _SERVICES[service](deployed)
    if dry_run:
        body = "\n".join(f"# {path}\n{text}" for path, text in wanted.items())
        return Report("init", Outcome.CLEAN, Exit.CLEAN, body=body, notes=(_SECRETS,))
    known = {path: _there(settings, path) for path in wanted}
    strange = [path for path, text in known.items() if text not in (None, wanted[path])]
    if strange:
        raise Refused(
            f"There already, and not as it would be written: {', '.join(strange)}. Nothing was "
            "changed.",
            f"Compare: migrate-hooks init --ci={service} --dry-run; to begin anew, move it away.",
        )
    for path, text in wanted.items():
        if known[path] is None:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            files.write_new(root / path, text)
    rows = tuple((path, "as it was" if known[path] else "written") for path in wanted)
    names = {name for one in deployed for name in ci_workflow.secrets(one)}
    needed = sorted(name for name in names if any(name in text for text in wanted.values()))
    return Report(
        "init",
        Outcome.CLEAN,
        Exit.CLEAN,
        listings=(Listing("Files", ("file", "state"), rows),),
        notes=(_SECRETS, f"Next: set {', '.join(needed)} there, then git add {' '.join(wanted)}"),
    )


_SECRETS = "Connection strings are secrets of the service; the files hold their names alone."


def _refuse_strange_branches(deployed: Sequence[Environment]) -> None:
    """A branch may be called what means something else in an expression or a pattern."""
    for one in deployed:
        if not re.fullmatch(r"[\w./-]+", one.branch, re.ASCII):
            raise Refused(
                f"Branch {one.branch} of {one.name} has characters that mean something else in a "
                "workflow. Nothing was written.",
                "Write the workflow by hand after --dry-run of another branch name, or rename it.",
            )


def _there(settings: Settings, path: str) -> str | None:
    place = settings.root / path
    if not place.exists() and not place.is_symlink():
        return None
    found = files.read_text(settings.root, path)
    return found.text if not found.problem else ""
