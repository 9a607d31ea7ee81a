"""Name a statement from its words: command tag, target and transaction demands."""

import re
from collections.abc import Callable, Sequence

from migrate_hooks.sql.lexer import TRIVIA, Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PHRASES = {
    "START TRANSACTION": "BEGIN",
    "PREPARE TRANSACTION": "PREPARE TRANSACTION",
    "COMMIT PREPARED": "COMMIT PREPARED",
    "ROLLBACK PREPARED": "ROLLBACK PREPARED",
    "ROLLBACK TO": "ROLLBACK TO",
    "ROLLBACK WORK TO": "ROLLBACK TO",
    "ROLLBACK TRANSACTION TO": "ROLLBACK TO",
    "REFRESH MATERIALIZED VIEW": "REFRESH MATERIALIZED VIEW",
    "IMPORT FOREIGN SCHEMA": "IMPORT FOREIGN SCHEMA",
    "REASSIGN OWNED": "REASSIGN OWNED",
    "DROP OWNED": "DROP OWNED",
    "SECURITY LABEL": "SECURITY LABEL",
    "ALTER DEFAULT PRIVILEGES": "ALTER DEFAULT PRIVILEGES",
    "ALTER SYSTEM": "ALTER SYSTEM",
}
_SYNONYMS = {"END": "COMMIT", "ABORT": "ROLLBACK", "ANALYSE": "ANALYZE"}
_DEFINING = ("CREATE", "ALTER", "DROP")
_LONG_KINDS = (
    "MATERIALIZED VIEW",
    "FOREIGN TABLE",
    "FOREIGN DATA WRAPPER",
    "EVENT TRIGGER",
    "TEXT SEARCH CONFIGURATION",
    "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH PARSER",
    "TEXT SEARCH TEMPLATE",
    "OPERATOR CLASS",
    "OPERATOR FAMILY",
    "ACCESS METHOD",
    "USER MAPPING",
    "LARGE OBJECT",
)
# May stand between the first word and the kind of object without changing the command tag.
_ADJECTIVES = _words(
    "OR REPLACE UNIQUE TEMP TEMPORARY UNLOGGED LOCAL GLOBAL RECURSIVE CONSTRAINT TRUSTED "
    "PROCEDURAL DEFAULT"
)
# Before a name and never a name themselves (or only by somebody's mischief).
_BEFORE_NAME = _words(
    "IF NOT EXISTS ONLY CONCURRENTLY AUTHORIZATION FOR VERBOSE FULL FREEZE ANALYZE"
)
# Before a name as well, but `UPDATE role SET …` is about a table: skipped when a name follows.
_KIND_WORDS = _words(
    "ACCESS METHOD AGGREGATE ALL COLLATION COLUMN CONSTRAINT CONVERSION DATA DATABASE DOMAIN "
    "EVENT EXTENSION FOREIGN FUNCTION FUNCTIONS IN INDEX LANGUAGE LARGE LOCAL MATERIALIZED OBJECT "
    "PARAMETER POLICY PROCEDURE PROCEDURES PUBLICATION ROLE ROUTINE ROUTINES RULE SAVEPOINT SCHEMA "
    "SEQUENCE SEQUENCES SERVER SESSION STATISTICS SUBSCRIPTION SYSTEM TABLE TABLES TABLESPACE "
    "TRIGGER TYPE VIEW WRAPPER"
)
_ENDS_NAME = _words("ON TO IS USING WITH AS SET FROM VALUES SELECT DEFAULT")
# Verbs whose target stands behind the first of a given word; "" is the verb itself.
_LEADS = {
    **dict.fromkeys(("INSERT", "MERGE", "IMPORT FOREIGN SCHEMA"), "INTO"),
    **dict.fromkeys(("GRANT", "REVOKE", "COMMENT", "SECURITY LABEL"), "ON"),
    **dict.fromkeys(
        _words(
            "UPDATE TRUNCATE LOCK COPY REINDEX CLUSTER VACUUM ANALYZE CALL SET RESET SAVEPOINT "
            "RELEASE"
        ),
        "",
    ),
    "REFRESH MATERIALIZED VIEW": "",
    "ROLLBACK TO": "",
    "DELETE": "FROM",
}
_PARENTHESISED_OPTIONS = frozenset({"REINDEX", "CLUSTER", "VACUUM", "ANALYZE"})
_HEAD = 64  # tokens looked at: enough for any verb and target, and a long INSERT costs nothing


def classify(found: Sequence[Token]) -> tuple[str, str, bool]:
    """Return verb, target and "may run inside a transaction block" of one statement's tokens.

    The verb is the server's command tag ("CREATE INDEX" for a unique one, too), with START
    TRANSACTION as BEGIN, END as COMMIT, ABORT as ROLLBACK, TRUNCATE and LOCK without TABLE, and a
    backslash for a psql command. The target is the first object named, as written, or "".
    """
    head = [token for token in found[:_HEAD] if token.kind not in TRIVIA]
    if not head:
        return "", "", True
    if head[0].kind == "meta":
        return "\\", head[0].text.split()[0], True
    words = [token.text.upper() if token.kind == "word" else token.text[:1] for token in head]
    verb, behind = _verb(words)
    at = _name_at(verb, words, behind)
    target = _name(head, at)
    refused = _REFUSED.get(verb)
    return verb, target, not (refused and refused(words[behind:at], target, found))


