"""Files that are not called YYYYMMDDHHMMSS_snake_case.sql: renamed."""

from pathlib import PurePosixPath

from migrate_hooks.lint import names
from migrate_hooks.lint.change import Case, Change, Fix
from migrate_hooks.model.migration import Version

_LAST = Version((10**20,), "")  # a file without a version comes after all others


def _propose(case: Case) -> Change | str:
    """Rename all such files of the run at once: one by one they would change places."""
    versions = {one.path: one.version for one in case.context.files}
    wrong = [one for one in case.judged if one in case.unreleased and not _is_right(one)]
    wrong.sort(key=lambda path: (versions.get(path, _LAST), path))
    newest = case.context.newest
    taken = {version.text for path, version in versions.items() if path not in wrong}
    renamed = []
    for path in wrong:
        here = PurePosixPath(path)
        digits, _, rest = names.corrected(here.name).partition("_")
        is_past = newest is not None and digits <= newest.version.text
        if not names.moment(digits) or digits in taken or is_past:
            digits = _free(case.now, taken)
        taken.add(digits)
        renamed.append((path, str(here.with_name(f"{digits}_{rest}"))))
    moved = ", ".join(PurePosixPath(path).name for _, path in renamed)
    return Change(f"renamed to {moved}", names=tuple(renamed))


def _is_right(path: str) -> bool:
    return names.is_file_name(PurePosixPath(path).name)


def _free(now: str, taken: set[str]) -> str:
    """Return the present time, or the second after the newest file's where that is later."""
    last = max((one for one in taken if names.moment(one)), default="")
    return now if last < now else names.after(last)


FIX = Fix(
    name="file-name",
    codes=("naming/file-name",),
    summary=(
        "New files are renamed to YYYYMMDDHHMMSS_snake_case.sql, by `git mv` if git tracks them; "
        "those without a time of their own get one after all others, in the order that they had."
    ),
    propose=_propose,
)
