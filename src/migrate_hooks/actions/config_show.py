"""`config show`: every effective value and where it came from."""

from migrate_hooks.errors import Exit
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings


def run(settings: Settings) -> Report:
    """Return the listing; values that are not set are listed too."""
    where = f"Configuration file: {settings.file}" if settings.file else "No configuration file."
    return Report(
        action="config show",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Configuration", ("key", "value", "from"), settings.origins),),
        notes=(where,),
    )
