"""`.env` files through python-dotenv: explicit paths, no interpolation, os.environ untouched."""

from io import StringIO
from pathlib import Path
from shlex import quote

from migrate_hooks.errors import ConfigProblem


def read(path: Path) -> dict[str, str]:
    """Return the variables of one file, {} when it is not there.

    A line that cannot be read is left out, as other tools do; raises ConfigProblem for one that
    holds a connection string, and for a file that cannot be read.
    """
    if not path.is_file():
        return {}
    from dotenv.parser import parse_stream

    values = {}
    for line in parse_stream(StringIO(_text(path))):
        if line.error and "postgres" in line.original.string.lower():
            raise ConfigProblem(
                f"{path.name} has a connection string in line {line.original.line} that cannot be "
                "read (a quote that is never closed?).",
                "Write NAME='postgresql://…' in one line, quoted on both sides.",
            )
        if line.key:
            values[line.key] = line.value
    return {name: value for name, value in values.items() if value}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigProblem(f"{path.name} is not UTF-8.", f"Save {path.name} as UTF-8.") from None
    except OSError as wrong:
        raise ConfigProblem(
            f"{path.name} cannot be read: {wrong.strerror}.",
            f"Check its permissions: ls -l {quote(str(path))}",
        ) from None
