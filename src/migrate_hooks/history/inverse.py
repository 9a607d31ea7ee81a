"""The two halves of a migration the other way round, as texts for a new one."""

from collections.abc import Sequence

from migrate_hooks.model.migration import Migration, Script, Statement, called

# What only defines the schema does the same when it runs once more behind its own DOWN.
_DEFINES = frozenset(
    {"CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "SET", "RESET", "SECURITY", "REINDEX"}
    | {"ANALYZE", "VACUUM", "REFRESH", "CLUSTER", "REASSIGN", "IMPORT"}
)
NO_TRANSACTION = "-- migrate-hooks: no-transaction"


def forward(file: Migration, because: str) -> str:
    """Return the DOWN of `file` as the UP of another, under a header that says what it is for."""
    down = file.down or Script((), True, "")
    alone = not file.up.in_transaction and not down.in_transaction
    header = [
        f"-- Reverts {one_line(file.path)}:",
        "-- this UP is the DOWN of that file, as a migration that goes forward.",
        *([f"-- Why: {one_line(because)}"] if because.strip() else []),
        *([NO_TRANSACTION] if alone else []),
    ]
    return "\n".join([*header, "", text(down.statements)])


def back(file: Migration) -> str:
    """Return the UP of `file` as a DOWN; where it may not do the same again, the line saying so."""
    unsure = next((one for one in file.up.statements if not defines(one)), None)
    if unsure is None:
        return text(file.up.statements)
    return without_down(
        f"line {unsure.line} of {one_line(called(file.path))} is {unsure.verb}, which may not do "
        "the same a second time"
    )


def without_down(reason: str) -> str:
    """Return the line that stands where a DOWN would."""
    return f"-- DOWN: irreversible because {reason}"


def text(statements: Sequence[Statement]) -> str:
    """Return statements as the text of a half."""
    return "\n\n".join(f"{one.text};" for one in statements)


def is_told(script: Script | None, statements: Sequence[Statement]) -> bool:
    """Return whether a half that was read back says exactly these statements."""
    read = script.statements if script else ()
    return [one.text for one in read] == [one.text for one in statements]


def one_line(words: str) -> str:
    """Return words that a comment can hold."""
    return " ".join(words.split())


def defines(one: Statement) -> bool:
    """Return whether a statement only defines the schema, and does nothing to rows."""
    first = one.verb.partition(" ")[0]
    return first in _DEFINES and one.verb not in ("CREATE TABLE AS", "SELECT INTO")
