"""The migrations that tell what a table is like which a judged one changes."""

from collections.abc import Iterable, Mapping

from migrate_hooks.actions.texts import Reader
from migrate_hooks.outside.files import FileText


def read(
    reader: Reader, paths: Iterable[str], judged: Mapping[str, FileText]
) -> dict[str, FileText]:
    """Return {path: text} of those of `paths` that define a table whose past decides a finding.

    Nothing is read where no judged file asks for the past.
    """
    from migrate_hooks.lint import mentions

    names = mentions.asked(one.text for one in judged.values())
    found = reader(path for path in paths if path not in judged) if names else {}
    return {path: one for path, one in found.items() if mentions.defines(one.text, names)}
