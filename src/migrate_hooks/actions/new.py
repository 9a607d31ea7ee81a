"""`new`: write the next migration file from a template."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote

from migrate_hooks.actions import sources, templating
from migrate_hooks.errors import Exit, Refused, UsageProblem
from migrate_hooks.layouts import base
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import names
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import clock, files

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
    body = folder.layout.scaffold(*templating.halves(templating.filled(chosen.text, name)))
    path, notes = _write(settings.root, folder, name, body)
    return Report(
        action="new",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Created", ("path", "template"), ((path, chosen.name),)),),
        notes=(*notes, *_next_steps(settings, path)),
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
    return _Folder(path, sources.layout_of(settings, path, texts), found)


def _refuse_twin(folder: _Folder, name: str) -> None:
    for path in folder.layout.find(folder.files):
        if base.title(path) == name:
            raise Refused(
                f"A migration of that name is already there: {path}.",
                "Change that file if no database has it yet, or choose a name that says what is "
                "different this time.",
            )


def _write(root: Path, folder: _Folder, name: str, body: str) -> tuple[str, tuple[str, ...]]:
    """Write the file under the first free second and return its path and what was special."""
    digits, notes = _next_version(folder, clock.utc_now())
    for _ in range(_ATTEMPTS):
        path = f"{folder.path}/{digits}_{name}.sql"
        try:
            files.write_new(root / path, body)
        except FileExistsError:  # somebody else was quicker
            digits = names.after(digits)
        else:
            return path, notes
    raise Refused(f"{folder.path} is being filled by somebody else.", "Run the command again.")


def _next_version(folder: _Folder, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return a version that is later than the newest file's, and a sentence if it is not now."""
    digits = names.stamp(now)
    known = [one.text for path in folder.files if (one := folder.layout.version(path))]
    newest = max((text for text in known if names.moment(text)), default="")
    if newest < digits:
        return digits, ()
    taken = "has this second already" if newest == digits else "is dated in the future"
    later = names.after(newest)
    file = next(path for path in folder.files if Path(path).name.startswith(newest))
    return later, (f"{file} {taken}, so the new migration takes the next one: {later}.",)


def _next_steps(settings: Settings, path: str) -> tuple[str, ...]:
    first = settings.environments[0].name
    return (
        f"Next: complete UP and DOWN in {path}, then",
        f"  migrate-hooks lint {quote(path)}",
        f"  git add {quote(path)} && git commit",
        f"  migrate-hooks apply --env={first} --dry-run",
    )
