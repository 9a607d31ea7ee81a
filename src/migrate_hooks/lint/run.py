"""Judge files: every rule and every engine, in an order that does not depend on the run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from migrate_hooks.lint import codes, suppress, waivers
from migrate_hooks.lint.base import Judge, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject, with_operations
from migrate_hooks.lint.merge import told_once
from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.registry import collect

RULES = "migrate_hooks.lint.rules"
_LOSSES = "data/"


def run(
    subjects: Sequence[Subject], context: Context, engines: Sequence[Judge] = ()
) -> tuple[Finding, ...]:
    """Return everything there is to say about `subjects`, sorted by path, line, column and code.

    `engines` are those that were begun on the same files. Raises what an engine raises when it is
    missing or refuses its configuration.
    """
    subjects = [with_operations(one, context) for one in subjects]
    there = tuple(one for one in subjects if not one.is_gone)
    readable = tuple(one for one in there if not one.problem and not one.is_blank)
    started = [judge(readable, context) for judge in engines]
    rules = collect(RULES, "RULE", Rule).values()
    found = {
        finding: None
        for one in subjects
        for rule in rules
        if codes.is_judged_by(rule, context.enable_rules) and rule.about_gone == one.is_gone
        for finding in _by_rule(rule, one, context)
    }
    for finish in started:
        found.update(dict.fromkeys(finish()))
    once = told_once(_reported(found, context), subjects, rules)
    return tuple(sorted(suppress.apply(once, there, context), key=_place))


def _by_rule(rule: Rule, one: Subject, context: Context) -> Iterator[Finding]:
    if rule.needs_text and (one.problem or one.is_blank):
        return
    for problem in rule.check(one, context):
        yield _finding(rule, one.path, problem)


def _finding(rule: Rule, path: str, problem: Problem) -> Finding:
    place = FilePlace(path, problem.line, problem.column)
    severity = problem.severity or rule.severity
    hint = problem.hint
    if rule.name.startswith(_LOSSES):  # nobody can prove that a loss is meant but its author
        hint = f"{hint} If it is meant, put `{waivers.line(rule.name)}` in the line above."
    return Finding(rule.name, severity, problem.message, place, hint)


def _reported(found: Iterable[Finding], context: Context) -> Iterator[Finding]:
    """Leave out what the configuration excludes; a name with a line break must not forge a line."""
    for one in found:
        # A room may be left out or weighed lightly; what nothing may silence in it stays.
        lasting = one.code in codes.NEVER
        if lasting or not codes.is_any(context.exclude_rules, one.code):
            weights = [each for code, each in context.severities if codes.matches(code, one.code)]
            severity = weights[-1] if weights and not lasting else one.severity
            message, hint = _one_line(one.message), _one_line(one.hint)
            yield replace(one, severity=severity, message=message, hint=hint)


def _one_line(words: str) -> str:
    return words.replace("\r", "\\r").replace("\n", "\\n")


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    if not isinstance(place, FilePlace):
        return "", 0, 0, finding.code, finding.message
    return place.path, place.line, place.column, finding.code, finding.message
