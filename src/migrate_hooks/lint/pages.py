"""What can be read about a code: the page of a rule of ours, and what is known of an engine's."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill, indent

from migrate_hooks.lint import codes
from migrate_hooks.lint.base import Example, Rule
from migrate_hooks.lint.hazards import CONTRADICTED, HAZARDS, QUIET, Hazard
from migrate_hooks.model.finding import Severity

OURS = "migrate-hooks"
_WIDTH = 100
_SHOWN = 3  # examples of each side; the rest only tests details

# Hazards speak of the table and the object of a statement; a page has to invent them.
_NAMES = {"table": "orders", "target": "NAME"}


@dataclass(frozen=True, slots=True)
class Page:
    """One code: who finds it, how much it weighs unless the file or the configuration decides."""

    code: str
    engine: str
    severity: Severity
    summary: str
    why: str
    instead: str
    opt_in: bool = False
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()


def every() -> Iterator[Page]:
    """Yield a page for each rule of ours, each hazard in our words, and each engine's rest."""
    for rule in codes.rules().values():
        yield _of_rule(rule)
    for name, hazard in sorted(HAZARDS.items()):
        yield _of_hazard(name, hazard)
    yield _of_squawk("*")
    yield _of_sqlfluff("*")


def find(code: str) -> Page | None:
    """Return the page of one code, None where no finding has it."""
    rule = codes.rules().get(code)
    if rule is not None:
        return _of_rule(rule)
    room, _, name = code.partition("/")
    if not codes.is_known(code) or name == "not-checked":
        return None
    if name in HAZARDS:
        return _of_hazard(name, HAZARDS[name])
    engines = {"squawk": _of_squawk, "sqlfluff": _of_sqlfluff}
    return engines[room](name) if room in engines else None


def text(page: Page) -> str:
    """Return a page as Markdown that also reads well as plain text."""
    weight = f"{page.severity}{', opt-in' if page.opt_in else ''}, found by {page.engine}"
    parts = [
        f"# {page.code}",
        fill(page.summary, _WIDTH),
        f"Severity: {weight}.",
        _section("Why", page.why),
        _section("Instead", page.instead),
        *_switch(page),
        *_examples("Bad", page.bad),
        *_examples("Good", page.good),
        "\n\n".join(["## How to waive it", *_waive(page)]),
    ]
    return "\n\n".join(parts) + "\n"


def _switch(page: Page) -> Iterator[str]:
    if page.opt_in:
        yield (
            "## How to turn it on\n\n"
            f'`enable_rules = ["{page.code}"]` under `[lint]`, or the whole room with '
            f'`"{page.code.partition("/")[0]}/*"`.'
        )


def _section(title: str, words: str) -> str:
    return f"## {title}\n\n{fill(words, _WIDTH, break_long_words=False, break_on_hyphens=False)}"


def _examples(title: str, examples: tuple[Example, ...]) -> Iterator[str]:
    shown = [one for one in examples if one.text.strip()][:_SHOWN]
    if shown:
        yield f"## {title}\n\n" + "\n\nor\n\n".join(_example(one) for one in shown)


def _example(one: Example) -> str:
    """Return the file as a block, under its name and beside its neighbours where they matter."""
    around = [
        *((f"{path}, as the target branch has it", text) for path, text in one.before),
        *((f"{path}, on another branch", text) for path, text in one.elsewhere),
        *one.others,
    ]
    files = [*around, (one.path, one.text)] if around else [("", one.text)]
    lead = f"Beside {', '.join(one.known)}:\n\n" if one.known else ""
    named = ((f"-- {path}\n" if path else "") + body.strip("\n") for path, body in files)
    blocks = (indent(body.replace("\r", ""), "    ") for body in named)
    return lead + "\n\n".join(blocks)


def _waive(page: Page) -> Iterator[str]:
    if codes.is_never(page.code):
        yield f"It cannot be waived: {codes.why_never(page.code)}."
        return
    yield (
        "Directly above the statement that it is about, or in the head of the file, apart from\n"
        "the first statement, for the whole file:"
    )
    yield f"    -- migrate-hooks: ignore {page.code} because REASON"
    room, _, name = page.code.partition("/")
    if room == "squawk" and name != "*":
        yield f"`-- squawk-ignore {name}` above the statement does the same without a reason."
    if room == "sqlfluff":
        yield "`-- noqa` behind the line does the same without a reason."
    yield f'For the whole repository: `exclude_rules = ["{page.code}"]` under `[lint]`.'


def _of_rule(rule: Rule) -> Page:
    return Page(
        rule.name,
        OURS,
        rule.severity,
        rule.summary,
        rule.why,
        rule.instead,
        rule.opt_in,
        rule.bad,
        rule.good,
    )


def _of_hazard(name: str, hazard: Hazard) -> Page:
    words = {**_NAMES, "rule": name}
    message, hint = hazard.message.format_map(words), hazard.hint.format_map(words)
    scope = " On a table that no release has seen it is not reported." if hazard.on_rows else ""
    summary = message.partition(": ")[0].rstrip(".") + "."
    return Page(f"squawk/{name}", "squawk", hazard.severity, summary, message + scope, hint)


def _of_squawk(name: str) -> Page:
    which = "Any other rule" if name == "*" else f"The rule {name}"
    why = "squawk's own message and help say why; they stand with the finding."
    if name in CONTRADICTED:
        why = "It is not reported: our runner, or a rule of ours, makes it pointless."
    return Page(
        f"squawk/{name}",
        "squawk",
        Severity.INFO if name in QUIET else Severity.WARNING,
        f"{which} of squawk, in squawk's own words.",
        why,
        "Follow the finding's hint; `.squawk.toml` in the repository's root is honoured.",
    )


def _of_sqlfluff(name: str) -> Page:
    which = "Any rule" if name == "*" else f"The rule {name}"
    return Page(
        f"sqlfluff/{name}",
        "sqlfluff",
        Severity.WARNING,
        f"{which} of sqlfluff: style, so never more than a warning.",
        "Files that look alike are read faster; `sqlfluff rules` says what each rule is about.",
        "Let `migrate-hooks lint --fix` mend layout and case; `.sqlfluff` in the repository's root "
        "is honoured.",
    )
