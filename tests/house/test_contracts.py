"""The layers hold, and each contract that says so is able to notice when they do not."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "migrate_hooks"
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
}

# An import that breaks the house: contract -> (file that gets it, the import).
OFFENCES = {
    "layers": ("render/base.py", "import migrate_hooks.actions"),
    "doors": ("history/__init__.py", "import psycopg"),
    "click": ("render/base.py", "import click"),
    "members": ("render/formats/human.py", "import migrate_hooks.render.formats.json"),
    "top": ("errors.py", "import migrate_hooks.cli.options"),
}


def check(folder: Path, *words: str) -> str:
    """Run the contracts of `folder`'s pyproject.toml over the package beside it."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache", "--no-logo", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        PACKAGE, tmp_path / "migrate_hooks", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path


def test_every_contract_is_kept() -> None:
    said = check(ROOT)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said, said


def test_every_contract_has_an_offence_here() -> None:
    assert OFFENCES.keys() == CONTRACTS.keys()


@pytest.mark.parametrize("contract", OFFENCES)
def test_a_contract_can_fail(copy: Path, contract: str) -> None:
    file, offence = OFFENCES[contract]
    target = copy / "migrate_hooks" / file
    target.write_text(f"{target.read_text()}\n{offence}\n")
    said = check(copy, "--contract", contract)
    assert f"{CONTRACTS[contract]['name']} BROKEN" in said, said


def test_a_new_room_must_be_given_a_layer(copy: Path) -> None:
    (copy / "migrate_hooks" / "attic").mkdir()
    (copy / "migrate_hooks" / "attic" / "__init__.py").touch()
    said = check(copy, "--contract", "layers")
    assert "migrate_hooks.attic" in said, said


@pytest.mark.parametrize(
    ("contract", "exempt"), [("doors", "outside"), ("click", "cli"), ("top", "cli")]
)
def test_no_room_is_forgotten_in_a_list(contract: str, exempt: str) -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    files = {path.stem for path in PACKAGE.glob("[!_]*.py")}
    listed = {name.rpartition(".")[2] for name in CONTRACTS[contract]["source_modules"]}
    assert listed == (rooms | files) - {exempt}
