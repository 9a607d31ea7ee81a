"""What makes PostgreSQL write a whole table anew, and what only looks as if it did.

Verified against a server by the table's relfilenode, which a rewrite changes
(tests/lint/test_rewrites.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from migrate_hooks.lint import narrowing
from migrate_hooks.lint.narrowing import Type
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_SERIALS = frozenset({"serial", "serial4", "bigserial", "serial8", "smallserial", "serial2"})
# Functions whose result differs from row to row. now() and its kin are not among them: they give
# one value for the whole transaction.
_VOLATILE = frozenset(
    {
        "clock_timestamp", "gen_random_uuid", "nextval", "random", "random_normal", "setval",
        "timeofday", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4",
        "uuidv7", "gen_random_bytes", "gen_salt", "lastval", "currval", "pg_sleep", "txid_current",
    }
)  # fmt: skip
_STEADY = frozenset(
    {
        "array_fill", "coalesce", "concat", "current_schema", "current_setting", "date_part",
        "date_trunc", "decode", "encode", "int4range", "int8range", "json_build_array",
        "json_build_object", "jsonb_build_array", "jsonb_build_object", "length", "lower",
        "make_date", "make_interval", "make_timestamp", "make_timestamptz", "md5", "now",
        "numrange", "round", "sha256", "statement_timestamp", "timezone", "to_char", "to_date",
        "to_json", "to_jsonb", "to_timestamp", "to_tsvector", "transaction_timestamp", "tsrange",
        "tstzrange", "upper", "abs", "age", "ceil", "chr", "daterange", "floor", "left",
        "make_time", "mod", "replace", "repeat", "right", "substring", "trim", "xmlparse", "uid",
        "array_append", "box", "circle", "concat_ws", "format", "greatest", "jsonb_set",
        "least", "lpad", "nullif", "point", "polygon", "power", "quote_literal", "rpad",
        "split_part", "sqrt", "string_to_array", "array_to_json", "hstore", "jwt", "role",
        "uuid_nil",
    }
)  # fmt: skip
_MOMENTS = ("timestamp", "timestamptz")
# A limit of theirs may grow, or go, without a look at any row.
_GROWING = frozenset({*_MOMENTS, "time", "timetz", "varbit"})
_MAKES_NEW = re.compile(r"(?:gen|generate|new|next|random|rand|uuid|ulid|nanoid|cuid|ksuid|xid)")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Why a table is written anew, as the start of a sentence, and how sure that is."""

    reason: str
    severity: Severity = Severity.CRITICAL


def of_new_column(one: Operation) -> Rewrite | None:
    """Return why ADD COLUMN rewrites its table, or None when it only changes the catalog."""
    column = objects.unwrapped(getattr(one.node, "def"))[1]
    name = column.colname
    if is_serial(column):
        return Rewrite(f"{type_name(column)} numbers every row of the new column {name}")
    for item in column.constraints:
        found = _of_part(name, objects.unwrapped(item)[1])
        if found:
            return found
    return None


def is_serial(column: Any) -> bool:
    """Return whether a column definition numbers its rows from a sequence."""
    return type_name(column) in _SERIALS


def _of_part(name: str, part: Any) -> Rewrite | None:
    """Return why DEFAULT, GENERATED or IDENTITY of a new column rewrites the table."""
    kind = objects.enum_name(part, "contype")
    if kind == "CONSTR_IDENTITY":
        return Rewrite(f"IDENTITY numbers every row of the new column {name}")
    if kind == "CONSTR_GENERATED" and part.generated_kind != "v":
        return Rewrite(f"the new column {name} is computed and STORED for every row")
    return _of_default(name, part.raw_expr) if kind == "CONSTR_DEFAULT" else None


def _of_default(name: str, value: Any) -> Rewrite | None:
    """Return why a default differs from row to row, or may do so.

    A function that is not PostgreSQL's own is volatile unless its author said otherwise, which the
    file need not show; a name that promises something new is believed.
    """
    called = sorted({path[-1] for path in _calls(value)})
    for function in called:
        if function in _VOLATILE or (function not in _STEADY and _MAKES_NEW.search(function)):
            return Rewrite(
                f"the new column {name} gets another value from {function}() in every row"
            )
    for function in called:
        if function not in _STEADY:
            reason = (
                f"{function}() is asked for every row of the new column {name} if it is volatile"
            )
            return Rewrite(reason, Severity.WARNING)
    return None


