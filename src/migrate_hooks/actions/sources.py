"""Where migrations come from: the working tree, or a commit that is being pushed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from migrate_hooks.errors import NoMigrationsFolder
from migrate_hooks.layouts import base, detect
from migrate_hooks.layouts.base import Layout
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, git
from migrate_hooks.outside.files import FileText


@dataclass(frozen=True, slots=True)
class Source:
    """All migrations of one tree; `problems` are files that could not be read as migrations.

    `folder` is relative to the repository's root.
    """

    layout: Layout
    folder: str
    migrations: tuple[Migration, ...]
    problems: tuple[Finding, ...]

    @property
    def ledger(self) -> str:
        """The name of the ledger that this layout's own tool writes."""
        return self.layout.ledger


def from_worktree(settings: Settings) -> Source:
    """Read every migration of the working tree; raises NoMigrationsFolder."""
    folder = worktree_folder(settings)
    found = files.list_files(settings.root, folder)
    return _source(settings, folder, [files.read_text(settings.root, path) for path in _sql(found)])


def from_commit(settings: Settings, commit: str) -> Source:
    """Read every migration of a commit, whatever the working tree holds."""
    folder = commit_folder(settings, commit)
    if folder is None:
        return Source(detect.by_content("", ()), "", (), ())
    found = git.list_tree(settings.root, commit, folder)
    paths = _sql(path for path in found if _is_near(folder, path))
    blobs = git.read_blobs(settings.root, (f"{commit}:{path}" for path in paths))
    texts = [_text(path, blobs[f"{commit}:{path}"]) for path in paths]
    return _source(settings, folder, texts)


def _is_near(folder: str, path: str) -> bool:
    """Return whether the working tree's own list would have it: no deeper than one folder."""
    return len(PurePosixPath(path).relative_to(folder).parts) <= 2


def _text(path: str, blob: bytes | None) -> FileText:
    if blob is None:
        return FileText(path, "", "is a link that leads to no file of the commit")
    return files.decode(path, blob)


def commit_folder(settings: Settings, commit: str) -> str | None:
    """Return the migrations folder of a commit, relative to the root, or None."""
    return _choose(settings, lambda name: bool(git.list_tree(settings.root, commit, name)))


def index_folder(settings: Settings) -> str | None:
    """Return the migrations folder of the index, relative to the root, or None."""
    return _choose(settings, lambda name: bool(git.list_index(settings.root, name)))


def worktree_folder(settings: Settings) -> str:
    """Return the migrations folder of the working tree, relative to the root."""
    folder = _choose(settings, lambda name: (settings.root / name).is_dir())
    if folder is None:
        wanted = settings.migrations or _below(settings, "migrations")
        raise NoMigrationsFolder(
            f"There is no folder of migrations in {settings.base}.",
            f'Make one: mkdir -p {wanted} (or name yours: migrations = "…" in migrate-hooks.toml).',
        )
    _refuse_nested(settings.root, folder)
    return folder


def _refuse_nested(root: Path, folder: str) -> None:
    """Refuse a folder whose migrations are folders (Prisma's): not one of them would be seen."""
    found = _sql(files.list_files(root, folder))
    if not found or base.find(found) or any(Path(path).parent == Path(folder) for path in found):
        return
    raise NoMigrationsFolder(
        f"{folder} holds no migration that can be read: each SQL file stands in a folder of its "
        "own, as Prisma keeps them, and that layout is not supported yet.",
        "Name files to lint them (`migrate-hooks lint FILE`), or compare databases with "
        "`migrate-hooks drift`: neither needs the folder.",
    )


def _choose(settings: Settings, is_there: Callable[[str], bool]) -> str | None:
    if settings.migrations:
        return settings.migrations if is_there(settings.migrations) else None
    names = (_below(settings, name) for name in detect.candidate_folders())
    return next((name for name in names if is_there(name)), None)


def _below(settings: Settings, folder: str) -> str:
    below = settings.base.relative_to(settings.root)
    return (below / Path(folder)).as_posix()


def _sql(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(path for path in paths if path.endswith(".sql"))


def layout_of(settings: Settings, folder: str, texts: Sequence[str]) -> Layout:
    """Return the configured layout, or the one that the newest of `texts` look like."""
    if settings.layout:
        return detect.by_name(settings.layout)
    return detect.by_content(folder, texts[-detect.SAMPLE :])


def _source(settings: Settings, folder: str, found: Sequence[FileText]) -> Source:
    readable = {one.path: one.text for one in found if not one.problem}
    layout = layout_of(settings, folder, list(readable.values()))
    paths = layout.find([one.path for one in found])
    migrations = tuple(layout.read(path, readable[path]) for path in paths if path in readable)
    return Source(layout, folder, migrations, _problems(found, paths))


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
