"""Write the pages that are generated from the code; `tests/house/test_fresh_docs.py` compares them.

Run it with `make docs`. A page is a path relative to the repository and a function that returns its
text.
"""

from collections.abc import Callable
from pathlib import Path

from migrate_hooks.errors import EXIT_MEANINGS

ROOT = Path(__file__).parents[1]


def exit_codes() -> str:
    """Return the table of exit codes."""
    rows = "".join(f"| {int(code)} | {meaning} |\n" for code, meaning in EXIT_MEANINGS.items())
    return (
        "# Exit codes\n\n"
        "Generated from `src/migrate_hooks/errors.py` by `make docs`.\n\n"
        f"| Code | Meaning |\n|---:|---|\n{rows}\n"
        "The code is also in the JSON report as `exit_code`, beside an `outcome` in one word.\n"
        "What could not be checked is never reported as clean.\n"
    )


PAGES: dict[str, Callable[[], str]] = {"docs/EXIT_CODES.md": exit_codes}


def main() -> None:
    """Write every page."""
    for path, page in PAGES.items():
        (ROOT / path).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
