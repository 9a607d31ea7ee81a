"""An index that another one already is."""

from collections.abc import Iterable, Iterator, Sequence

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import Index, constraints, index
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    done = subject.operations
    for number, one in enumerate(done):
        found = index(one.node) if one.kind == "CREATE INDEX" else None
        if found is None or found.is_unique or not found.is_plain or found.method != "btree":
            continue
        others = (_covers(each, found, at < number) for at, each in _of_table(done, one, number))
        enough = next(filter(None, others), "")
        if enough:
            yield Problem(
                f"{enough} of {one.spelled} starts with {', '.join(found.columns)}, too, and "
                f"answers the same queries as {found.name or 'this index'}: each write pays for "
                "both.",
                f"Leave {found.name or 'this index'} out.",
                one.line,
                one.column,
            )


def _of_table(
    done: Sequence[Operation], table: Operation, own: int
) -> Iterator[tuple[int, Operation]]:
    return ((at, one) for at, one in enumerate(done) if at != own and one.key == table.key)


def _covers(one: Operation, wanted: Index, is_before: bool) -> str:
    """Return what makes an index that starts like the wanted one; of two equal ones, the first."""
    for each in constraints(one):
        if each.kind in ("primary key", "unique") and _starts(each.columns, wanted):
            return f"The {each.kind}"
    if one.kind != "CREATE INDEX":
        return ""
    other = index(one.node)
    is_longer = len(other.columns) > len(wanted.columns)
    if not (other.is_plain and other.method == "btree" and _starts(other.columns, wanted)):
        return ""
    is_enough = is_longer or is_before or other.is_unique
    return f"The index {other.name}".rstrip() if is_enough else ""


def _starts(columns: tuple[str, ...], wanted: Index) -> bool:
    return all(wanted.columns) and columns[: len(wanted.columns)] == wanted.columns


_NEW = "CREATE TABLE orders (a int PRIMARY KEY, b int, c int);\n"

RULE = Rule(
    name="schema/redundant-index",
    severity=Severity.WARNING,
    summary="Two indexes of one migration start with the same columns.",
    why="A btree index also answers for its first columns; the shorter one only costs writes.",
    instead="Keep the longer index, or the unique one.",
    check=_check,
    bad=(
        Example(_NEW + "CREATE INDEX one ON orders (b);\nCREATE INDEX two ON orders (b, c);\n"),
        Example(_NEW + "CREATE INDEX one ON orders (b);\nCREATE INDEX two ON orders (b);\n"),
        Example(_NEW + "CREATE INDEX one ON orders (a);\n"),
    ),
    good=(
        Example(_NEW + "CREATE INDEX one ON orders (c);\nCREATE INDEX two ON orders (b, c);\n"),
        Example(
            _NEW + "CREATE INDEX one ON orders (b) WHERE c > 0;\n"
            "CREATE INDEX two ON orders (b, c);\n"
        ),
        Example(
            _NEW + "CREATE UNIQUE INDEX one ON orders (b);\nCREATE INDEX two ON orders (b, c);\n"
        ),
        Example(
            _NEW + "CREATE INDEX one ON orders USING gin (b);\nCREATE INDEX two ON orders (b);\n"
        ),
    ),
    opt_in=True,
)
