"""What a message, a page or a template tells to type is a command that exists, with its options.

The words are read by click's own parsers. Where the command's name is known at run time only, the
tests of that action look at it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from migrate_hooks.cli.main import NAME, PROGRAM

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/migrate_hooks"
BY_CLICK = ROOT / "docs/CLI.md"
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")} - {BY_CLICK})
SCRIPTS = (*(ROOT / "githooks").iterdir(), *(SOURCE / "actions/templates").glob("*.sql"))

# Stands for what is known at run time only, or is the reader's choice.
LATER = "\0"

_LATER = re.compile(r"\{\w*\}|<[\w ]+>|…|\.\.\.|(?<=[ =])\w+(?:\|\w+)+")
_QUOTED = re.compile(r"`([^`\n]+)`")
# Prose says what migrate-hooks does; a colon, "run" or the beginning of a line say what to type.
_PLAIN = re.compile(
    rf"(?P<lead>^[ $]*|: |\b[Rr]un |)(?<![\w`/.-]){NAME} (?P<words>[a-z][^`\n|]*)", re.M
)
_STOPS = ".,;:)'\"!?]"

COMMANDS = PROGRAM.list_commands(click.Context(PROGRAM))


class Words(NamedTuple):
    """Words behind the program's name; `alone` says that no sentence goes on behind them."""

    place: str
    text: str
    alone: bool


def test_every_command_that_is_told_can_be_typed(subtests: pytest.Subtests) -> None:
    told = sorted(set(_told()))
    assert len(told) > 200, "the sources name far more than that"
    for words in told:
        with subtests.test(words.place, words=words.text):
            _read(words)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Look first: migrate-hooks stat --env={name}.", "No such command 'stat'"),
        ("Run `migrate-hooks status --environment=x`", "No such option '--environment'"),
        ("`migrate-hooks backup verfy`", "No such command 'verfy'"),
        ("$ migrate-hooks apply --env=dev --allow drop-tables", "'drop-tables' is not one of"),
        ("see (`lint --fixx`)", "No such option '--fixx'"),
    ],
)
def test_a_command_that_cannot_be_typed_is_noticed(text: str, wrong: str) -> None:
    (words,) = _in_text("here", text)
    with pytest.raises(click.UsageError, match=wrong):
        _read(words)


def test_what_the_program_does_is_not_taken_for_a_command() -> None:
    assert [*_in_text("here", "A server that migrate-hooks starts for you, `as lint` does.")] == []


def _told() -> Iterator[Words]:
    for file in SOURCE.rglob("*.py"):
        for line, text in _strings(ast.parse(file.read_text("utf-8"))):
            yield from _in_text(f"{file.relative_to(ROOT)}:{line}", text)
    for file in (*PAGES, *SCRIPTS):
        yield from _in_text(str(file.relative_to(ROOT)), file.read_text("utf-8"))


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of all strings, an f-string as one of them."""
    composed = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in composed for part in node.values}
    for node in composed:
        yield node.lineno, "".join(_constant(part) or LATER for part in node.values)
    for other in ast.walk(tree):
        if id(other) not in parts and _constant(other):
            yield getattr(other, "lineno", 0), _constant(other)


def _constant(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_text(place: str, text: str) -> Iterator[Words]:
    plain = _LATER.sub(LATER, text.replace("\\\n", " "))
    for span in _QUOTED.finditer(plain):
        words = span[1].removeprefix(f"{NAME} ")
        if words != span[1] or _is_command_with_options(words):
            yield Words(place, words, alone=True)
    for found in _PLAIN.finditer(plain):
        first = found["words"].split()[0].rstrip(_STOPS)
        if found["lead"] or first in COMMANDS:
            yield Words(place, found["words"], alone=False)


def _is_command_with_options(words: str) -> bool:
    first, _, rest = words.partition(" ")
    return first in COMMANDS and rest.startswith("--")


def _read(told: Words) -> None:
    """Raises click.UsageError where the words cannot be typed."""
    ctx, words = _command(told.text.partition(" #")[0].split())
    if not told.alone:
        words = _leading_options(ctx, words)
    if words and _wants_value(ctx, words[-1]):
        words = [*words, LATER]
    values, _, _ = ctx.command.make_parser(ctx).parse_args(list(words))
    for one in ctx.command.params:
        _check(ctx, one, values.get(one.name or ""))


def _command(words: list[str]) -> tuple[click.Context, list[str]]:
    """Walk down the groups as far as words name commands, and return what is left of the words."""
    ctx = click.Context(PROGRAM, info_name=NAME)
    while isinstance(ctx.command, click.Group) and words and words[0][0] not in f"-{LATER}":
        name = words[0].rstrip(_STOPS).partition(LATER)[0]
        command = ctx.command.get_command(ctx, name)
        if command is None:
            raise click.NoSuchCommand(name, ctx=ctx)
        ctx, words = click.Context(command, ctx, name), words[1:]
    return ctx, words


def _leading_options(ctx: click.Context, words: list[str]) -> list[str]:
    """Return the options that the words begin with, and values that stand apart from them."""
    kept: list[str] = []
    for word in words:
        is_value = bool(kept) and _wants_value(ctx, kept[-1])
        if not word.startswith("-") and not is_value:
            break
        kept.append(word.rstrip(_STOPS))
        if kept[-1] != word:
            break
    return kept


def _wants_value(ctx: click.Context, word: str) -> bool:
    options = [one for one in ctx.command.params if isinstance(one, click.Option)]
    return any(
        word in one.opts and not one.is_flag and not isinstance(one.flag_value, str)
        for one in options
    )


def _check(ctx: click.Context, one: click.Parameter, value: object) -> None:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(one.type, click.Choice) and isinstance(each, str) and LATER not in each:
            one.type.convert(each, one, ctx)
