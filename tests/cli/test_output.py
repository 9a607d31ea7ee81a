"""--output: the report in files, in several formats at once, whole or not at all."""

import json
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.program import Program
from tests.repo import Repo

PATH = "migrations/20260102030405_drop.sql"


@pytest.fixture
def dropping(repo: Repo) -> Repo:
    repo.write(PATH, "-- UP Migration\nDROP TABLE t;\n-- DOWN: irreversible because of a test\n")
    return repo


def test_several_files_stand_beside_what_is_printed(cli: Program, dropping: Repo) -> None:
    wishes = ("--output", "sarif=lint.sarif", "--output=junit=lint.xml", "--output", "json=l.json")
    done = cli("lint", PATH, "--no-style", *wishes, cwd=dropping.path)
    assert done.code == 1
    assert "data/drop-table" in done.stdout
    sarif = json.loads((dropping.path / "lint.sarif").read_text())
    (result,) = sarif["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "data/drop-table"
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (PATH, 2)
    root = ElementTree.fromstring((dropping.path / "lint.xml").read_text())  # noqa: S314 - ours
    assert len(root.findall(".//failure")) == 1
    report = json.loads((dropping.path / "l.json").read_text())
    assert [one["code"] for one in report["findings"]] == ["data/drop-table"]
    assert {one.name for one in dropping.path.iterdir()} >= {"lint.sarif", "lint.xml", "l.json"}
    assert not list(dropping.path.glob(".*lint*"))


def test_a_format_for_a_service_can_be_printed(cli: Program, dropping: Repo) -> None:
    done = cli("lint", PATH, "--no-style", "--format", "github", cwd=dropping.path)
    assert done.stdout.startswith(f"::error file={PATH},line=2,col=1,title=data/drop-table::")


def test_a_file_counts_from_directory_and_replaces_the_old_one(
    cli: Program, dropping: Repo
) -> None:
    old = dropping.path / "out.json"
    old.write_text("old")
    words = ("--output", "json=out.json", "-C", dropping.path)
    assert cli("config", "show", *words).code == 0
    assert json.loads(old.read_text())["action"] == "config show"


def test_a_failure_is_a_report_in_the_file_too(cli: Program, tmp_path: Path) -> None:
    done = cli("rule", "no/such", "--output", "json=out.json", cwd=tmp_path)
    assert done.code == 2
    assert json.loads((tmp_path / "out.json").read_text())["exit_code"] == 2


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (
            "sarif",
            "'sarif' is not FORMAT=FILE with one of github, gitlab, human, json, junit, markdown,",
        ),
        ("yaml=a", "'yaml=a' is not FORMAT=FILE"),
        ("json=", "'json=' is not FORMAT=FILE"),
        ("json=nowhere/a.json", "the folder of 'nowhere/a.json' does not exist."),
        ("json=.", "'.' is a folder."),
    ],
)
def test_a_wrong_wish_stops_before_anything_is_done(
    cli: Program, tmp_path: Path, wish: str, complaint: str
) -> None:
    code, out, err = cli("config", "show", "--output", wish, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert complaint in " ".join(err.split())


def test_a_device_is_written_into_and_stays_one(cli: Program, tmp_path: Path) -> None:
    fifo = tmp_path / "null"
    fifo.symlink_to("/dev/null")
    assert cli("config", "show", "--output", "json=null", cwd=tmp_path).code == 0
    assert stat.S_ISCHR(fifo.stat().st_mode)
    full = cli("config", "show", "--output", "json=/dev/full", cwd=tmp_path)
    assert full.code == 1
    assert "/dev/full could not be written: No space left on device." in full.stderr


def test_a_program_that_mistypes_gets_a_report_in_its_format(cli: Program, tmp_path: Path) -> None:
    done = cli("lint", "--no-such", "--format", "sarif", cwd=tmp_path)
    assert done.code == 2
    (run,) = json.loads(done.stdout)["runs"]
    assert run["invocations"][0]["exitCode"] == 2
