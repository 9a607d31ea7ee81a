"""`doctor`: one look at everything that has to be right, each part asked for itself.

What could not be looked at is never called "ok". Nothing is changed.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from migrate_hooks.actions import (
    doctor_machine,
    env_check,
    hook_files,
    install_check,
    outcome,
    sources,
    together,
)
from migrate_hooks.actions.env_check import Line
from migrate_hooks.errors import Failure, NotARepository, Unreachable
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, git_config

SECONDS = 3.0
_CONNECT_SECONDS = 2
_COLUMNS = ("what", "check", "result", "detail")


def run(start: Path, decide: Callable[[], Settings]) -> Report:
    """Look at the repository around `start`, at the configuration, and at all environments."""
    lines = [*doctor_machine.program(), *_hooks(start)]
    try:
        settings = decide()
    except Failure as failure:
        finding = outcome.finding(failure, Severity.CRITICAL)
        lines += [Line("configuration", "read", "see below", finding)]
        lines += [Line("environments", "all", "known by it alone", unchecked=True)]
        settings = None
    if settings:
        lines += _whole("configuration", _configuration(settings))
        lines += _whole("migrations", _migrations(settings))
        lines += _environments(settings)
    lines += _whole("engines", doctor_machine.engines(settings))
    lines += _whole("postgresql", doctor_machine.servers())
    lines += _whole("disk", doctor_machine.rooms(start))
    return _report(lines)


def _whole(about: str, lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines of a part; where one cannot be had, the rest of the part is not checked."""
    try:
        yield from lines
    except Failure as failure:
        finding = outcome.finding(failure, Severity.WARNING)
        yield Line(about, "all", "see below", finding, unchecked=True)


def _report(lines: list[Line]) -> Report:
    findings = tuple(line.finding for line in lines if line.finding)
    ending, code = outcome.of(findings, unchecked=any(line.unchecked for line in lines))
    return Report(
        action="doctor",
        outcome=ending,
        exit_code=code,
        findings=tuple(dict.fromkeys(findings)),
        listings=(
            Listing(
                "What was looked at",
                _COLUMNS,
                tuple((one.about, one.check, one.result, one.detail) for one in lines),
            ),
        ),
    )


def _hooks(start: Path) -> Iterator[Line]:
    """Yield git, and what `install --check` says."""
    try:
        root = git.require_root(start)
        number = ".".join(map(str, git_config.version(root)))
        yield Line("git", "repository", f"{root}, git {number}")
        yield from _each_hook(root)
    except NotARepository as outside:
        finding = outcome.finding(outside, Severity.WARNING)
        yield Line("git", "repository", "none here, so no hooks either", finding, unchecked=True)
    except Failure as failure:
        yield Line("hooks", "all", "see below", outcome.finding(failure, Severity.CRITICAL))


def _each_hook(root: Path) -> Iterator[Line]:
    answers = install_check.look(root)
    for one in answers:
        runs = f" ({one.runs})" if one.runs else ""
        yield Line("hooks", one.hook, f"{one.state}: {one.file}{runs}", one.problem)
    for finding in install_check.around(root, answers):
        yield Line("hooks", "around", "see below", finding)


def _configuration(settings: Settings) -> Iterator[Line]:
    file = settings.file
    where = hook_files.show(settings.root, file) if file else "no file, all defaults"
    chain = " -> ".join(one.name for one in settings.environments)
    yield Line("configuration", "read", f"{where}; {chain}")
    for line in env_check.files(settings):
        yield Line("configuration", ".env", line.detail, line.finding)


def _migrations(settings: Settings) -> Iterator[Line]:
    try:
        found = sources.from_worktree(settings)
    except Failure as failure:
        yield Line("migrations", "read", "see below", outcome.finding(failure, Severity.WARNING))
        return
    count = f"{len(found.migrations)} in {found.folder}, layout {found.layout.name}"
    yield Line("migrations", "read", count, next(iter(found.problems), None))


def _environments(settings: Settings) -> Iterator[Line]:
    """Ask all environments at the same time."""
    from migrate_hooks.outside import postgres  # noqa: F401 - to load it takes none of their time

    def ask(one: Environment) -> list[Line]:
        also = doctor_machine.dump_client
        found = env_check.environment(settings, one, connect_timeout=_CONNECT_SECONDS, also=also)
        return list(found)

    def scratch() -> list[Line]:
        return list(doctor_machine.scratch(settings, _CONNECT_SECONDS))

    questions: list[Callable[[], list[Line]]] = [partial(ask, one) for one in settings.environments]
    questions.append(scratch)
    *answers, own = together.asked(SECONDS, questions)
    for one, lines in zip(settings.environments, answers, strict=True):
        yield from lines if lines is not None else [_too_slow(one)]
    yield from own if own is not None else [doctor_machine.silent_scratch(SECONDS)]


def _too_slow(one: Environment) -> Line:
    name = one.name
    slow = Unreachable(
        f"{name} did not answer within {SECONDS:g} s, so nothing is known about it.",
        f"Ask it alone and wait longer: migrate-hooks env check {name}",
    )
    return env_check.wrong(name, "reachable", slow, unchecked=True)
