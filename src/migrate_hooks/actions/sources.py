"""Where migrations come from: the working tree, or a commit that is being pushed."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from shlex import quote
from typing import TYPE_CHECKING

from migrate_hooks.actions import familiar, texts
from migrate_hooks.errors import ConfigProblem, NoMigrationsFolder
from migrate_hooks.layouts import detect
from migrate_hooks.layouts.base import Layout
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, git
from migrate_hooks.outside.files import FileText

if TYPE_CHECKING:
    from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.registry import member_names


@dataclass(frozen=True, slots=True)
class Source:
    """All migrations of one tree; `problems` are files that could not be read as migrations.

    `folder` is relative to the repository's root. `configured` is the ledger that the configuration
    names, or None.
    """

    layout: Layout
    folder: str
    migrations: tuple[Migration, ...]
    problems: tuple[Finding, ...]
    configured: str | None = None

    @property
    def ledger(self) -> "Wanted":
        """The ledger to use: the configured one, or the one that this layout's own tool writes."""
        return _wanted(self.configured, self.layout)


def from_worktree(settings: Settings) -> Source:
    """Read every migration of the working tree; raises NoMigrationsFolder."""
    folder = worktree_folder(settings)
    found = files.list_files(settings.root, folder)
    return _source(settings, folder, files.read_texts(settings.root, _sql(found)))


def from_commit(settings: Settings, commit: str) -> Source:
    """Read every migration of a commit, whatever the working tree holds."""
    folder = commit_folder(settings, commit)
    if folder is None:
        return Source(detect.by_content("", ()), "", (), (), settings.ledger)
    found = git.list_tree(settings.root, commit, folder)
    paths = _sql(path for path in found if _is_near(folder, path))
    read = texts.blobs(settings.root, commit)(paths)
    return _source(settings, folder, tuple(read.values()))


def _is_near(folder: str, path: str) -> bool:
    """Return whether the working tree's own list would have it: no deeper than one folder."""
    return len(PurePosixPath(path).relative_to(folder).parts) <= 2


def wanted_ledger(settings: Settings) -> "Wanted":
    """Return the ledger to use, without reading more of the working tree than its layout needs."""
    try:
        folder = worktree_folder(settings)
    except NoMigrationsFolder:
        _refuse_unknown_ledger(settings.ledger)
        return _wanted(settings.ledger, detect.by_content("", ()))
    found = _sql(files.list_files(settings.root, folder))
    newest = [files.read_text(settings.root, path).text for path in found[-detect.SAMPLE :]]
    layout = layout_of(settings, folder, newest, found)
    _refuse_strange_ledger(settings, layout)
    return _wanted(settings.ledger, layout)


def _wanted(configured: str | None, layout: Layout) -> "Wanted":
    from migrate_hooks.ledgers.base import Wanted  # late: lint needs no ledger

    if configured:
        return Wanted(configured, certain=True)
    return Wanted(layout.ledger, own_tool=layout.name == layout.ledger)


def commit_folder(settings: Settings, commit: str) -> str | None:
    """Return the migrations folder of a commit, relative to the root, or None."""
    return _tracked(settings, commit, lambda name: git.list_tree(settings.root, commit, name))


def index_folder(settings: Settings) -> str | None:
    """Return the migrations folder of the index, relative to the root, or None."""
    return _tracked(settings, "", lambda name: git.list_index(settings.root, name))


def _tracked(settings: Settings, tree: str, files_of: Callable[[str], object]) -> str | None:
    """Return the first folder with files in it, or else the one that a link leads to."""
    names = tuple(_names(settings))
    links = (git.link(settings.root, tree, name) for name in names)
    inside = (real for real in links if real and not real.startswith(("..", "/")))
    return next((name for name in chain(names, inside) if files_of(name)), None)


def worktree_folder(settings: Settings) -> str:
    """Return the migrations folder of the working tree, relative to the root, links followed."""
    root = settings.root
    folder = next((name for name in _names(settings) if (root / name).is_dir()), None)
    if folder is None:
        raise _no_folder(settings)
    real = (root / folder).resolve()
    if not real.is_relative_to(root.resolve()):
        raise NoMigrationsFolder(
            f"{folder} leads out of the repository, to {real}: what is there has no history here, "
            "so it is neither read nor written.",
            "Move the files into a folder of this repository.",
        )
    folder = real.relative_to(root.resolve()).as_posix()
    _refuse_nested(root, folder)
    return folder


