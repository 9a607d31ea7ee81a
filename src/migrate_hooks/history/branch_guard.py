"""Whether the files that are checked out are those that an environment deploys."""

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import called
from migrate_hooks.model.words import some

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Checkout:
    """What git says of the working tree that a plan was made from.

    `branch` is None for a detached HEAD. `is_there` tells whether the environment's branch exists
    here or at origin, `on_it` whether the commit is part of it. `uncommitted` are (path, what is
    the case) of files that would run. Where the branch itself is checked out, `lacking` are the
    migrations that origin's has and HEAD does not, `unpushed` the files that would run and that
    origin's does not have as they are.
    """

    branch: str | None
    is_there: bool
    on_it: bool
    uncommitted: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    unpushed: tuple[str, ...] = ()


Guarded = tuple[str, Finding]
"""The name that passes the guard ("" for none), and what it found."""


def guarded(
    environment: Environment, checkout: Checkout | None, owner: str, *, is_playground: bool
) -> Iterator[Guarded]:
    """Yield what speaks against these files; `owner` is the environment of the branch, if any.

    In a playground, where things are tried out, only another environment's branch is refused.
    """
    wanted = environment.branch
    if not wanted or checkout is None:
        return
    if checkout.branch == wanted:
        if not is_playground:
            yield from _behind(environment, checkout)
            yield from _unpushed(environment, checkout)
    elif not checkout.is_there:
        yield from _nowhere(environment, checkout)
    elif not (checkout.branch is None and checkout.on_it) and (owner or not is_playground):
        yield "branch", _mismatch(environment, checkout, owner)


def _here(checkout: Checkout) -> str:
    return f"branch {checkout.branch}" if checkout.branch else "a commit of no branch"


def _nowhere(environment: Environment, checkout: Checkout) -> Iterator[Guarded]:
    name = environment.name
    if environment.protected:
        yield (
            "branch",
            _finding(
                "branch",
                f"{name} deploys from branch {environment.branch}, which exists neither here nor "
                f"at origin; checked out is {_here(checkout)}.",
                f'Name its branch (branch = "…" below [environments.{name}]), or say that it is '
                "meant: --allow=branch.",
            ),
        )


def _mismatch(environment: Environment, checkout: Checkout, owner: str) -> Finding:
    belongs = f", which belongs to {owner}" if owner else ""
    return _finding(
        "branch",
        f"{environment.name} deploys from branch {environment.branch}, and checked out is "
        f"{_here(checkout)}{belongs}: its files are what would count.",
        f"Check it out (git checkout {quote(environment.branch)}), or say that it is meant: "
        "--allow=branch.",
    )


def _behind(environment: Environment, checkout: Checkout) -> Iterator[Guarded]:
    if checkout.lacking:
        branch = environment.branch
        yield (
            "branch",
            _finding(
                "behind",
                f"origin/{branch} has migrations that branch {branch} lacks here "
                f"({_named(checkout.lacking)}): these are not the files that {environment.name} "
                "deploys.",
                f"Bring the branch up to date (git pull origin {quote(branch)}), or say that it is "
                "meant: --allow=branch.",
            ),
        )


def _unpushed(environment: Environment, checkout: Checkout) -> Iterator[Guarded]:
    """Yield that nobody else has what would run; only a protected environment insists on it."""
    if checkout.unpushed:
        branch = environment.branch
        found = _finding(
            "unpushed",
            f"origin/{branch} does not have {_named(checkout.unpushed)} as it is here: after a run "
            f"{environment.name} would be ahead of the branch that it deploys from.",
            f"Push first (git push origin {quote(branch)}), or say that it is meant: "
            "--allow=unpushed.",
            checkout.unpushed[0],
            Severity.CRITICAL if environment.protected else Severity.WARNING,
        )
        yield "unpushed", found


def _named(paths: tuple[str, ...]) -> str:
    return some([called(path) for path in paths], _SHOWN)


def _finding(
    code: str, message: str, hint: str, path: str = "", severity: Severity = Severity.CRITICAL
) -> Finding:
    return Finding(f"guard/{code}", severity, message, FilePlace(path) if path else None, hint)
