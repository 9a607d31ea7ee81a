"""Write the pages that are generated from the code; `tests/house/test_fresh_docs.py` compares them.

Run it with `make docs`. A page is a path relative to the repository and a function that returns its
text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from inspect import cleandoc
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from migrate_hooks.cli import options
from migrate_hooks.cli.main import NAME, PROGRAM
from migrate_hooks.config import targets
from migrate_hooks.config.keys import ENVIRONMENT_KEYS, KEYS, Key
from migrate_hooks.config.load import FILE_NAME, VARIABLE_PREFIX, load, spell
from migrate_hooks.errors import EXIT_MEANINGS
from migrate_hooks.events import manifest, shim
from migrate_hooks.events.base import GitEvent, every
from migrate_hooks.lint import fixing, pages
from migrate_hooks.lint.pages import Page
from migrate_hooks.model.environment import Environment
from migrate_hooks.schema import severity, snapshot

ROOT = Path(__file__).parents[1]
RULES = "docs/rules"

_CHAIN_HEADER = ("Environment", "branch", "protected", "unchecked")

# How an environment's default reads where it depends on the environment.
_DEFAULTS = {
    "branch": "its name",
    "protected": "see below",
    "unchecked": "see below",
}


def exit_codes() -> str:
    """Return the table of exit codes."""
    rows = [(str(int(code)), meaning) for code, meaning in EXIT_MEANINGS.items()]
    return (
        "# Exit codes\n\n"
        "Generated from `src/migrate_hooks/errors.py` by `make docs`.\n\n"
        f"| Code | Meaning |\n|---:|---|\n{_rows(rows)}\n"
        "The code is also in the JSON report as `exit_code`, beside an `outcome` in one word.\n"
        "What could not be checked is never reported as clean.\n"
    )


def configuration() -> str:
    """Return the page of all configuration keys, and of the variables that hold a DSN."""
    with TemporaryDirectory() as empty:
        chain = load(Path(empty), None, {}).environments
    header = ("Key", "Form", "Default", "Variable", "Meaning")
    rows = [(*_key(key), f"`{_variable(key)}`", key.meaning) for key in KEYS]
    own_header = ("Key", "Form", "Default", "Meaning")
    own_rows = [(*_key(key), key.meaning) for key in ENVIRONMENT_KEYS]
    return (
        "# Configuration\n\n"
        "Generated from `src/migrate_hooks/config/` by `make docs`.\n\n"
        f"No file is needed. If there is one, it is `{FILE_NAME}`, or `[tool.migrate-hooks]`\n"
        "in `pyproject.toml`: the one nearest to the current folder, up to the repository's root.\n"
        "A variable wins over the file, an option of the command line over both. An unknown key\n"
        "is an error. `migrate-hooks config show` prints every value and where it came from.\n"
        f"\n## Keys\n\n{_table(header, rows)}\n"
        "A duration is a number with `ms`, `s`, `m`, `h` or `d`; a bare number counts seconds.\n"
        "`exposed_schemas` and `server_version` are also taken from `supabase/config.toml`\n"
        "(`api.schemas`, `db.major_version`) when nothing else sets them.\n"
        "\n## Environments\n\n"
        "Each is a table, `[environments.NAME]`; their order is the order of deployment. Writing\n"
        "one replaces the default chain, so write all of them.\n\n"
        f"{_table(own_header, own_rows)}\n"
        "Without any such table this chain is in force:\n\n"
        f"{_table(_CHAIN_HEADER, map(_environment, chain))}\n"
        "`production` and `prod` are protected unless the file says otherwise; `unchecked` is\n"
        "`block` for a protected environment and `warn` for any other.\n"
        f"\n## Where a connection string comes from\n\n{_lookup(chain[1])}"
    )


def _key(key: Key) -> tuple[str, str, str]:
    default = _DEFAULTS.get(key.name) or spell(key.name, key.default)
    return f"`{key.name}`", key.form, default


def _variable(key: Key) -> str:
    return VARIABLE_PREFIX + key.name.replace(".", "_").upper()


def _environment(one: Environment) -> tuple[str, ...]:
    return one.name, one.branch, str(one.protected).lower(), one.unchecked


def _lookup(one: Environment) -> str:
    names = ", ".join(f"`{name}`" for name in targets.variable_names(one))
    files = [f"`{name}`" for name in targets.file_names(one)]
    return (
        f"For `{one.name}`, the first of these wins, and every command names it:\n\n"
        f"1. the variables of `url_env`, then {names}, in the process's environment;\n"
        f"2. the same names in {', '.join(files)}, in this order,\n"
        "   beside the configuration file; in a linked worktree of git then where the main one\n"
        "   has them, since git does not copy what it ignores.\n\n"
        f"Plain `DATABASE_URL` counts too, but only in {files[0]} and {files[1]}:\n"
        "a `DATABASE_URL` that stands in your shell never decides which server is changed.\n\n"
        "The configuration file may only name variables, or say `embedded`: a connection string\n"
        "in it is refused.\n"
    )


def cli() -> str:
    """Return the reference of all commands."""
    shared = options.shared(click.Command("any")).params[::-1]
    context = click.Context(PROGRAM, info_name=NAME, terminal_width=100)
    sections = [_section(*found, {one.name for one in shared}) for found in _commands(context)]
    return (
        "# Commands\n\n"
        "Generated from `src/migrate_hooks/cli/commands/` by `make docs`. Exit codes:\n"
        "[`EXIT_CODES.md`](EXIT_CODES.md).\n\n"
        "Every command has these options:\n\n"
        f"{_options(shared, context)}\n" + "\n".join(sections)
    )


def _commands(context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield every command that can be typed, with the context that knows its whole name."""
    group = context.command
    if not isinstance(group, click.Group):
        yield group, context
        return
    if group.invoke_without_command:
        yield group, context
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            yield from _commands(click.Context(command, parent=context, info_name=name))


