"""Layout and the case of words: what sqlfluff mends without changing what a statement says."""

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint import waivers
from migrate_hooks.lint.change import Case, Change, Edit, Fix

LARGEST = 200_000  # characters; about 10 s of sqlfluff, which reads the text again and again


def _propose(case: Case) -> Change | str:
    from migrate_hooks.outside.raw_style import FIXABLE
    from migrate_hooks.outside.sqlfluff import Style

    text = case.subject.text
    code = case.finding.code.partition("/")[2]
    if not FIXABLE.fullmatch(code):
        return "only layout and the case of words are changed without asking"
    if len(text) > LARGEST:
        return f"the file has {len(text):,} characters"
    body = text.removeprefix("\ufeff")
    try:
        better = Style(case.context.root).fix(case.subject.path, body, _waived(case))
    except ConfigProblem:
        raise
    except Exception as crash:  # its parser raises whatever it meets
        return f"sqlfluff stopped with {type(crash).__name__}"
    if better is None:
        return "sqlfluff cannot read every statement of the file"
    return Change(
        "layout and case mended", (Edit(len(text) - len(body), len(text), better),), restyles=True
    )


def _waived(case: Case) -> frozenset[str]:
    """Return the rules that a comment of the file waives anywhere in it."""
    said = (code for one in waivers.read(case.subject) for code in one.codes)
    return frozenset(code.partition("/")[2] for code in said if code.startswith("sqlfluff/"))


FIX = Fix(
    name="style",
    codes=("sqlfluff/*",),
    summary=(
        "Layout and the case of words, by sqlfluff's own fixes of the rules that are in force; "
        "what a statement says stays the same, token by token."
    ),
    propose=_propose,
    of_file=True,
)
