"""`rule`: the page of a code, all codes, and an answer for a typing error."""

import json
from pathlib import Path

from tests.program import Program
from tests.repo import Repo


def test_the_page_of_a_rule_is_printed(cli: Program, tmp_path: Path) -> None:
    done = cli("rule", "sections/down-missing", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert "# sections/down-missing" in done.stdout
    assert "-- migrate-hooks: ignore sections/down-missing because REASON" in done.stdout


def test_all_rules_are_listed(cli: Program, tmp_path: Path) -> None:
    done = cli("rule", "--list", "--format", "json", cwd=tmp_path)
    (table,) = json.loads(done.stdout)["tables"]
    rows = {row[0]: row for row in table["rows"]}
    assert rows["structure/syntax"][1:4] == ["migrate-hooks", "critical", "on"]
    assert rows["squawk/ban-drop-table"][1:4] == ["squawk", "critical", "on"]


def test_a_typing_error_is_answered(cli: Program, tmp_path: Path) -> None:
    done = cli("rule", "structure/sintax", cwd=tmp_path)
    assert done.code == 2
    assert "Did you mean structure/syntax?" in done.stderr
    assert cli("rule", cwd=tmp_path).code == 2
    assert cli("rule", "structure/syntax", "--list", cwd=tmp_path).code == 2


def test_verbose_findings_name_their_page_and_waivers_their_reason(
    cli: Program, repo: Repo
) -> None:
    path = "migrations/20260102030405_drop.sql"
    waiver = "-- migrate-hooks: ignore sections/down-missing because it is a draft\n\n"
    repo.write(path, f"{waiver}-- UP Migration\nDROP TABLE t;\n")
    loud = cli("lint", path, "--no-style", "-v", cwd=repo.path).stdout
    quiet = cli("lint", path, "--no-style", cwd=repo.path).stdout
    assert "migrate-hooks rule data/drop-table" in loud
    assert "sections/down-missing is waived, because it is a draft" in loud
    assert "migrate-hooks rule" not in quiet
    assert "it is a draft" not in quiet
    assert "1 finding waived" in quiet