def _section(command: click.Command, context: click.Context, shared: set[str | None]) -> str:
    own = [one for one in command.params if one.name not in shared]
    table = _options(own, context)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    said = "\n\n".join(map(_paragraph, cleandoc(command.help or "").split("\n\n")))
    return f"## {context.command_path}\n\n{said}\n\n`{usage}`\n" + (f"\n{table}" if table else "")


def _paragraph(text: str) -> str:
    """Return a paragraph of help; what click leaves as it stands becomes a block of code."""
    if not text.startswith("\b\n"):
        return text
    title, *lines = text.splitlines()[1:]
    return "\n".join([title, "", *(f"  {line}" for line in lines)])


def _options(params: Sequence[click.Parameter], context: click.Context) -> str:
    records = [one.get_help_record(context) for one in params if isinstance(one, click.Option)]
    rows = [(f"`{words}`", meaning) for words, meaning in filter(None, records)]
    return _table(("Option", "Meaning"), rows) if rows else ""


def _table(header: Sequence[str], rows: Iterable[tuple[str, ...]]) -> str:
    return f"| {' | '.join(header)} |\n|{'---|' * len(header)}\n{_rows(rows)}"


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    cells = ((cell.replace("|", "\\|") for cell in row) for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def hook(event: GitEvent) -> str:
    """Return a shim as it is before `install` writes an interpreter into it."""
    return shim.write(event, shim.Interpreter())


def rule(page: Page) -> str:
    """Return the page of one code."""
    return pages.text(page).replace("\n", "\n\nGenerated by `make docs`.\n", 1)


def rules() -> str:
    """Return the list of all rules."""
    header = ("Code", "Found by", "Severity", "Default", "What it finds")
    rows = ((*_linked(one), one.summary) for one in pages.every())
    return (
        "# Rules\n\n"
        "Generated from `src/migrate_hooks/lint/` by `make docs`. `migrate-hooks rule CODE`\n"
        "prints a page, `migrate-hooks rule --list` this table.\n\n"
        f"{_table(header, rows)}"
    )


def _linked(one: Page) -> tuple[str, ...]:
    file = _rule_file(one)
    code = f"[`{one.code}`]({file})" if file else f"`{one.code}`"
    return code, one.engine, str(one.severity), "opt-in" if one.opt_in else "on"


def _rule_file(one: Page) -> str:
    """Return the name of a code's page below docs/rules, "" for a room that has none."""
    return "" if one.code.endswith("*") else f"{one.code.replace('/', '-')}.md"


def _rule_pages() -> Iterator[tuple[str, Callable[[], str]]]:
    yield f"{RULES}/README.md", rules
    for one in pages.every():
        if _rule_file(one):
            yield f"{RULES}/{_rule_file(one)}", partial(rule, one)


_FIXES = """\
`migrate-hooks lint --fix` mends the files that `migrate-hooks lint` would judge with the same
words, over and over until nothing changes, and then reports what it did and what remains.
`--diff` (with or without `--fix`) prints the same as a patch that `git apply` takes, and writes
nothing.

| | Exit code |
|---|---|
| `--fix` | that of the files as they are afterwards: 0 clean, 1 when something critical remains |
| `--diff` | 1 when there is something to change or something critical remains, else 0 |

A change is kept only if it can be proved: the finding is gone, nothing critical came in its
place, PostgreSQL's parser takes the new text, every comment still stands, and what was not
meant is there byte for byte, in its order. Line ends, a byte order mark and the mode of the
file stay. What is not certain is left, and the report says why.

Never touched, and said: files that the target branch has, files with staged changes and others
that are not staged, links, read-only files, and whatever a waiver keeps. A file that `--staged`
mends is mended on disk; stage it again. New files are not staged either.

An unreleased file that is renamed may have been applied to a database of your own: there the
new name counts as a new migration.

A file is written whole or not at all: first the new files, then those that lose a statement to
them, then names change.
"""


def fixes() -> str:
    """Return the page of what --fix can mend."""
    known = {one.code: _rule_file(one) for one in pages.every()}
    rows = (
        (
            f"`{one.name}`",
            one.summary,
            ", ".join(_code(code, known.get(code, "")) for code in one.codes),
        )
        for one in fixing.fixes().values()
    )
    return (
        "# Fixes\n\n"
        "Generated from `src/migrate_hooks/lint/fixes/` by `make docs`.\n\n"
        f"{_FIXES}\n{_table(('Fix', 'What it does', 'For findings of'), rows)}"
    )


def _code(code: str, file: str) -> str:
    return f"[`{code}`](rules/{file})" if file else f"`{code}`"


def drift() -> str:
    """Return the page about drift with its two tables written anew; the words stay."""
    page = (ROOT / "docs/DRIFT.md").read_text(encoding="utf-8")
    kinds = [
        (kind.name, ", ".join(f"`{name}`" for name in kind.attributes)) for kind in snapshot.kinds()
    ]
    compared = _table(("Kind", "Attributes"), sorted(kinds))
    for table in (severity.markdown(), compared):
        header = re.escape(table.partition("\n")[0])
        # Through a function, as a backslash of a text would be read as an escape.
        page = re.sub(rf"^{header}\n(\|.*\n)*", partial(_instead, table), page, flags=re.M)
    return page


def _instead(table: str, _: re.Match[str]) -> str:
    return table


PAGES: dict[str, Callable[[], str]] = {
    "docs/CLI.md": cli,
    "docs/CONFIGURATION.md": configuration,
    "docs/DRIFT.md": drift,
    "docs/EXIT_CODES.md": exit_codes,
    "docs/FIXES.md": fixes,
    ".pre-commit-hooks.yaml": lambda: manifest.text(every()),
    **{f"githooks/{event.name}": partial(hook, event) for event in every()},
    **dict(_rule_pages()),
}


def stale() -> tuple[Path, ...]:
    """Return the pages of rules that are no more."""
    found = (ROOT / RULES).glob("*")
    return tuple(file for file in found if file.relative_to(ROOT).as_posix() not in PAGES)


def main() -> None:
    """Write every page; the page of a rule that is gone goes, too."""
    for old in stale():
        old.unlink()
    (ROOT / RULES).mkdir(exist_ok=True)
    for path, page in PAGES.items():
        (ROOT / path).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
