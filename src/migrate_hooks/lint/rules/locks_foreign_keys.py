"""Foreign keys that lock several tables in one transaction."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint import not_null
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_FEW = 2


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if not subject.in_transaction:
        return
    keys = [one for one in subject.operations if _is_key(one) and subject.on_existing(one)]
    tables = dict.fromkeys(name for one in keys for name in _locked(one, subject))
    if len(keys) > 1 and len(tables) > _FEW:
        last = keys[-1]
        names = ", ".join(
            name if schema == "public" else f"{schema}.{name}" for schema, name in tables
        )
        yield Problem(
            f"{len(keys)} foreign keys in one transaction keep SHARE ROW EXCLUSIVE locks on "
            f"{len(tables)} tables ({names}): nobody writes to any of them until all are done, and "
            "a transaction that writes to them in another order deadlocks.",
            "Put each foreign key in a migration of its own, NOT VALID first.",
            last.line,
            last.column,
        )


def _is_key(one: Operation) -> bool:
    if one.kind != "ALTER TABLE AddConstraint":
        return False
    return objects.enum_name(not_null.constraint(one), "contype") == "CONSTR_FOREIGN"


def _locked(one: Operation, subject: Subject) -> Iterator[tuple[str, str]]:
    other = not_null.constraint(one).pktable
    for key in (one.key, (other.schemaname or "public", other.relname)):
        if subject.is_old(key, one):
            yield key


_A = "ALTER TABLE orders ADD CONSTRAINT a FOREIGN KEY (user_id) REFERENCES users NOT VALID;\n"
_B = "ALTER TABLE orders ADD CONSTRAINT b FOREIGN KEY (shop_id) REFERENCES shops NOT VALID;\n"

RULE = Rule(
    name="locks/foreign-keys",
    severity=Severity.WARNING,
    summary="Foreign keys of one transaction lock three or more existing tables.",
    why=(
        "A foreign key locks the table that it points to as well. Two of them in one transaction "
        "wait for the writers of three tables, one after the other, while they hold what they have."
    ),
    instead="One foreign key in each migration.",
    check=_check,
    bad=(Example(_A + _B),),
    good=(
        Example(_A),
        Example(_A + _A.replace(" a ", " c ").replace("user_id", "payer_id")),
        Example("CREATE TABLE users (id bigint PRIMARY KEY);\n" + _A + _B),
        Example("-- migrate-hooks: no-transaction\n" + _A + _B),
    ),
)
