"""The file that git runs: a few lines of POSIX sh that find Python and hand everything on.

`-P` keeps Python from importing what lies in the current folder, which is the repository's root: a
folder named `migrate_hooks` there is not this program.
"""

import shlex
from dataclasses import dataclass

from migrate_hooks.events.base import GitEvent

MARK = "# A shim of migrate-hooks for git's"

_TEMPLATE = """\
#!/bin/sh
{mark} {hook} hook. Do not edit it: `migrate-hooks install` writes it again.
python={python} package={package}
[ -x "$python" ] && [ -d "$package" ] && exec "$python" -P -m migrate_hooks {words}
command -v migrate-hooks >/dev/null && exec migrate-hooks {words}
echo "migrate-hooks: the {hook} hook found neither ${{python:-an interpreter}} with migrate-hooks\
 nor migrate-hooks on PATH, so no migration was checked." >&2
echo "{way_out}" >&2
exit {code}
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What runs a shim: a Python and the package's folder in it; "" where PATH decides."""

    python: str = ""
    package: str = ""

    @classmethod
    def at(cls, python: str, package: str) -> "Interpreter":
        """Return what runs from two paths of any system, spelled as git's sh reads them.

        On Windows that is `C:/…`: a backslash there is part of a word to some and lost to others.
        """
        return cls(_as_sh_reads(python), _as_sh_reads(package))


def write(event: GitEvent, interpreter: Interpreter) -> str:
    """Return the text of an event's shim."""
    repair = "    Install migrate-hooks and run: migrate-hooks install"
    once = f" (to do without it once: {event.command} --no-verify)" if event.blocks else ""
    return _TEMPLATE.format(
        mark=MARK,
        hook=event.name,
        python=_quoted(interpreter.python),
        package=_quoted(interpreter.package),
        words=f'hook --shim "$0" {event.name} "$@"',
        way_out=repair + once,
        code=int(event.blocks),
    )


def read(text: str) -> Interpreter | None:
    """Return what a shim runs, or None when `text` is no shim of ours."""
    lines = text.splitlines()
    if not is_shim(text) or len(lines) < 3:
        return None
    try:
        words = dict(word.partition("=")[::2] for word in shlex.split(lines[2]))
    except ValueError:
        return Interpreter()
    return Interpreter(words.get("python", ""), words.get("package", ""))


def is_shim(text: str) -> bool:
    """Say whether `text` was written by `write`, by this version or another one."""
    return any(line.startswith(MARK) for line in text.splitlines()[1:2])


def _as_sh_reads(path: str) -> str:
    is_windows = path[1:3] in (":\\", ":/") or path.startswith("\\\\")
    return path.replace("\\", "/") if is_windows else path


def _quoted(path: str) -> str:
    """Quote for sh, always, so that every shim has the same shape."""
    return "'" + path.replace("'", "'\"'\"'") + "'"
