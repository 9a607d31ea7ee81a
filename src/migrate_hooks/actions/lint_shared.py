"""Where a change meets what others have: files it edits or takes away, work on other branches."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate_hooks.layouts.base import Layout
from migrate_hooks.outside.files import FileText

if TYPE_CHECKING:
    from migrate_hooks.lint.facts import Subject
    from migrate_hooks.lint.shared import Elsewhere, Shared


@dataclass(frozen=True, slots=True)
class Crossing:
    """`revision` is what git calls the target branch's commit.

    `before` are texts of released files that are edited or `gone`: as the target branch has them,
    then as they were where the two parted. `elsewhere` are (branch, text) of other branches' files.
    """

    revision: str = ""
    before: Mapping[str, tuple[FileText, ...]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, FileText], ...] = ()


NO_CROSSING = Crossing()


def read(
    layout: Layout, crossing: Crossing, gone: Sequence["Subject"], there: Collection["Subject"]
) -> "Shared":
    """Return what the texts of `crossing` say; `there` are the files of this change."""
    from migrate_hooks.lint import shared

    if crossing == NO_CROSSING:
        return shared.ALONE
    edited = {path: texts for path, texts in crossing.before.items() if path not in crossing.gone}
    checksums = {one.migration.checksum for one in there if one.migration}
    lost = [one.migration for one in gone if one.migration]
    versions = {one.version for one in lost}
    ours = [
        one.migration
        for one in there
        if one.migration and (one.is_new or one.migration.version in versions)
    ]
    return shared.Shared(
        revision=crossing.revision,
        before={
            path: tuple(layout.read(path, one.text) for one in texts if not one.problem)
            for path, texts in edited.items()
        },
        moved=shared.moved(lost, ours),
        elsewhere=tuple(_elsewhere(layout, crossing, checksums)),
    )


def _elsewhere(layout: Layout, crossing: Crossing, ours: Container[str]) -> Iterable["Elsewhere"]:
    """Yield the migrations of other branches, but not our own under another name."""
    from migrate_hooks.lint.shared import Elsewhere

    for branch, one in crossing.elsewhere:
        migration = None if one.problem else layout.read(one.path, one.text)
        if migration and migration.checksum not in ours:
            yield Elsewhere(branch, one.path, migration.up.statements)
