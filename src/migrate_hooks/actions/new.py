"""`new`: write the next migration file from a template."""

from pathlib import Path
from shlex import quote

from migrate_hooks.actions import new_file, templating
from migrate_hooks.errors import Exit, UsageProblem
from migrate_hooks.lint import names
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings


def run(settings: Settings, words: str, template: str | None) -> Report:
    """Write a migration called after `words` and return where, with what to type next.

    Raises UsageProblem for a name without letters or an unknown template, NoMigrationsFolder, and
    Refused where a migration of that name is already there.
    """
    name = called(words)
    chosen = templating.find(settings, template or templating.DEFAULT)
    place = new_file.folder(settings)
    up, down = templating.halves(templating.filled(chosen.text, name))
    made = new_file.write(settings.root, place, name, up, down)
    return Report(
        action="new",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Created", ("path", "template"), ((made.path, chosen.name),)),),
        notes=(*made.notes, *_next_steps(settings, made.path, place.layout.beside(made.path))),
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


def called(words: str) -> str:
    """Return the name that words make; raises UsageProblem where there is no letter in them."""
    name = names.snake_case(words)
    if not name:
        said = f"{words!r} contains no letter or digit" if words.strip() else "A name is missing"
        raise UsageProblem(
            f"{said}: a migration is called after what it changes.",
            'Describe the change: migrate-hooks new "add email to users"',
        )
    return name


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
