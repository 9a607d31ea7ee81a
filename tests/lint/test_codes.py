"""What the configuration says about codes: left out, switched on, weighed differently."""

from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.config.load import load
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint import codes
from migrate_hooks.lint.base import Example, Rule
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import LintSettings
from tests.lint.world import lint

DROP = "data/drop-table"
SQL = "-- Up\nDROP TABLE t;\n-- Down\n"


def found(**words: Any) -> dict[str, str]:
    findings = lint(SQL, lint=LintSettings(style=False, **words))
    return {one.code: str(one.severity) for one in findings}


def test_codes_and_rooms_are_left_out() -> None:
    assert found() == {"sections/down-empty": "critical", DROP: "critical"}
    assert found(exclude_rules=("sections/*",)) == {DROP: "critical"}
    assert found(exclude_rules=("squawk/*", "data/*", "sections/down-empty")) == {}


def test_the_last_weight_that_fits_counts() -> None:
    weights = ("data/*=info", f"{DROP}=warning", "sections/*=info")
    assert found(severity=weights) == {"sections/down-empty": "info", DROP: "warning"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"exclude_rules": ("data/drop-tabel",)}, f"Did you mean {DROP}?"),
        ({"exclude_rules": ("lock/*",)}, "lint.exclude_rules names lock/*"),
        ({"exclude_rules": ("sqlfluff/lt1",)}, "lint.exclude_rules names sqlfluff/lt1"),
        ({"severity": ("ban-drop-table=info",)}, "lint.severity names ban-drop-table, but no "),
        ({"enable_rules": ("squawk/require-table-schema",)}, "no rule of ours is called that."),
    ],
)
def test_a_code_that_no_finding_has_is_a_configuration_error(
    words: dict[str, tuple[str, ...]], complaint: str
) -> None:
    with pytest.raises(ConfigProblem) as caught:
        found(**words)
    assert complaint in caught.value.message


@pytest.mark.parametrize("code", codes.NEVER)
def test_what_no_waiver_may_silence_no_configuration_may(code: str) -> None:
    for words in ({"exclude_rules": (code,)}, {"severity": (f"{code}=warning",)}):
        with pytest.raises(ConfigProblem) as caught:
            found(**words)
        assert f"names {code}, but that cannot be silenced: " in caught.value.message
        assert code in caught.value.hint
    assert found(severity=(f"{code}=critical",)) == found()


def test_what_stays_stays_when_its_whole_room_is_left_out() -> None:
    rooms: list[dict[str, Any]] = [
        {"exclude_rules": ("structure/*",)},
        {"severity": ("structure/*=info",)},
    ]
    for words in rooms:
        (one,) = lint(
            "CREATE TABEL t ();\n", lint=LintSettings(style=False, down="optional", **words)
        )
        assert (one.code, one.severity) == ("structure/syntax", Severity.CRITICAL)


def test_an_opt_in_rule_is_judged_by_when_it_is_enabled() -> None:
    example = (Example(),)
    rule = Rule("x/y", Severity.INFO, "", "", "", lambda *_: (), example, example, opt_in=True)
    assert [codes.is_judged_by(rule, ones) for ones in ((), ("x/*",), ("x/y",), ("x/z",))] == [
        False,
        True,
        True,
        False,
    ]


def test_the_file_and_the_environment_say_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "migrate-hooks.toml"
    file.write_text(
        '[lint]\nenable_rules = ["schema/*"]\n[lint.severity]\n"order/out-of-order" = "warning"\n'
    )
    settings = load(tmp_path, None, {})
    assert settings.lint.enable_rules == ("schema/*",)
    assert settings.lint.severity == ("order/out-of-order=warning",)
    monkeypatch.setenv("MIGRATE_HOOKS_LINT_SEVERITY", "a/b=info, c/*=critical")
    assert load(tmp_path, None, {}).lint.severity == ("a/b=info", "c/*=critical")


@pytest.mark.parametrize("line", ['severity = "a/b"', "severity = 3", '[lint.severity]\n"a/b" = 1'])
def test_a_weight_that_is_none_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "migrate-hooks.toml").write_text(f"[lint]\n{line}\n")
    with pytest.raises(ConfigProblem, match='"critical", "warning" or "info"'):
        load(tmp_path, None, {})