def _calls(node: Any) -> Iterator[list[str]]:
    for message in objects.messages(node):
        if message.DESCRIPTOR.name == "FuncCall":
            yield objects.name_path(message.funcname)


def type_name(column: Any) -> str:
    """Return a column definition's type: "varchar" without schema and modifiers, "int4[]"."""
    path = objects.name_path(column.type_name)
    return (path[-1] if path else "") + "[]" * len(column.type_name.array_bounds)


def of_new_type(one: Operation, is_utc: bool, old: Type | None = None) -> Rewrite | None:
    """Return why ALTER COLUMN TYPE rewrites its table or indexes, or None when it need not.

    `old` is the type before, None where nobody knows. Then, without USING, only text and varchar
    without a length are taken to keep the rows, since what is usually widened is a varchar; a
    varchar or numeric with a limit keeps them when the limit grows, which only the author knows.
    timestamp and timestamptz are one and the same on disk only in a session whose time zone is UTC
    (`is_utc`).
    """
    column = objects.unwrapped(getattr(one.node, "def"))[1]
    name, kind = one.node.name, type_name(column)
    if column.HasField("raw_default") and not _is_plain_cast(name, kind, column):
        return Rewrite(f"USING computes {name} anew for every row")
    if column.HasField("coll_clause"):
        return Rewrite(f"a new collation makes it build every index on {name} anew")
    new = narrowing.of(column.type_name)
    if old is not None and _is_known_to_keep(old, new):
        return None
    if is_utc and kind in _MOMENTS and not new.limits and (old is None or old.name in _MOMENTS):
        return None
    if old is None and kind in ("text", "varchar") and not new.limits:
        return None
    if old is None and kind in ("varchar", "varbit", "numeric"):
        reason = (
            f"unless {name} was a {kind} with a smaller limit, every row is checked and written"
        )
        return Rewrite(reason, Severity.WARNING)
    if old is not None and _is_known_to_fit(old, new):
        return Rewrite(f"every value of {name} is checked against the new limit and written")
    return Rewrite(f"the values of {name} are checked or look different on disk as {new.spelled}")


def _is_known_to_keep(old: Type, new: Type) -> bool:
    """Return whether a type takes the other's rows as they are on disk, unchecked."""
    if old.is_array or new.is_array:
        return old == new
    if {old.name, new.name} <= {"text", "varchar"} or old.name == new.name in _GROWING:
        return not new.limits or (bool(old.limits) and old.limits <= new.limits)
    if old.name == new.name == "numeric":
        scales = (old.limits[1:] or (0,)) == (new.limits[1:] or (0,))
        return not new.limits or (bool(old.limits) and scales and old.limits <= new.limits)
    return old == new


def _is_known_to_fit(old: Type, new: Type) -> bool:
    """Return whether only a limit changes, to one that not every value need keep to."""
    return {old.name, new.name} <= {"text", "varchar"} or old.name == new.name in _GROWING


def _is_plain_cast(name: str, kind: str, column: Any) -> bool:
    """Return whether USING says no more than TYPE does: `USING a::text`."""
    shape, node = objects.unwrapped(column.raw_default)
    if shape == "type_cast" and objects.name_path(node.type_name)[-1:] == [kind]:
        shape, node = objects.unwrapped(node.arg)
    return shape == "column_ref" and objects.name_path(node.fields)[-1:] == [name]


def sets_utc(done: Iterable[Operation]) -> bool:
    """Return whether one of these statements makes UTC the session's time zone."""
    return any(_is_utc(one.node) for one in done if one.kind == "VariableSetStmt")


def _is_utc(node: Any) -> bool:
    values = [objects.unwrapped(each)[1] for each in node.args]
    return node.name.lower() == "timezone" and any(
        hasattr(each, "sval") and each.sval.sval.upper() in ("UTC", "GMT") for each in values
    )
