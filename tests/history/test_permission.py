"""Guards over values: what passes, what is refused, and which word passes it."""

from dataclasses import replace
from typing import Any

import pytest

from migrate_hooks.history import identity, permission, plan
from migrate_hooks.history.branch_guard import Checkout
from migrate_hooks.history.permission import Case
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.books import Identity
from migrate_hooks.model.consent import GUARDS, HAZARDS, Consent
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.history import Applied, Plan
from migrate_hooks.model.settings import ApplySettings

STAGING = Environment("staging", "staging")
PRODUCTION = Environment("production", "main", protected=True, max_backup_age=1800)
TWICE = Consent(force=True, yes="production")
ON_IT = Checkout("staging", is_there=True, on_it=False)
ALLOWS = (*HAZARDS, *GUARDS)


def planned(up: str = "SELECT 1") -> Plan:
    file = LAYOUT.read("migrations/1_x.sql", f"-- UP Migration\n{up};\n")
    return plan.pending("staging", reconcile("staging", [file], []), ApplySettings())


def case(**words: Any) -> Case:
    known = {"environment": STAGING, "plan": planned(), "consent": Consent(), "command": "apply"}
    return Case(**{**known, **words})


def refused(one: Case) -> list[str]:
    found = permission.judge(one)
    return [each.code.removeprefix("guard/") for each in found if each.severity == "critical"]


def other(branch: str | None, **words: Any) -> Checkout:
    return Checkout(branch, **{"is_there": True, "on_it": False, **words})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"checkout": None}, []),
        ({"checkout": ON_IT}, []),
        ({"checkout": other("feature")}, ["branch"]),
        ({"checkout": other("feature"), "is_first": True}, []),
        ({"checkout": other("main"), "is_first": True, "owner": "production"}, ["branch"]),
        ({"checkout": other(None)}, ["branch"]),
        ({"checkout": other(None, on_it=True)}, []),
        ({"checkout": other(None), "is_first": True}, []),
        ({"checkout": other("feature", is_there=False)}, []),
        ({"checkout": other("x"), "environment": Environment("staging", "")}, []),
    ],
)
def test_the_branch_must_be_the_environments(words: dict[str, Any], expected: list[str]) -> None:
    assert refused(case(**words)) == expected
    assert refused(case(**words, consent=Consent(allow=frozenset({"branch"})))) == []


BEHIND = replace(ON_IT, lacking=("migrations/2_y.sql",))
UNPUSHED = replace(ON_IT, unpushed=("migrations/1_x.sql",))


@pytest.mark.parametrize(("is_first", "expected"), [(False, ["behind"]), (True, [])])
def test_the_branch_must_have_what_origin_has(is_first: bool, expected: list[str]) -> None:
    assert refused(case(checkout=BEHIND, is_first=is_first)) == expected
    allowed = Consent(allow=frozenset({"branch"}))
    assert refused(case(checkout=BEHIND, is_first=is_first, consent=allowed)) == []


def test_what_is_not_pushed_is_a_warning_and_where_protected_asked_for_by_name() -> None:
    (found,) = permission.judge(case(checkout=UNPUSHED))
    assert (found.code, found.severity) == ("guard/unpushed", Severity.WARNING)
    assert permission.judge(case(checkout=UNPUSHED, is_first=True)) == ()
    consent = replace(TWICE, backup=True)
    there = replace(UNPUSHED, branch="main")
    words = {"environment": PRODUCTION, "checkout": there}
    assert refused(case(**words, consent=consent)) == ["unpushed"]
    allowed = replace(consent, allow=frozenset({"unpushed"}))
    assert refused(case(**words, consent=allowed)) == []


def test_a_protected_environment_whose_branch_does_not_exist_is_refused() -> None:
    """Nothing could be checked, and it is not the developer's own."""
    checkout = other("master", is_there=False)
    words = {"environment": PRODUCTION, "consent": replace(TWICE, backup=True)}
    assert refused(case(**words, checkout=checkout)) == ["branch"]
    assert refused(case(**words, checkout=checkout, is_first=True)) == ["branch"]


