"""What squawk calls a hazard although the statement's parse tree, or the other files, say no."""

from collections.abc import Callable, Sequence

from migrate_hooks.lint import (
    no_nulls,
    not_null,
    old_types,
    references,
    replaced_names,
    required,
    rewrites,
)
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

Proof = Callable[[Operation, Subject, Context], bool]


def is_disproved(rule: str, done: Sequence[Operation], subject: Subject, context: Context) -> bool:
    """Return whether what squawk's `rule` says about a statement is wrong.

    `done` is what that statement does. A rule without a proof stands, and so does one whose proof
    covers only a part of the statement.
    """
    proofs = _PROOFS.get(rule, {})
    about = [one for one in done if one.kind in proofs]
    return bool(about) and all(proofs[one.kind](one, subject, context) for one in about)


def _keeps_rows(one: Operation, _subject: Subject, _context: Context) -> bool:
    return rewrites.of_new_column(one) is None


def _keeps_values(one: Operation, subject: Subject, context: Context) -> bool:
    is_utc = rewrites.sets_utc(subject.operations)
    return rewrites.of_new_type(one, is_utc, old_types.of(one, subject, context)) is None


def _has_value(one: Operation, _subject: Subject, _context: Context) -> bool:
    return not required.lacks_value(objects.unwrapped(getattr(one.node, "def"))[1])


def _is_trusted(one: Operation, subject: Subject, context: Context) -> bool:
    return no_nulls.are_proved(one, subject, context)


def _ends_pattern(one: Operation, subject: Subject, _context: Context) -> bool:
    return not_null.ends_pattern(one, subject.operations)


def _reads_no_row(one: Operation, _subject: Subject, _context: Context) -> bool:
    """Return whether a new constraint is NOT VALID or NOT ENFORCED."""
    return bool(not_null.constraint(one).skip_validation)


def _is_left_to_partitions(one: Operation, _subject: Subject, _context: Context) -> bool:
    """Return whether an index is made ON ONLY the parent, which builds nothing."""
    return not one.node.relation.inh


def _is_quiet_key(one: Operation, subject: Subject, context: Context) -> bool:
    kind = objects.enum_name(not_null.constraint(one), "contype")
    return kind != "CONSTR_FOREIGN" or _reads_no_row(one, subject, context)


def _refers_to_new(one: Operation, subject: Subject, _context: Context) -> bool:
    return references.is_free(one, subject)


def _has_no_rows(_one: Operation, _subject: Subject, _context: Context) -> bool:
    """A composite type has none, and PostgreSQL refuses to alter one that a table stores."""
    return True


def _comes_back(one: Operation, subject: Subject, _context: Context) -> bool:
    """Return whether the name is there again when the file has run, or was made by it."""
    made = replaced_names.is_view_made_here(subject, one)
    return made or replaced_names.comes_back(subject, one) is not None


def _is_made_here(one: Operation, subject: Subject, _context: Context) -> bool:
    return replaced_names.is_made_here(subject, one)


def _names_no_table(_one: Operation, _subject: Subject, _context: Context) -> bool:
    """No query names an index, a constraint, a trigger or a policy."""
    return True


def _is_empty_schema(one: Operation, _subject: Subject, _context: Context) -> bool:
    """Return whether PostgreSQL refuses the DROP where anything would be lost."""
    return objects.enum_name(one.node, "behavior") != "DROP_CASCADE"


_PROOFS: dict[str, dict[str, Proof]] = {
    "adding-field-with-default": {"ALTER TABLE AddColumn": _keeps_rows},
    "adding-foreign-key-constraint": {
        "ALTER TABLE AddColumn": _refers_to_new,
        "ALTER TABLE AddConstraint": _is_quiet_key,
    },
    "adding-not-nullable-field": {"ALTER TABLE SetNotNull": _is_trusted},
    "adding-required-field": {"ALTER TABLE AddColumn": _has_value},
    "ban-drop-constraint": {"ALTER TABLE DropConstraint": _ends_pattern},
    "ban-drop-schema": {"DROP SCHEMA": _is_empty_schema},
    "ban-drop-view": {"DROP VIEW": _comes_back},
    "ban-set-schema": {"SET SCHEMA": _comes_back},
    "changing-column-type": {
        "ALTER TABLE AlterColumnType": _keeps_values,
        "ALTER OTHER": _has_no_rows,
    },
    "constraint-missing-not-valid": {"ALTER TABLE AddConstraint": _reads_no_row},
    "prefer-text-field": {"ALTER TABLE AlterColumnType": _keeps_values},
    "renaming-object": {
        "RENAME INDEX": _names_no_table,
        "RENAME POLICY": _names_no_table,
        "RENAME TABCONSTRAINT": _names_no_table,
        "RENAME TRIGGER": _names_no_table,
        "RENAME TYPE": _is_made_here,
        "RENAME VIEW": _comes_back,
    },
    "renaming-table": {"RENAME TABLE": _comes_back},
    "require-concurrent-index-creation": {"CREATE INDEX": _is_left_to_partitions},
}
