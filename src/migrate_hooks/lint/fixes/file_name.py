"""A file that is not called YYYYMMDDHHMMSS_snake_case.sql: renamed."""

from pathlib import PurePosixPath

from migrate_hooks.lint import names
from migrate_hooks.lint.change import Case, Change, Fix
from migrate_hooks.model.migration import Version


def _propose(case: Case) -> Change | str:
    subject = case.subject
    here = PurePosixPath(subject.path)
    digits, _, rest = names.corrected(here.name).partition("_")
    own = _version(digits) if names.moment(digits) else None
    taken = {one.version for one in case.context.files if one.path != subject.path}
    newest = case.context.newest
    if own is None or own in taken or (newest is not None and own < newest.version):
        if subject.version is not None and names.moment(digits):
            return "its time is taken or past; the order of the unreleased files is at stake"
        digits = _free(case, taken)
    path = str(here.with_name(f"{digits}_{rest}"))
    return Change(f"renamed to {PurePosixPath(path).name}", names=((subject.path, path),))


def _free(case: Case, taken: set[Version]) -> str:
    """Return the present time, or the second after the newest file's where that is later."""
    stamps = [one.text for one in taken if names.moment(one.text)]
    last = max(stamps, default="")
    return case.now if last < case.now else names.after(last)


def _version(digits: str) -> Version:
    return Version((int(digits),), digits)


FIX = Fix(
    name="file-name",
    codes=("naming/file-name",),
    summary=(
        "A new file is renamed to YYYYMMDDHHMMSS_snake_case.sql, by `git mv` if git tracks it; "
        "without a time of its own it gets one after all others."
    ),
    propose=_propose,
)
