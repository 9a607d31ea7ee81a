"""A version that is taken or past: later times for the unreleased files, in their old order."""

from pathlib import PurePosixPath

from migrate_hooks.lint import names
from migrate_hooks.lint.change import Case, Change, Fix
from migrate_hooks.lint.facts import VersionedFile


def _propose(case: Case) -> Change | str:
    newest = case.context.newest
    last = newest.version.text if newest is not None else ""
    mine = [one for one in case.context.files if one.path in case.unreleased]
    released = {one.version for one in case.context.files if one.path not in case.unreleased}
    renamed: list[tuple[str, str]] = []
    for one in sorted(mine, key=lambda file: (file.version, file.path)):
        if not names.moment(one.version.text):
            return f"{PurePosixPath(one.path).name} has no time in its name"
        digits = one.version.text
        if digits <= last or one.version in released:
            if last and not names.moment(last):
                return f"the newest released version, {last}, is no time"
            digits = names.after(max(last, digits) if last else digits)
            renamed.append((one.path, _renamed(one, digits)))
        last = digits
    if not renamed:
        return "no unreleased file can take a later time"
    moved = ", ".join(PurePosixPath(path).name for _, path in renamed)
    return Change(f"renamed in their order: {moved}", names=tuple(renamed))


def _renamed(one: VersionedFile, digits: str) -> str:
    place = PurePosixPath(one.path)
    return str(place.with_name(place.name.replace(one.version.text, digits, 1)))


FIX = Fix(
    name="renumber",
    codes=("order/out-of-order", "naming/duplicate-version"),
    summary=(
        "Unreleased files get times after the newest released one, each unique, in the order that "
        "they had, by `git mv` if git tracks them."
    ),
    propose=_propose,
)
