"""`new`: write the next migration file from a template."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote

from migrate_hooks.actions import sources, templating
from migrate_hooks.errors import Exit, Refused, UsageProblem
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import names
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import clock, files
from migrate_hooks.sql.split import statements

_ATTEMPTS = 60


@dataclass(frozen=True, slots=True)
class _Folder:
    """The migrations folder as it is: its path from the root, its layout and its files."""

    path: str
    layout: Layout
    files: tuple[str, ...]


def run(settings: Settings, words: str, template: str | None) -> Report:
    """Write a migration called after `words` and return where, with what to type next.

    Raises UsageProblem for a name without letters or an unknown template, NoMigrationsFolder, and
    Refused where a migration of that name is already there.
    """
    name = _name(words)
    chosen = templating.find(settings, template or templating.DEFAULT)
    folder = _folder(settings)
    _refuse_twin(folder, name)
    up, down = templating.halves(templating.filled(chosen.text, name))
    path, notes = _write(settings.root, folder, name, folder.layout.scaffold(up, down))
    _write_beside(settings.root, folder.layout, path, down)
    return Report(
        action="new",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Created", ("path", "template"), ((path, chosen.name),)),),
        notes=(*notes, *_next_steps(settings, path, folder.layout.beside(path))),
    )


def listing(settings: Settings) -> Report:
    """Return the templates that `run` can choose from, with where each one stands."""
    found = templating.every(settings).values()
    rows = tuple((one.name, one.origin, one.summary) for one in found)
    return Report(
        action="new",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Templates", ("name", "from", "about"), rows),),
        notes=("Use one: migrate-hooks new NAME --template create-table",),
    )


def _name(words: str) -> str:
    name = names.snake_case(words)
    if not name:
        said = f"{words!r} contains no letter or digit" if words.strip() else "A name is missing"
        raise UsageProblem(
            f"{said}: a migration is called after what it changes.",
            'Describe the change: migrate-hooks new "add email to users"',
        )
    return name


def _folder(settings: Settings) -> _Folder:
    path = sources.worktree_folder(settings)
    found = tuple(one for one in files.list_files(settings.root, path) if one.endswith(".sql"))
    texts = [files.read_text(settings.root, one).text for one in found]
    return _Folder(path, sources.layout_of(settings, path, texts, found), found)


def _refuse_twin(folder: _Folder, name: str) -> None:
    for path in folder.layout.find(folder.files):
        if _words(folder.layout, path) == name:
            raise Refused(
                f"A migration of that name is already there: {path}.",
                "Change that file if no database has it yet, or choose a name that says what is "
                "different this time.",
            )


def _words(layout: Layout, path: str) -> str:
    version = layout.version(path)
    stem = Path(path).stem if layout.beside(path) is None else Path(path).parent.name
    return stem.removeprefix(f"{version.digits}_") if version else stem


def _write(root: Path, folder: _Folder, name: str, body: str) -> tuple[str, tuple[str, ...]]:
    """Write the file under the first free second and return its path and what was special."""
    digits, notes = _next_version(folder, clock.utc_now())
    for _ in range(_ATTEMPTS):
        path = f"{folder.path}/{folder.layout.place(f'{digits}_{name}')}"
        try:
            files.write_new(root / path, body)
        except FileExistsError:  # somebody else was quicker
            digits = names.after(digits)
        else:
            return path, notes
    raise Refused(f"{folder.path} is being filled by somebody else.", "Run the command again.")


def _write_beside(root: Path, layout: Layout, path: str, down: str) -> None:
    """Write DOWN where it is a file of its own; a stated reason for having none is not one."""
    beside = layout.beside(path)
    if beside and statements(down):
        files.write_new(root / beside, f"{down}\n")


def _next_version(folder: _Folder, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return a version that is later than the newest file's, and a sentence if it is not now."""
    digits = names.stamp(now)
    known = [one.digits for path in folder.files if (one := folder.layout.version(path))]
    newest = max((text for text in known if names.moment(text)), default="")
    if newest < digits:
        return digits, ()
    taken = "has this second already" if newest == digits else "is dated in the future"
    later = names.after(newest)
    file = next(path for path in folder.files if f"/{newest}" in path)
    return later, (f"{file} {taken}, so the new migration takes the next one: {later}.",)


def _next_steps(settings: Settings, path: str, beside: str | None) -> tuple[str, ...]:
    first = settings.environments[0].name
    both = f"UP in {path} and DOWN in {beside}" if beside else f"UP and DOWN in {path}"
    whole = str(Path(path).parent) if beside else path
    return (
        f"Next: complete {both}, then",
        f"  migrate-hooks lint {quote(path)}",
        f"  git add {quote(whole)} && git commit",
        f"  migrate-hooks apply --env={first} --dry-run",
    )