def _no_folder(settings: Settings) -> NoMigrationsFolder:
    wanted = settings.migrations or _below(settings, "migrations")
    make = f'mkdir -p {quote(wanted)} (or name yours: migrations = "…" in migrate-hooks.toml)'
    if os.path.lexists(settings.root / wanted):
        return NoMigrationsFolder(
            f"{wanted} is no folder, so there are no migrations.", f"Rename it, then: {make}."
        )
    return NoMigrationsFolder(
        f"There is no folder of migrations in {settings.base}.", f"Make one: {make}."
    )


def _refuse_nested(root: Path, folder: str) -> None:
    """Refuse a folder whose SQL files stand in folders that no layout knows: none would be seen."""
    found = _sql(files.list_files(root, folder))
    if not found or any(Path(path).parent == Path(folder) for path in found):
        return
    if any(layout.find(found) for layout in detect.layouts().values()):
        return
    raise NoMigrationsFolder(
        f"{folder} holds no migration that can be read: each SQL file stands in a folder of its "
        "own, and none of them is called migration.sql, as Prisma's are.",
        "Name files to lint them (`migrate-hooks lint FILE`), or compare databases with "
        "`migrate-hooks drift`: neither needs the folder.",
    )


def _names(settings: Settings) -> Iterable[str]:
    """Return where the migrations may be, relative to the root, most telling first."""
    if settings.migrations:
        return (settings.migrations,)
    return (_below(settings, name) for name in detect.candidate_folders())


def _below(settings: Settings, folder: str) -> str:
    below = settings.base.relative_to(settings.root)
    return (below / Path(folder)).as_posix()


def _sql(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(path for path in paths if path.endswith(".sql"))


def layout_of(
    settings: Settings, folder: str, texts: Sequence[str], paths: Sequence[str] = ()
) -> Layout:
    """Return the configured layout, or the one that `paths` and the newest of `texts` look like."""
    if settings.layout:
        return detect.by_name(settings.layout)
    return detect.by_content(folder, texts[-detect.SAMPLE :], paths)


def _source(settings: Settings, folder: str, found: Sequence[FileText]) -> Source:
    readable = {one.path: one.text for one in found if not one.problem}
    layout = layout_of(settings, folder, list(readable.values()), [one.path for one in found])
    _refuse_strange_ledger(settings, layout)
    paths = layout.find([one.path for one in found])
    migrations = [_read(layout, path, readable) for path in paths if path in readable]
    beside = (layout.beside(path) for path in paths)
    return Source(
        layout,
        folder,
        familiar.recognised(layout.name, migrations),
        _problems(found, (*paths, *filter(None, beside))),
        settings.ledger,
    )


def _read(layout: Layout, path: str, texts: Mapping[str, str]) -> Migration:
    return layout.read(path, texts[path], texts.get(layout.beside(path) or ""))


def _refuse_strange_ledger(settings: Settings, layout: Layout) -> None:
    """Refuse another tool's ledger: it spells versions as that tool's files do."""
    from migrate_hooks.ledgers.base import OWN

    _refuse_unknown_ledger(settings.ledger)
    if settings.ledger in (None, OWN, layout.ledger):
        return
    raise ConfigProblem(
        f'ledger = "{settings.ledger}" does not go with files of layout {layout.name}: that ledger '
        "calls migrations by other names, so every one would be both pending and unknown.",
        f'Write ledger = "{layout.ledger}" or ledger = "{OWN}", or name the layout of that tool.',
    )


def _refuse_unknown_ledger(name: str | None) -> None:
    known = member_names("migrate_hooks.ledgers.adapters")
    if name is not None and name not in known:
        raise ConfigProblem(f"There is no ledger {name!r}.", f"Known ledgers: {', '.join(known)}.")


def _problems(found: Sequence[FileText], paths: Sequence[str]) -> tuple[Finding, ...]:
    wrong: Mapping[str, str] = {one.path: one.problem for one in found if one.problem}
    return tuple(
        Finding(
            "structure/not-text",
            Severity.CRITICAL,
            f"{path} {wrong[path]}, so it is not known what it would do.",
            FilePlace(path),
            "Save it as UTF-8 text, or remove it from the migrations folder.",
        )
        for path in paths
        if path in wrong
    )
