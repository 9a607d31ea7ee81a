"""What a repository's own configuration of squawk and sqlfluff switches off."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from migrate_hooks.model.finding import Finding
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files


def told(settings: Settings, folder: str) -> tuple[Finding, ...]:
    """Return an INFO for each list of rules or paths that the engines are told to leave out."""
    above = reversed([PurePosixPath(folder), *PurePosixPath(folder).parents])
    safety = _texts(settings, [".squawk.toml"] if settings.lint.safety else [])
    places = [(one / ".sqlfluff").as_posix() for one in above]
    style = _texts(settings, places if settings.lint.style else [])
    if not safety and not style:
        return ()
    from migrate_hooks.lint import switched_off

    return (
        *(one for path, text in safety for one in switched_off.of_squawk(path, text)),
        *(one for path, text in style for one in switched_off.of_sqlfluff(path, text)),
    )


def _texts(settings: Settings, paths: Iterable[str]) -> list[tuple[str, str]]:
    there = [path for path in paths if (settings.root / path).is_file()]
    return [(path, files.read_text(settings.root, path).text) for path in there]
