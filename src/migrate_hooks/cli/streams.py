"""Standard streams that somebody closed, filled or left: none of them decides what is done."""

import os
import sys


def open_missing() -> None:
    """Give a closed stream the null device, so that no file or socket of ours takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            device = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(device, mode, encoding="utf-8"))


def forget_unwritten() -> None:
    """Keep Python from complaining, while it shuts down, about what nobody could take."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
