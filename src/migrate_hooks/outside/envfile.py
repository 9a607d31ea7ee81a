"""`.env` files through python-dotenv: explicit paths, no interpolation, os.environ untouched."""

from pathlib import Path

from migrate_hooks.errors import ConfigProblem


def read(path: Path) -> dict[str, str]:
    """Return the variables of one file, {} when it is not there; raises ConfigProblem."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigProblem(f"{path.name} is not UTF-8.", f"Save {path.name} as UTF-8.") from None
    except OSError as wrong:
        raise ConfigProblem(f"{path.name} cannot be read: {wrong.strerror}.") from None
    return {name: value for name, value in values.items() if value}
