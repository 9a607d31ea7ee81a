"""Extensions in name only, as files that PostgreSQL 18 installs like any other's."""

import re
from hashlib import sha256
from pathlib import Path

VERSION = "stand-in"
"""The version that an extension has where it is not the real one."""

_SOURCES = Path(__file__).parent / "standins"
_CONTROL = """\
comment = 'names and types only, for scratch databases'
default_version = '{version}'
superuser = false
trusted = true
{place}
"""
_OWN_SCHEMA = re.compile(r"-- schema: (\w+)\n")
"""The first line of one that is always installed in the same schema, which is made with it."""


def digest() -> str:
    """Return a hash of all that they are."""
    texts = (one.read_bytes() for one in sorted(_SOURCES.glob("*.sql")))
    return sha256(b"\0".join(texts)).hexdigest()


def names() -> frozenset[str]:
    """Return the names of all that there are."""
    return frozenset(one.stem for one in _SOURCES.glob("*.sql"))


def write(folder: Path) -> None:
    """Write them below `folder`, for `extension_control_path`, readable by any server."""
    place = folder / "extension"
    place.mkdir(parents=True, exist_ok=True)
    for source in _SOURCES.glob("*.sql"):
        _write(place, source)
    for path in (folder, place, *place.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _write(place: Path, source: Path) -> None:
    text = source.read_text("utf-8")
    script = place / f"{source.stem}--{VERSION}.sql"
    if not script.exists() or script.read_text("utf-8") != text:
        script.write_text(text, "utf-8")
    own = _OWN_SCHEMA.match(text)
    where = f"schema = '{own[1]}'" if own else "relocatable = true"
    control = _CONTROL.format(version=VERSION, place=where)
    (place / f"{source.stem}.control").write_text(control, "utf-8")