@pytest.mark.parametrize(("is_first", "expected"), [(False, ["dirty"]), (True, [])])
def test_what_is_not_committed_runs_only_where_one_tries_things(
    is_first: bool, expected: list[str]
) -> None:
    dirty = replace(ON_IT, uncommitted=(("migrations/1_x.sql", "is not tracked by git"),))
    assert refused(case(checkout=dirty, is_first=is_first)) == expected
    allowed = Consent(allow=frozenset({"dirty"}))
    found = permission.judge(case(checkout=dirty, consent=allowed))
    assert [one.severity for one in found if one.code == "guard/dirty"] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("up", "name"),
    [
        ("DROP TABLE users", "drop-table"),
        ("ALTER TABLE users DROP COLUMN name", "drop-column"),
        ("DROP SCHEMA old CASCADE", "drop-schema"),
        ("TRUNCATE users", "truncate"),
        ("DELETE FROM users", "delete-all"),
        ("ALTER TABLE users ALTER COLUMN id TYPE bigint", "rewrite"),
        ("CREATE INDEX i ON users (name)", "blocking-index"),
        ("ALTER TABLE users RENAME TO people", "rename"),
    ],
)
def test_a_hazard_is_a_warning_and_where_protected_asked_for_by_name(up: str, name: str) -> None:
    assert name in HAZARDS
    (found,) = permission.judge(case(plan=planned(up)))
    assert (found.code, found.severity) == (f"guard/{name}", Severity.WARNING)
    consent = replace(TWICE, backup=True)
    words = {"environment": PRODUCTION, "plan": planned(up)}
    assert refused(case(**words, consent=consent)) == [name]
    others = frozenset(ALLOWS) - {name}
    assert refused(case(**words, consent=replace(consent, allow=others))) == [name]
    assert refused(case(**words, consent=replace(consent, allow=frozenset({name})))) == []


@pytest.mark.parametrize(
    "up",
    [
        "CREATE TABLE t (id int); DROP TABLE t",
        "CREATE TABLE t (id int); CREATE INDEX i ON t (id); ALTER TABLE t RENAME TO u",
        "DELETE FROM users WHERE id = 1",
        "CREATE INDEX CONCURRENTLY i ON users (name)",
        "ALTER TABLE users ADD COLUMN x int",
    ],
)
def test_what_harms_nobody_is_no_hazard(up: str) -> None:
    assert permission.judge(case(plan=planned(up))) == ()


@pytest.mark.parametrize(
    ("age", "consent", "expected"),
    [
        (None, TWICE, ["backup"]),
        (1801, TWICE, ["backup"]),
        (1800, TWICE, []),
        (None, replace(TWICE, backup=True), []),
        (99_999, replace(TWICE, allow=frozenset({"stale-backup"})), []),
    ],
)
def test_a_protected_environment_asks_for_a_young_backup(
    age: int | None, consent: Consent, expected: list[str]
) -> None:
    assert refused(case(environment=PRODUCTION, consent=consent, backup_age=age)) == expected


def test_an_environment_that_asks_for_no_backup_needs_none() -> None:
    assert refused(case(backup_age=None)) == []
    asks = replace(STAGING, max_backup_age=60)
    assert refused(case(environment=asks, backup_age=61)) == ["backup"]


def test_a_protected_environment_is_told_twice() -> None:
    assert refused(case(environment=PRODUCTION, consent=Consent(backup=True))) == ["protected"]
    assert "--yes=production" in permission.unconfirmed(case(environment=PRODUCTION)).hint


def test_a_late_file_is_allowed_by_name_and_not_by_force() -> None:
    files = [LAYOUT.read(f"m/{n}_x.sql", "-- UP Migration\nSELECT 1;\n") for n in (1, 2)]
    known = reconcile("staging", files, [Applied(files[1].version, "x")])
    late = plan.pending("staging", known, ApplySettings())
    assert refused(case(plan=late, consent=Consent(force=True))) == ["out-of-order"]
    allowed = Consent(allow=frozenset({"out-of-order"}))
    assert refused(case(plan=late, consent=allowed)) == []


def test_what_cannot_be_resumed_is_refused_with_the_grant() -> None:
    outside = planned("CREATE INDEX CONCURRENTLY i ON users (name)")
    found = permission.judge(case(plan=outside, can_keep_books=False))
    assert [one.code for one in found] == ["guard/bookkeeping"]
    assert "GRANT" in found[0].hint
    assert refused(case(can_keep_books=False)) == [], "what rolls back needs no marks"


HERE = Identity("71", "shop")


@pytest.mark.parametrize(
    ("recorded", "code", "name"),
    [
        (None, None, ""),
        (replace(HERE, environment="staging"), None, ""),
        (replace(HERE, environment="production"), "guard/identity", ""),
        (Identity("99", "shop", "staging"), "guard/copy", "copy"),
        (Identity("71", "other", "staging"), "guard/copy", "copy"),
        (Identity(None, "shop", "staging"), None, ""),
    ],
)
def test_a_database_is_the_one_that_was_recorded(
    recorded: Identity | None, code: str | None, name: str
) -> None:
    found = identity.clashes(STAGING, HERE, recorded)
    assert [(word, one.code) for word, one in found] == ([(name, code)] if code else [])
    assert identity.needs_record(HERE, recorded) is (recorded is None or code == "guard/copy")


def test_a_copy_of_a_protected_database_is_recorded_by_hand_only() -> None:
    recorded = Identity("99", "shop", "production")
    ((name, found),) = identity.clashes(PRODUCTION, HERE, recorded)
    assert name == ""
    assert "UPDATE migrate_hooks.identity SET system_identifier = '71'" in found.hint
