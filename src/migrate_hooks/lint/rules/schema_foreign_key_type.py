"""A foreign key whose columns have other types than the ones it points to."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint import definitions, past
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import Constraint
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.narrowing import Type
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

Pair = tuple[str, Type, str, Type]
"""(column, its type, the column that it points to, the type of that)"""

_NUMBERS = {
    "smallserial": "int2", "serial2": "int2", "serial": "int4", "serial4": "int4",
    "bigserial": "int8", "serial8": "int8",
}  # fmt: skip
# Types that PostgreSQL compares with each other; one of another family has no operator for it.
_FAMILIES = {
    **dict.fromkeys(("int2", "int4", "int8", "numeric", "float4", "float8"), "number"),
    **dict.fromkeys(("text", "varchar", "bpchar"), "text"),
    **dict.fromkeys(("date", "timestamp", "timestamptz"), "moment"),
    "uuid": "uuid",
    "bool": "bool",
    "bytea": "bytea",
}
_SPOKEN = {"int2": "smallint", "int4": "integer", "int8": "bigint", "bpchar": "char"}


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        for key in definitions.constraints(one):
            if key.kind == "foreign key":
                for pair in _pairs(one, key, subject, context):
                    yield from _judge(one, key, pair)


def _pairs(one: Operation, key: Constraint, subject: Subject, context: Context) -> Iterator[Pair]:
    """Yield the columns of a key whose types are both known."""
    line, column = one.statement.line, one.statement.column
    end = (past.at(subject.version, one)[0], line + one.statement.text.count("\n") + 1, column)
    table = key.node.pktable
    other = (table.schemaname or "public", table.relname)
    targets = objects.name_path(key.node.pk_attrs) or context.past.primary_key(other, end)
    for name, target in zip(key.columns, targets, strict=False):
        mine = context.past.type_of(one.key, name, end)
        theirs = context.past.type_of(other, target, end)
        if mine and theirs and not (mine.is_array or theirs.is_array):
            yield name, _plain(mine), target, _plain(theirs)


def _plain(one: Type) -> Type:
    return Type(_NUMBERS.get(one.name, one.name), ())


def _judge(one: Operation, key: Constraint, pair: Pair) -> Iterator[Problem]:
    name, mine, target, theirs = pair
    families = _FAMILIES.get(mine.name), _FAMILIES.get(theirs.name)
    same = mine == theirs or {mine.name, theirs.name} <= {"text", "varchar"}
    if same or None in families:
        return
    other = key.node.pktable.relname
    refused = families[0] != families[1]
    said = f"{one.spelled}.{name} is {_said(mine)}, {other}.{target} is {_said(theirs)}"
    yield Problem(
        f"{said}: PostgreSQL has no way to compare them and refuses the foreign key."
        if refused
        else f"{said}: the key works as long as every value fits into both, and each comparison "
        "converts one of them.",
        f"Make {name} {_said(theirs)}, like {other}.{target}.",
        *definitions.place_of(one, key.node),
        Severity.CRITICAL if refused else None,
    )


def _said(one: Type) -> str:
    return _SPOKEN.get(one.name, one.name)


_USERS = "CREATE TABLE users (id bigint PRIMARY KEY, code text UNIQUE);\n"

RULE = Rule(
    name="schema/foreign-key-type",
    severity=Severity.WARNING,
    summary="A foreign key points to a column of another type.",
    why=(
        "An integer that points to a bigint works until the other table's numbers outgrow it, "
        "which is years later and at once for every writer. Types that cannot be compared, such "
        "as uuid and bigint, make PostgreSQL refuse the key."
    ),
    instead="The same type on both sides.",
    check=_check,
    bad=(
        Example(_USERS + "CREATE TABLE orders (user_id int REFERENCES users);\n"),
        Example(_USERS + "CREATE TABLE orders (user_id uuid REFERENCES users (id));\n"),
        Example(
            "ALTER TABLE orders ADD COLUMN user_id int REFERENCES users;\n",
            others=(("migrations/20260101000000_users.sql", _USERS),),
        ),
        Example(
            "CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));\n"
            "CREATE TABLE b (x int, y text, FOREIGN KEY (x, y) REFERENCES a);\n"
        ),
    ),
    good=(
        Example(_USERS + "CREATE TABLE orders (user_id bigint REFERENCES users);\n"),
        Example(_USERS + "CREATE TABLE orders (user_code varchar(9) REFERENCES users (code));\n"),
        Example(
            "CREATE TABLE users (id serial PRIMARY KEY);\n"
            "CREATE TABLE orders (user_id integer REFERENCES users ON DELETE CASCADE);\n"
        ),
        Example("CREATE TABLE orders (user_id int REFERENCES users (id));\n"),
        Example("CREATE TABLE nodes (id uuid PRIMARY KEY, parent uuid REFERENCES nodes (id));\n"),
        Example(
            _USERS + "CREATE TABLE orders (user_id int);\n"
            "ALTER TABLE orders ALTER COLUMN user_id TYPE bigint;\n"
            "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;\n"
        ),
    ),
)
