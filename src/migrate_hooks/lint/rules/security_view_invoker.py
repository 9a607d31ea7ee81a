"""A view that looks through row level security."""

from collections.abc import Iterable
from typing import Any

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects

_ON = frozenset({"", "on", "true", "1", "yes"})
_SINCE = 15  # the first server that knows security_invoker


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    if not context.supabase or (context.server_version or _SINCE) < _SINCE:
        return
    later = {one.key for one in subject.operations if one.kind == "ALTER OTHER" and _altered(one)}
    for one in subject.operations:
        if one.kind != "CREATE VIEW" or one.node.view.relpersistence == "t":
            continue
        if _says(one.node.options) or one.key in later or one.key[0] not in context.exposed:
            continue
        if any(kind == "table" for kind, _, _ in objects.mentioned(one.node.query)):
            yield Problem(
                f"The view {one.spelled} reads its tables with its owner's rights: row level "
                "security of those tables does not apply to whoever asks the API for it.",
                f"Create it WITH (security_invoker = true), or move {one.spelled} to a schema that "
                "the API does not serve.",
                one.line,
                one.column,
            )


def _altered(one: Any) -> bool:
    commands = (objects.unwrapped(each)[1] for each in one.node.cmds)
    return any(_says(getattr(each, "def").list.items) for each in commands)


def _says(options: Any) -> bool:
    found = (objects.unwrapped(one)[1] for one in options)
    return any(
        one.defname == "security_invoker" and _value(one) in _ON
        for one in found
        if one.DESCRIPTOR.name == "DefElem"
    )


def _value(option: Any) -> str:
    if option.HasField("arg") and option.arg.WhichOneof("node") == "integer":
        return str(option.arg.integer.ival)
    return "".join(objects.name_path(option.arg)).lower()


RULE = Rule(
    name="security/view-invoker",
    severity=Severity.CRITICAL,
    summary="A view in a schema that Supabase's API serves runs with its owner's rights.",
    why=(
        "A view is a way around row level security unless it says security_invoker. CREATE OR "
        "REPLACE VIEW without the option takes it away again."
    ),
    instead="Write CREATE VIEW ... WITH (security_invoker = true).",
    check=_check,
    bad=(
        Example("CREATE VIEW totals AS SELECT id FROM orders;\n", layout="supabase"),
        Example(
            "CREATE OR REPLACE VIEW totals WITH (security_invoker = off) AS\n"
            "SELECT id FROM orders;\n",
            layout="supabase",
        ),
    ),
    good=(
        Example("CREATE VIEW one AS SELECT 1 AS a;\n", layout="supabase"),
        Example("CREATE VIEW totals AS SELECT id FROM orders;\n", layout="sections"),
        Example(
            "CREATE VIEW totals WITH (security_invoker) AS SELECT id FROM orders;\n",
            layout="supabase",
        ),
        Example(
            "CREATE VIEW totals WITH (security_invoker = 1) AS SELECT id FROM orders;\n",
            layout="supabase",
        ),
        Example(
            "CREATE VIEW totals AS SELECT id FROM orders;\n"
            "ALTER VIEW totals SET (security_invoker = true);\n",
            layout="supabase",
        ),
        Example("CREATE VIEW internal.totals AS SELECT id FROM orders;\n", layout="supabase"),
    ),
)
