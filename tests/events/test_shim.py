"""The files that git runs: their shape, what they start, and what they say when they cannot."""

import os
import subprocess
from pathlib import Path

import pytest

from migrate_hooks.events import base, shim
from migrate_hooks.events.base import GitEvent
from migrate_hooks.events.shim import Interpreter

ROOT = Path(__file__).parents[2]
EVENTS = {event.name: event for event in base.every()}

# Says how it was started; the name of its folder is as bad as a folder's name can be.
FAKE = '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done\n/bin/cat\nexit 7\n'


def started(folder: Path, event: GitEvent, interpreter: Interpreter, path: str) -> tuple[int, str]:
    """Run a shim with nothing but PATH; return its exit code and everything it printed."""
    file = folder / event.name
    file.write_text(shim.write(event, interpreter))
    done = subprocess.run(
        ["/bin/sh", "-e", file, "-x", "two words"],
        env={"PATH": path},
        input="from git\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr or not done.stdout
    return done.returncode, (done.stdout + done.stderr).replace(str(file), "FILE")


def fake(file: Path) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(FAKE)
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("name", EVENTS)
def test_the_interpreter_is_started_whatever_its_name(name: str, tmp_path: Path) -> None:
    python = fake(tmp_path / 'it\'s a "$HOME" `x` \\ folder' / "python 3")
    interpreter = Interpreter(str(python), str(python.parent))
    code, said = started(tmp_path, EVENTS[name], interpreter, path="")
    words = f"<-P><-m><migrate_hooks><hook><--shim><FILE><{name}><-x><two words>"
    assert (code, said) == (7, words + "from git\n")


@pytest.mark.parametrize("lost", ["python", "package"])
def test_path_is_the_fallback(lost: str, tmp_path: Path) -> None:
    program = fake(tmp_path / "bin" / "migrate-hooks")
    there = {"python": str(fake(tmp_path / "bin" / "python")), "package": str(tmp_path)}
    interpreter = Interpreter(**{**there, lost: str(tmp_path / "gone")})
    path = f"{program.parent}{os.pathsep}{os.defpath}"
    code, said = started(tmp_path, EVENTS["pre-push"], interpreter, path)
    assert (code, said) == (7, "<hook><--shim><FILE><pre-push><-x><two words>from git\n")


@pytest.mark.parametrize("name", EVENTS)
def test_without_either_it_says_how_to_mend_it(name: str, tmp_path: Path) -> None:
    event = EVENTS[name]
    code, said = started(tmp_path, event, Interpreter("/gone/python", "/gone"), path="/nowhere")
    assert code == (1 if event.blocks else 0)
    assert f"the {name} hook found neither /gone/python with migrate-hooks" in said
    assert "migrate-hooks install" in said
    assert (f"{event.command} --no-verify" in said) == event.blocks


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize(
    "interpreter", [Interpreter(), Interpreter("/a b/it's", "C:\\lib"), Interpreter("=", "x=y")]
)
def test_a_shim_can_be_read_back(name: str, interpreter: Interpreter) -> None:
    assert shim.read(shim.write(EVENTS[name], interpreter)) == interpreter


@pytest.mark.parametrize("text", ["", "#!/bin/sh\n", "#!/bin/sh\necho '# A shim of migrate-hooks'"])
def test_other_hooks_are_not_ours(text: str) -> None:
    assert shim.read(text) is None


@pytest.mark.parametrize("rest", ["", "python='", "python"])
def test_a_damaged_shim_is_still_ours(rest: str) -> None:
    text = f"#!/bin/sh\n{shim.MARK} pre-push hook.\n{rest}\n"
    assert shim.is_shim(text)
    assert shim.read(text) == Interpreter()


def test_all_shims_have_one_shape() -> None:
    blocking = [event for event in EVENTS.values() if event.blocks]
    shapes = {
        shim.write(event, Interpreter()).replace(event.name, "X").replace(event.command, "Y")
        for event in blocking
    }
    assert len(blocking) > 1
    assert len(shapes) == 1


@pytest.mark.parametrize("name", EVENTS)
def test_the_checked_in_shim_can_be_run(name: str) -> None:
    # That its text is fresh is proved with the other generated pages.
    assert os.access(ROOT / "githooks" / name, os.X_OK)


def test_nothing_else_lies_among_the_shims() -> None:
    assert {path.name for path in (ROOT / "githooks").iterdir()} == set(EVENTS)


@pytest.mark.parametrize(
    ("python", "package", "expected"),
    [
        ("/usr/bin/python3", "/lib/it\\s", Interpreter("/usr/bin/python3", "/lib/it\\s")),
        (
            "C:\\Users\\Jo Doe\\.venv\\Scripts\\python.exe",
            "C:\\lib\\migrate_hooks",
            Interpreter("C:/Users/Jo Doe/.venv/Scripts/python.exe", "C:/lib/migrate_hooks"),
        ),
        (
            "D:/py/python.exe",
            "\\\\server\\share\\x",
            Interpreter("D:/py/python.exe", "//server/share/x"),
        ),
    ],
)
def test_paths_of_windows_are_spelled_as_gits_sh_reads_them(
    python: str, package: str, expected: Interpreter
) -> None:
    made = Interpreter.at(python, package)
    assert made == expected
    text = shim.write(EVENTS["pre-push"], made)
    assert shim.read(text) == expected
    assert "\r" not in text
