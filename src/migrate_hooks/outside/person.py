"""Who runs this program, for the books."""

import getpass
import os
import platform


def here() -> str:
    """Return user and machine, such as jo@laptop; a container's user may be a number alone."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{platform.node()}"
