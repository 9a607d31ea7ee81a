"""Row level security that lets nobody in."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    near = context.neighbours
    if near.in_code:
        return
    for one in subject.operations:
        # An older table may have had its policies for years.
        if one.kind != "ALTER TABLE EnableRowSecurity" or subject.on_existing(one):
            continue
        if one.key[0] in context.exposed and one.key not in near.policied | near.gone:
            yield Problem(
                f"Row level security is enabled on {one.spelled}, and no new migration gives it a "
                "policy: every role but its owner, and those that bypass row security, sees no row "
                "and writes none.",
                f"Add CREATE POLICY ... ON {one.spelled} for those who may, or leave it so if only "
                "the server's own role shall use it.",
                one.line,
                one.column,
            )


_TABLE = "CREATE TABLE orders (id bigint, owner uuid);\nALTER TABLE {} ENABLE ROW LEVEL SECURITY;\n"
_NEW = _TABLE.format("orders")
_POLICY = "CREATE POLICY own ON orders FOR SELECT USING (owner = (SELECT auth.uid()));\n"

RULE = Rule(
    name="security/rls-without-policy",
    severity=Severity.WARNING,
    summary="A new table of an exposed schema has row level security and no policy.",
    why=(
        "Without a policy row level security denies everything, silently: queries return no rows "
        "and no error, which is found in production more often than in a test that runs as owner."
    ),
    instead="Write the policies in the migration that enables row level security.",
    check=_check,
    bad=(Example(_NEW), Example(_TABLE.format("public.orders"))),
    good=(
        Example(_NEW + _POLICY),
        Example(_NEW, others=(("migrations/20260102030406_policies.sql", _POLICY),)),
        Example("ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n"),
        Example(
            "CREATE TABLE jobs.queue (id bigint);\n"
            "ALTER TABLE jobs.queue ENABLE ROW LEVEL SECURITY;\n"
        ),
    ),
)
