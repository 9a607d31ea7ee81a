"""Every key of the configuration, once: its form, its default and what it means.

Reading, checking, `config show` and the reference in the docs all come from this table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from migrate_hooks.config import forms
from migrate_hooks.errors import ConfigProblem


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `read` turns what was written into a value (in `unit`) or raises ValueError."""

    name: str
    read: Callable[[object], object]
    form: str
    default: object
    meaning: str
    unit: str = ""


KEYS: tuple[Key, ...] = (
    Key(
        "migrations",
        forms.text,
        "folder",
        None,
        "Folder of the migration files. Found when not set.",
    ),
    Key(
        "layout",
        forms.text,
        "name",
        None,
        "How files are read: sections, supabase or prisma. Found by itself.",
    ),
    Key(
        "ledger",
        forms.text,
        "name",
        None,
        "Table that says what is applied: supabase, prisma or own. The layout's when not set.",
    ),
    Key("templates", forms.text, "folder", None, "Your own templates for `new`; they win."),
    Key(
        "exposed_schemas",
        forms.texts,
        "list",
        ("public",),
        "Schemas an API shows; drift there weighs more.",
    ),
    Key(
        "server_version", forms.major, "major", None, "PostgreSQL major version that lint assumes."
    ),
    Key(
        "lint.down",
        forms.choice("auto", "required", "optional"),
        "auto, required, optional",
        "auto",
        "Whether a missing DOWN blocks; auto asks the layout.",
    ),
    Key("lint.style", forms.flag, "true, false", True, "Whether the style is judged."),
    Key(
        "lint.style_engine",
        forms.choice("sqlfluff", "sqruff"),
        "sqlfluff, sqruff",
        "sqlfluff",
        "Who judges the style: sqruff is quicker and comes apart.",
    ),
    Key("lint.safety", forms.flag, "true, false", True, "Whether squawk judges the safety."),
    Key("lint.exclude_rules", forms.texts, "list", (), "Codes of findings that are not reported."),
    Key(
        "lint.enable_rules",
        forms.texts,
        "list",
        (),
        'Opt-in rules to judge by, such as "schema/*".',
    ),
    Key(
        "lint.severity",
        forms.severities,
        "table",
        (),
        'How much a code weighs: "order/out-of-order" = "warning".',
    ),
    Key(
        "lint.baseline",
        forms.text,
        "file",
        None,
        "Findings that are not shown, as `lint --baseline write` wrote them.",
    ),
    Key(
        "lint.other_branches",
        forms.flag,
        "true, false",
        True,
        "Whether migrations of other branches that touch the same objects are mentioned.",
    ),
    Key(
        "apply.lock_timeout",
        forms.timeout,
        "duration",
        5_000,
        "How long a statement may wait for a lock.",
        unit="ms",
    ),
    Key(
        "apply.statement_timeout",
        forms.timeout,
        "duration",
        0,
        "How long a statement may run; 0 is no limit.",
        unit="ms",
    ),
    Key(
        "apply.idle_in_transaction_session_timeout",
        forms.timeout,
        "duration",
        60_000,
        "When the server ends a migration whose client fell silent.",
        unit="ms",
    ),
    Key(
        "apply.lock_wait",
        forms.seconds,
        "duration",
        30,
        "How long `apply` waits for another `apply`.",
        unit="s",
    ),
    Key(
        "apply.lock_retries",
        forms.count,
        "number",
        3,
        "How often a migration that ran into lock_timeout is tried again.",
    ),
    Key(
        "scratch.prelude",
        forms.texts,
        "list",
        (),
        'Files of SQL to run before the first migration is replayed; "supabase" is built in, '
        '"none" is none. Found by itself.',
    ),
    Key(
        "scratch.url_env",
        forms.variables,
        "names",
        (),
        "Variables that may hold the DSN of a server to replay on; only names. The embedded one "
        "when not set.",
    ),
    Key(
        "drift.ignore",
        forms.ignores,
        "tables",
        (),
        "Differences that are meant, each with a reason: see docs/DRIFT.md.",
    ),
    Key(
        "drift.severity",
        forms.severities,
        "table",
        (),
        'How much a difference weighs: "index public.logs*" = "info".',
    ),
    Key(
        "push.budget",
        forms.patience,
        "duration",
        8_000,
        "How long a push may be looked at; what takes longer is not checked.",
        unit="ms",
    ),
    Key(
        "push.promotion",
        forms.choice("block", "warn", "off"),
        "block, warn, off",
        "block",
        "What a push does whose migrations the environment before does not have yet.",
    ),
    Key(
        "push.remotes",
        forms.texts,
        "list",
        (),
        "Remotes whose branches are environments; every remote when not set.",
    ),
)

ENVIRONMENT_KEYS: tuple[Key, ...] = (
    Key("branch", forms.maybe_empty, "branch", None, 'Branch that deploys here; "" for none.'),
    Key("url_env", forms.variables, "names", (), "Variables that may hold the DSN; only names."),
    Key(
        "url", forms.choice("embedded"), '"embedded"', None, "The embedded server instead of a DSN."
    ),
    Key("protected", forms.flag, "true, false", None, "Whether a change must be said twice."),
    Key(
        "max_backup_age",
        forms.seconds,
        "duration",
        None,
        "How old a backup may be before a change: 30 min where protected, else none is asked for.",
        unit="s",
    ),
    Key(
        "unchecked",
        forms.choice("warn", "block"),
        "warn, block",
        None,
        "What a push does when the database cannot be asked.",
    ),
    Key(
        "databases",
        forms.databases,
        "query, file or env",
        None,
        "Where its many databases are named, if it stands for many: see docs/FLEETS.md.",
    ),
    Key(
        "after",
        forms.maybe_empty,
        "environment",
        None,
        'Environment that migrations come from; "" for none. The one before it when not set.',
    ),
)


def read(key: Key, dotted: str, value: object, origin: str) -> object:
    """Return `value` in the key's own type; raises ConfigProblem naming key, origin and form."""
    try:
        return key.read(value)
    except ValueError as wrong:
        raise ConfigProblem(
            f"{dotted} in {origin} must be {wrong}.",
            f"Correct {dotted} in {origin}; `migrate-hooks config show` prints what is in force.",
        ) from None
