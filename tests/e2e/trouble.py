"""How trouble must look from outside: the right code, clear words, valid JSON, no traceback."""

import json
import os
import re
import stat
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.program import Finished, Program
from tests.repo import Repo

_SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report-v1.schema.json").read_text())
_VALIDATOR = jsonschema.Draft202012Validator(_SCHEMA)

UP = "-- UP Migration\nCREATE TABLE public.orders (id bigint PRIMARY KEY);\n"
GOOD = f"{UP}\n-- DOWN Migration (rollback)\nDROP TABLE public.orders;\n"
FIRST = "migrations/20250101000000_create_orders.sql"
ZEROS = "0" * 40
NO_STYLE = "[lint]\nstyle = false\n"
NOBODY_LISTENS = "postgresql://somebody@127.0.0.1:1/gone"

# What a terminal would obey: control characters but for line feed and tab, and marks that reorder.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

# Takes from root what a user does not have: the right to pass by the permissions of files.
_AS_A_USER = """
import ctypes, os, sys
if os.geteuid() == 0:
    for override in (0, 1, 2):  # CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        assert ctypes.CDLL(None).prctl(24, override, 0, 0, 0) == 0  # PR_CAPBSET_DROP
os.execv(sys.argv[1], sys.argv[1:])
"""
# No file may grow beyond so many bytes: what a full disk looks like to a writer.
_ON_A_FULL_DISK = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])
"""


def as_a_user(folder: Path) -> Program:
    """Return the program as somebody runs it who may not read or write everything."""
    program = Program(folder)
    program.start = (sys.executable, "-c", _AS_A_USER, *Program.start)
    return program


def on_a_full_disk(folder: Path, room: int) -> Program:
    """Return the program where no file can grow beyond `room` bytes."""
    program = Program(folder)
    program.start = (sys.executable, "-c", _ON_A_FULL_DISK, str(room), *Program.start)
    return program


needs_rights = pytest.mark.skipif(
    os.geteuid() == 0 and sys.platform != "linux",
    reason="root may read and write everything, and only Linux lets it not",
)


def prepare(repo: Repo, url: str = NOBODY_LISTENS) -> Program:
    """Give a repository a good migration and environments whose databases are at `url`."""
    repo.write("migrate-hooks.toml", NO_STYLE)
    for name in ("dev", "staging", "production"):
        repo.write(f".env.{name}", f"DATABASE_URL={url}\n").chmod(0o600)
    repo.write(".gitignore", ".env.*\n")
    repo.write(FIRST, GOOD)
    return Program(repo.path)


def push_line(repo: Repo, branch: str = "dev", before: str = ZEROS) -> str:
    """Return what git tells the hook when HEAD is pushed to a branch."""
    return f"HEAD {repo.git('rev-parse', 'HEAD')} refs/heads/{branch} {before}\n"


def no_bug(done: Finished) -> Finished:
    """Assert that a run ended in words and not in a traceback."""
    printed = done.stdout + done.stderr
    assert "Traceback" not in printed, printed
    assert "this is a bug" not in printed, printed
    return done


def assert_harmless(done: Finished) -> Finished:
    """Assert that what a run printed cannot reach through to a terminal."""
    no_bug(done)
    assert OBEYED.findall(done.stdout + done.stderr) == []
    return done


def report(done: Finished) -> dict[str, Any]:
    """Return a run's JSON report, which must be valid and agree with the exit code."""
    no_bug(done)
    found: dict[str, Any] = json.loads(done.stdout)
    _VALIDATOR.validate(found)
    assert found["exit_code"] == done.code, done
    return found


def words(found: dict[str, Any]) -> str:
    """Return everything that a report says to people."""
    told = [
        text for one in found["findings"] for text in (one["code"], one["message"], one["hint"])
    ]
    return "\n".join([*told, *found["notes"]])


def ask(program: Program, line: str, code: int, *says: str, **how: Any) -> dict[str, Any]:
    """Run the words of `line`; assert its code, what it says, and that what stops it has a hint.

    Returns the report.
    """
    first, *rest = line.split()
    # What stands behind a hook's name belongs to git.
    split = [first, "--format=json", *rest] if first == "hook" else [first, *rest, "--format=json"]
    done = program(*split, **how)
    found = report(done)
    assert done.code == code, done
    told = words(found)
    assert [part for part in says if part not in told] == [], told
    stopping = [one for one in found["findings"] if one["severity"] == "critical"]
    assert [one for one in stopping if not one["hint"]] == [], "a hint is missing"
    return found


def contents(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return every file below `folder` with its mode, but for what git keeps for itself."""
    found: dict[str, tuple[int, bytes | str]] = {}
    for place in sorted(folder.rglob("*")):
        name = place.relative_to(folder).as_posix()
        if name.startswith(".git/") and not name.startswith((".git/hooks", ".git/refs")):
            continue
        mode = place.lstat().st_mode
        if stat.S_ISLNK(mode):
            found[name] = mode, str(place.readlink())
        elif stat.S_ISREG(mode):
            found[name] = mode, place.read_bytes()
        else:
            found[name] = mode, ""
    return found
