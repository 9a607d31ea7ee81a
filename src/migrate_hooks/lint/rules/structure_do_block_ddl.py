"""Changes to the schema inside DO, where nobody can say what will happen."""

import re
from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.blocks import builds, is_read
from migrate_hooks.sql.functions import routine
from migrate_hooks.sql.lexer import tokens

_CHANGE = re.compile(
    r"\b(?:ALTER|CREATE|DROP|TRUNCATE|REINDEX|CLUSTER|VACUUM|GRANT|REVOKE)\b", re.IGNORECASE
)
_BUILT = frozenset({"string", "dollar"})
_ANYWHERE = _BUILT | {"word"}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        found = routine(one.node) if one.kind == "DoStmt" else None
        if found is None or found.language != "plpgsql":
            continue
        word = ""
        if builds(one.statement):
            word = _changes(found.body, _BUILT if is_read(one.statement) else _ANYWHERE)
        if word:
            yield Problem(
                f"What this DO block does with {word} is only known when it runs: what it locks, "
                "rewrites or loses is not checked.",
                "Write the statement out below the block, with IF EXISTS or IF NOT EXISTS where "
                "the database may differ, or check it by hand.",
                one.line,
                one.column,
            )


def _changes(body: str, kinds: frozenset[str]) -> str:
    """Return the first word in tokens of these kinds that starts a change of the schema."""
    texts = (one.text for one in tokens(body) if one.kind in kinds)
    found = next(filter(None, map(_CHANGE.search, texts)), None)
    return found[0].upper() if found else ""


RULE = Rule(
    name="structure/do-block-ddl",
    severity=Severity.WARNING,
    summary="A DO block builds statements that change the schema.",
    why=(
        "What stands in a DO block as plain SQL is judged like any other statement. What EXECUTE "
        "puts together is only known when it runs, so its locks and losses stay unseen here."
    ),
    instead="Write such statements as plain SQL of the migration.",
    check=_check,
    bad=(
        Example(
            "DO $$ DECLARE person auth.users; BEGIN ALTER TABLE orders ADD COLUMN a int; END $$;\n"
        ),
        Example(
            "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN a int', 'orders'); END $$;\n"
        ),
    ),
    good=(
        Example("DO $$ BEGIN ALTER TABLE orders ADD COLUMN a int; END $$;\n"),
        Example("DO $$ BEGIN EXECUTE 'ALTER TABLE orders ADD COLUMN a int'; END $$;\n"),
        Example("DO $$ BEGIN EXECUTE format('SELECT %L', 'a'); END $$;\n"),
        Example("DO $$ BEGIN RAISE NOTICE 'DROP everything'; END $$;\n"),
    ),
)
