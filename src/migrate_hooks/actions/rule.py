"""`rule`: what lint knows about one code, or all codes that it knows."""

from migrate_hooks.errors import Exit, UsageProblem
from migrate_hooks.lint import codes, pages
from migrate_hooks.model.report import Listing, Outcome, Report

_COLUMNS = ("code", "engine", "severity", "default", "what it finds")


def run(code: str) -> Report:
    """Return the page of one code; raises UsageProblem, with the nearest code, for an unknown."""
    page = pages.find(code)
    if page is None:
        meant = codes.nearest(code)
        guess = f" Did you mean {meant}?" if meant else ""
        raise UsageProblem(
            f"No finding is called {code}.{guess}",
            "Run `migrate-hooks rule --list` to see every code.",
        )
    return Report("rule", Outcome.CLEAN, Exit.CLEAN, body=pages.text(page))


def listing() -> Report:
    """Return the table of all codes."""
    rows = tuple(
        (one.code, one.engine, str(one.severity), "opt-in" if one.opt_in else "on", one.summary)
        for one in pages.every()
    )
    return Report("rule", Outcome.CLEAN, Exit.CLEAN, listings=(Listing("Rules", _COLUMNS, rows),))
