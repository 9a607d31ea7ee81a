"""The templates that `new` starts from: built in, or a project's own, which win."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from shlex import quote

from migrate_hooks.errors import ConfigProblem, UsageProblem
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files
from migrate_hooks.sql import parse, sections

DEFAULT = "blank"
BUILT_IN = Path(__file__).parent / "templates"

# Templates are SQL that runs as it stands; these are the names that a migration's words replace.
_TABLE, _COLUMN, _NEW_COLUMN = "example_table", "example_column", "new_example_column"
_WORDS = (
    r"rename_(?P<column>\w+?)_to_(?P<new>\w+?)_(?:on|in|of)_(?P<table>\w+)",
    r"(?:add|drop|fill|set)_(?P<column>\w+?)_(?:to|from|on|in|of)_(?P<table>\w+)",
    r"\w+?_(?:on|to|in|of|for)_(?P<table>\w+)",
    r"create_(?:table_)?(?P<table>\w+?)(?:_table)?",
    r"add_(?P<table>\w+?)_table",
)
_NO_COLUMNS = re.compile(r"(?:\w+_)?(?:columns?|constraint|index|policy|policies|rls|trigger)")
_RULE = re.compile(r"^-- ?[=-]{3,}[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Template:
    """One template: `origin` is "built in" or its path, `text` SQL with both sections."""

    name: str
    origin: str
    text: str

    @property
    def summary(self) -> str:
        """Return its first sentence, which stands in the comments."""
        lines = (line.removeprefix("--").strip() for line in self.text.splitlines()[1:])
        said = " ".join(line for line in lines if line and not line.startswith("migrate-hooks:"))
        return said.partition(". ")[0].rstrip(".") + "."


def every(settings: Settings) -> dict[str, Template]:
    """Return all templates by name; raises ConfigProblem for a folder that is not there."""
    found = _read_folder(BUILT_IN, "built in")
    if settings.templates is not None:
        own = settings.root / settings.templates
        if not own.is_dir():
            raise ConfigProblem(
                f"templates = {settings.templates!r}: there is no such folder.",
                f"Make it: mkdir -p {quote(settings.templates)}, or take the key out.",
            )
        found |= _read_folder(own, settings.templates)
    return dict(sorted(found.items()))


def find(settings: Settings, name: str) -> Template:
    """Return one template; an unknown name is answered with those that look like it."""
    known = every(settings)
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 1, 0.5)
    guess = f" Did you mean {near[0]}?" if near else ""
    raise UsageProblem(
        f"There is no template {name!r}.{guess}",
        f"Choose one of: {', '.join(known)}.",
    )


def _read_folder(folder: Path, origin: str) -> dict[str, Template]:
    found = {}
    for path in sorted(folder.glob("*.sql")):
        read = files.read_text(folder, path.name)
        if read.problem:
            raise ConfigProblem(f"The template {path} {read.problem}.", "Save it as UTF-8 text.")
        found[path.stem] = Template(path.stem, origin, read.text)
    return found


def filled(text: str, name: str) -> str:
    """Return a template's text with the table and columns that a migration's name tells.

    "add_email_to_users" puts users.email where the examples stood; a name that tells nothing, or
    something that is no name to PostgreSQL ("create_order"), leaves them.
    """
    told = next((found for words in _WORDS if (found := re.fullmatch(words, name))), None)
    if told is None:
        return text
    parts = told.groupdict()
    column = parts.get("column") or ""
    better = text
    if column and not _NO_COLUMNS.fullmatch(column):
        better = better.replace(_NEW_COLUMN, parts.get("new") or f"new_{column}")
        better = better.replace(_COLUMN, column)
    better = better.replace(_TABLE, parts["table"])
    return text if parse.syntax_problem(better) else better


def halves(text: str) -> tuple[str, str]:
    """Return what a template has for UP and for DOWN, without markers and the rules around them.

    A DOWN that stands in comments, as some layouts want it, is taken out of them.
    """
    found = sections.read(text)
    is_header = bool(found.markers) and found.parts[0].span.start > 0
    up = text[: found.markers[0].start].rstrip() if is_header else ""
    down = ""
    for part in found.parts:
        half = text[part.span.start : part.span.end]
        up, down = (up + half, down) if part.kind == "up" else (up, down + half)
    if any(marker.kind == "down" and marker.commented for marker in found.markers):
        down = re.sub(r"^--[ \t]?", "", _RULE.sub("", down), flags=re.MULTILINE)
    return _RULE.sub("", up).strip(), _RULE.sub("", down).strip()
