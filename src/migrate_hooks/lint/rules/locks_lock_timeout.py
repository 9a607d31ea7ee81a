"""A lock_timeout that lets the whole application queue behind a migration."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Lock, Operation

LONGEST = 30_000  # milliseconds
_UNITS = {"": 1.0, "us": 0.001, "ms": 1.0, "s": 1e3, "min": 6e4, "h": 3.6e6, "d": 8.64e7}
_TIME = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d|)\s*")


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    waits = [
        one
        for one in subject.operations
        if one.lock >= Lock.SHARE and subject.on_existing(one) and one.statement.transactional
    ]
    for one in subject.operations if waits else ():
        for text in _timeouts(one):
            length = _milliseconds(text)
            if length is not None and not 0 < length <= LONGEST:
                yield Problem(
                    f"lock_timeout = {text} lets {waits[0].statement.verb} wait "
                    f"{'without end' if length == 0 else 'that long'} for its lock on "
                    f"{waits[0].spelled}, and whoever comes later, readers too, waits behind it.",
                    "Set lock_timeout to some seconds, or leave it to the runner, and run the "
                    "migration again when it gives up.",
                    one.line,
                    one.column,
                )


def _timeouts(one: Operation) -> Iterator[str]:
    """Yield what SET lock_timeout or set_config() sets it to, as the file writes it."""
    if one.kind == "VariableSetStmt" and one.node.name.lower() == "lock_timeout":
        yield from (_text(each) for each in one.node.args)
    elif one.kind == "SelectStmt":
        for call in objects.messages(one.node):
            if call.DESCRIPTOR.name == "FuncCall" and objects.name_path(call.funcname)[-1:] == [
                "set_config"
            ]:
                name, value, *_ = [*(_text(each) for each in call.args), "", ""]
                if name == "lock_timeout":
                    yield value


def _text(node: Any) -> str:
    kind, value = objects.unwrapped(node)
    if kind != "a_const":
        return ""
    form = value.WhichOneof("val")
    texts = {"sval": value.sval.sval, "fval": value.fval.fval, "ival": value.ival.ival}
    return str(texts.get(form, ""))


def _milliseconds(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    return float(found[1]) * _UNITS[found[2]] if found else None


_ALTER = "ALTER TABLE orders ADD COLUMN a int;\n"

RULE = Rule(
    name="locks/lock-timeout",
    severity=Severity.WARNING,
    summary="lock_timeout is switched off, or longer than 30 seconds, before a strong lock.",
    why=(
        "A statement that waits for ACCESS EXCLUSIVE already keeps out everybody who comes after "
        "it. One long report in front of it, and the application stands still until the timeout."
    ),
    instead="A few seconds, and another try later.",
    check=_check,
    bad=(
        Example("SET lock_timeout = 0;\n" + _ALTER),
        Example("SET LOCAL lock_timeout = '5min';\n" + _ALTER),
        Example("SET lock_timeout TO '0s';\n" + _ALTER),
        Example("SELECT set_config('lock_timeout', '1h', true);\n" + _ALTER),
    ),
    good=(
        Example("SET lock_timeout = '5s';\n" + _ALTER),
        Example("SET LOCAL lock_timeout = 30000;\n" + _ALTER),
        Example("SET lock_timeout TO DEFAULT;\n" + _ALTER),
        Example("SET lock_timeout = 0;\nCREATE TABLE orders (id bigint);\n"),
        Example(
            "-- migrate-hooks: no-transaction\n"
            "SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON orders (a);\n"
        ),
    ),
)
