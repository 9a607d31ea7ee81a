"""Which fix is for which finding."""

from collections.abc import Mapping
from functools import cache

from migrate_hooks.lint import codes
from migrate_hooks.lint.change import Fix
from migrate_hooks.registry import collect

PACKAGE = "migrate_hooks.lint.fixes"


@cache
def fixes() -> Mapping[str, Fix]:
    """Return every fix by the name of its file."""
    return collect(PACKAGE, "FIX", Fix)


def fix_for(code: str) -> Fix | None:
    """Return the fix for findings with that code, or None."""
    return next((one for one in fixes().values() if codes.is_any(one.codes, code)), None)
