"""What a project says of its drift: meant differences, and how much others weigh."""

from datetime import UTC, datetime

import pytest

from migrate_hooks.actions import ignoring
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import Change, Difference
from migrate_hooks.model.settings import DriftSettings, Ignore
from migrate_hooks.outside import clock


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "utc_now", lambda: datetime(2026, 3, 1, tzinfo=UTC))


def difference(kind: str, *identity: str, severity: Severity = Severity.WARNING) -> Difference:
    return Difference(
        Change.UNEXPECTED, kind, identity, (), severity, source="dev", target="staging"
    )


NOTE = difference("column", "public", "orders", "note")
LOGS = difference("index", "public", "logs", "logs_at")


def judged(*differences: Difference, **settings: tuple[object, ...]) -> ignoring.Judged:
    return ignoring.judge(DriftSettings(**settings), differences)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        (Ignore("why", object="public.orders.note"), [LOGS]),
        (Ignore("why", kind="index"), [NOTE]),
        (Ignore("why", object="public.*"), []),
        (Ignore("why", kind="index", object="public.orders.*"), [NOTE, LOGS]),
        (Ignore("why", object="public.orders.note", environment="staging"), [LOGS]),
        (Ignore("why", object="public.orders.note", environment="production"), [NOTE, LOGS]),
        (Ignore("why", object="public.orders.note", until="2026-03-01"), [LOGS]),
        (Ignore("why", object="public.orders.note", until="2026-02-28"), [NOTE, LOGS]),
    ],
)
def test_what_an_ignore_takes_out(ignore: Ignore, left: list[Difference]) -> None:
    assert set(judged(NOTE, LOGS, ignore=(ignore,)).differences) == set(left)


@pytest.mark.parametrize(
    ("ignore", "words"),
    [
        (Ignore("moved soon", object="public.orders.note"), "1 ignored, public.orders.note: moved"),
        (Ignore("why", object="public.gone"), "fits nothing here; remove it"),
        (Ignore("why", object="x", until="2026-02-28"), "ended on 2026-02-28 and counts no more"),
    ],
)
def test_every_ignore_is_accounted_for(ignore: Ignore, words: str) -> None:
    (said,) = judged(NOTE, ignore=(ignore,)).notes
    assert words in said


def test_an_ignore_of_another_environment_is_not_called_useless() -> None:
    ignore = Ignore("why", object="public.gone", environment="production")
    assert judged(NOTE, ignore=(ignore,)).notes == ()


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        (("column=info",), Severity.INFO),
        (("column public.orders.*=critical",), Severity.CRITICAL),
        (("* public.*=info",), Severity.INFO),
        (("*=critical", "column=info"), Severity.INFO),
        (("index=critical",), Severity.WARNING),
        (("column app.*=critical",), Severity.WARNING),
    ],
)
def test_the_last_rule_that_fits_weighs(rules: tuple[str, ...], severity: Severity) -> None:
    (found,) = judged(NOTE, severity=rules).differences
    assert found.severity is severity


def test_the_worst_comes_first_after_weighing() -> None:
    found = judged(NOTE, LOGS, severity=("index=critical",)).differences
    assert [one.kind for one in found] == ["index", "column"]