def _verb(words: list[str]) -> tuple[str, int]:
    """Return the verb and the index of the word behind it."""
    for phrase, verb in _PHRASES.items():
        if _starts(words, 0, phrase):
            return verb, phrase.count(" ") + 1
    if words[0] not in _DEFINING:
        return _SYNONYMS.get(words[0], words[0] if words[0].isalpha() else ""), 1
    at = 1
    while at < len(words) - 1 and words[at] in _ADJECTIVES:
        at += 1
    kind = next((kind for kind in _LONG_KINDS if _starts(words, at, kind)), "".join(words[at:][:1]))
    return f"{words[0]} {kind}".strip(), at + kind.count(" ") + 1


def _starts(words: list[str], at: int, phrase: str) -> bool:
    expected = phrase.split()
    return words[at : at + len(expected)] == expected


def _name_at(verb: str, words: list[str], behind: int) -> int:
    """Return the index where the target's name starts, `len(words)` when there is none."""
    lead = "" if verb.startswith(_DEFINING) and verb not in _PHRASES else _LEADS.get(verb)
    if lead is None or (lead and lead not in words):
        return len(words)
    at = words.index(lead) + 1 if lead else behind
    if verb in _PARENTHESISED_OPTIONS and words[at : at + 1] == ["("]:
        at = words.index(")", at) + 1 if ")" in words else len(words)
    while at < len(words) and (words[at] in _BEFORE_NAME or _is_kind(words, at)):
        at += 1
    return at


def _is_kind(words: list[str], at: int) -> bool:
    following = "".join(words[at + 1 : at + 2])
    named = following[:1].isalpha() or following in {'"', "_"}
    return words[at] in _KIND_WORDS and named and following not in _ENDS_NAME


def _name(head: list[Token], at: int) -> str:
    """Return the dotted name that starts at `at`, as written; "" where none is."""
    parts: list[str] = []
    for token in head[at:]:
        wanted = token.text == "." if len(parts) % 2 else _may_name(token)
        if not wanted:
            break
        parts.append(token.text)
    return "".join(parts)


def _may_name(token: Token) -> bool:
    return token.kind == "quoted" or (token.kind == "word" and token.text.upper() not in _ENDS_NAME)


def _always(_options: list[str], _target: str, _found: Sequence[Token]) -> bool:
    return True


def _concurrently(options: list[str], _target: str, _found: Sequence[Token]) -> bool:
    return "CONCURRENTLY" in options


def _reindexes_apart(options: list[str], _target: str, _found: Sequence[Token]) -> bool:
    return not {"CONCURRENTLY", "DATABASE", "SYSTEM", "SCHEMA"}.isdisjoint(options)


def _clusters_all(_options: list[str], target: str, _found: Sequence[Token]) -> bool:
    return not target


def _says(*words: str) -> Callable[[list[str], str, Sequence[Token]], bool]:
    """Return a check that a statement contains all of `words`, in this order."""

    def check(_options: list[str], _target: str, found: Sequence[Token]) -> bool:
        said = (token.text.upper() for token in found if token.kind == "word")
        return all(word in said for word in words)

    return check


def _makes_slot(_options: list[str], _target: str, found: Sequence[Token]) -> bool:
    """Tell whether CREATE SUBSCRIPTION makes a replication slot, which its options can forbid."""
    return not _turned_off("connect|create_slot", found)


def _refreshes(_options: list[str], _target: str, found: Sequence[Token]) -> bool:
    words = {token.text.upper() for token in found if token.kind == "word"}
    return "PUBLICATION" in words and not _turned_off("refresh", found)


def _turned_off(options: str, found: Sequence[Token]) -> bool:
    said = "".join(token.text.lower().strip("'") for token in found if token.kind not in TRIVIA)
    return re.search(rf"\b(?:{options})=(?:false|off|0)\b", said) is not None


# Verified against a server: what answers 25001, "cannot run inside a transaction block".
_REFUSED: dict[str, Callable[[list[str], str, Sequence[Token]], bool]] = {
    **dict.fromkeys(
        ("VACUUM", "ALTER SYSTEM", "COMMIT PREPARED", "ROLLBACK PREPARED", "DROP SUBSCRIPTION"),
        _always,
    ),
    **dict.fromkeys(("CREATE DATABASE", "DROP DATABASE"), _always),
    **dict.fromkeys(("CREATE TABLESPACE", "DROP TABLESPACE"), _always),
    **dict.fromkeys(("CREATE INDEX", "DROP INDEX"), _concurrently),
    "REINDEX": _reindexes_apart,
    "CLUSTER": _clusters_all,
    "CREATE SUBSCRIPTION": _makes_slot,
    "ALTER SUBSCRIPTION": _refreshes,
    "ALTER TABLE": _says("DETACH", "PARTITION", "CONCURRENTLY"),
    "ALTER DATABASE": _says("SET", "TABLESPACE"),
    "DISCARD": _says("ALL"),
}
