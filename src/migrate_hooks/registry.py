"""The one way a room finds its members: every file of a folder defines one value."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

T = TypeVar("T")


def member_names(package: str) -> tuple[str, ...]:
    """Return the sorted module names of `package` without importing them; `_x` is no member."""
    folder = import_module(package)
    return tuple(
        sorted(found.name for found in iter_modules(folder.__path__) if found.name[0] != "_")
    )


def collect(package: str, attribute: str, kind: type[T]) -> dict[str, T]:
    """Return {module name: its `attribute`} for every module of `package`.

    Raises TypeError, naming the file, when a module lacks the value or has one of another type.
    """
    return {name: load(package, name, attribute, kind) for name in member_names(package)}


def load(package: str, name: str, attribute: str, kind: type[T]) -> T:
    """Return one member's value without importing its siblings."""
    value = getattr(import_module(f"{package}.{name}"), attribute, None)
    if not isinstance(value, kind):
        raise TypeError(f"{package}.{name} must define {attribute}: {kind.__name__}")
    return value
