"""The files of --output: the same report once more, each in a format of its own."""

import os
from pathlib import Path

from migrate_hooks.cli.asked import Asked
from migrate_hooks.errors import CannotWrite
from migrate_hooks.model.report import Report
from migrate_hooks.outside.files import write_atomically
from migrate_hooks.registry import load
from migrate_hooks.render.base import Format, Style


def write(report: Report, asked: Asked) -> None:
    """Write every file; raises CannotWrite for the first that cannot be."""
    style = Style(verbose=asked.verbose)
    for name, file in asked.output:
        form = load("migrate_hooks.render.formats", name, "FORMAT", Format)
        text = form.render(report, style).encode("utf-8", "backslashreplace").decode()
        _replace(Path(os.path.realpath(file)), text)


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all; a pipe or a device is written into, never replaced."""
    if file.is_file() or not file.exists():
        write_atomically(file, text)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as wrong:
        raise CannotWrite(
            f"{file} could not be written: {wrong.strerror}.", "Name another file in --output."
        ) from wrong
