"""The log of a run: who may read it, what it never holds, how many are kept."""

import json
import os
import stat
from pathlib import Path

import pytest

from migrate_hooks.outside import run_log


def test_a_log_is_json_lines_for_its_user_alone() -> None:
    log = run_log.begin("one", lambda text: text.replace("s3cret", "***"))
    log.write("failed", message="password 's3cret' \\ refused", attempt=2, none=None)
    log.close()
    assert log.path is not None
    (line,) = log.path.read_text().splitlines()
    entry = json.loads(line)
    assert entry["event"] == "failed"
    assert entry["message"] == "password '***' \\ refused"
    assert (entry["attempt"], entry["none"]) == (2, None)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700
    assert str(log.path).startswith(os.environ["XDG_STATE_HOME"])


def test_only_so_many_logs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_log, "KEPT", 3)
    for number in range(5):
        run_log.begin(f"run-{number}", str).close()
    assert sorted(path.stem for path in run_log.folder().iterdir()) == ["run-2", "run-3", "run-4"]


def test_a_run_without_a_place_for_its_log_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    log = run_log.begin("one", str)
    log.write("anything")
    log.close()
    assert log.path is None
