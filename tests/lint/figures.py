"""`make corpus`: how many labelled hazards are found, and what is said about safe files.

squawk judges the same UP, told the truth about the transaction that wraps each file, under its
default configuration; it knows one severity only, so its rules weigh what LABELS.toml gives them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from migrate_hooks.layouts import detect
from migrate_hooks.lint.facts import subject
from migrate_hooks.lint.hazards import HAZARDS
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.outside import squawk
from tests.lint.labelled import Label, Sample, judged, labels, samples

_BLOCKS = (Severity.CRITICAL,)
_SAID = (Severity.CRITICAL, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one linter makes of the corpus.

    `missed` are (file, label, severity) that it did not name with enough weight, `wanted` the
    number of labels by severity; `alarms` and `remarks` are {safe file: codes} that block, or only
    warn.
    """

    wanted: Mapping[Severity, int]
    missed: tuple[tuple[str, str, Severity], ...]
    alarms: Mapping[str, tuple[str, ...]]
    remarks: Mapping[str, tuple[str, ...]]

    def found(self, *severities: Severity) -> float:
        """Return the share of labels of these severities that was found."""
        wanted = sum(self.wanted[one] for one in severities)
        return 1 - sum(one[2] in severities for one in self.missed) / wanted


@cache
def ours() -> Figures:
    """Return our own figures: only a critical finding counts for a critical hazard."""
    found = {one.name: judged(one) for one in samples()}

    def names(label: Label, sample: Sample, severity: Severity) -> bool:
        enough = _BLOCKS if severity is Severity.CRITICAL else _SAID
        return any(
            label.is_named_by(one.code) for one in found[sample.name] if one.severity in enough
        )

    return _figures(
        names,
        lambda sample: _codes(found[sample.name], Severity.CRITICAL),
        lambda sample: _codes(found[sample.name], Severity.WARNING),
    )


@cache
def squawks() -> Figures:
    """Return squawk's figures."""
    found = {one.name: _squawked(one) for one in samples()}
    return _figures(
        lambda label, sample, _: any(rule in label.squawk for rule in found[sample.name]),
        lambda sample: tuple(rule for rule in found[sample.name] if rule in HAZARDS),
        lambda sample: tuple(rule for rule in found[sample.name] if rule not in HAZARDS),
    )


def _figures(
    names: Callable[[Label, Sample, Severity], bool],
    alarms: Callable[[Sample], tuple[str, ...]],
    remarks: Callable[[Sample], tuple[str, ...]],
) -> Figures:
    asked = [(one, name, weight) for one in samples() for name, weight in one.labels]
    safe = [one for one in samples() if not one.labels]
    return Figures(
        {weight: sum(one[2] is weight for one in asked) for weight in Severity},
        tuple(
            (sample.name, name, weight)
            for sample, name, weight in asked
            if not names(labels()[name], sample, weight)
        ),
        {one.name: said for one in safe if (said := alarms(one))},
        {one.name: said for one in safe if (said := remarks(one))},
    )


def _codes(found: tuple[Finding, ...], severity: Severity) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.code for one in found if one.severity is severity))


def _squawked(sample: Sample) -> tuple[str, ...]:
    layout = detect.by_name(sample.layout)
    migration = layout.read(sample.path, sample.text)
    one = subject(sample.path, None, sample.text, "", migration, True, layout.down_in_comments)
    raw = squawk.begin({sample.path: one.up_text}, in_transaction=one.in_transaction)()
    return tuple(dict.fromkeys(each.rule for each in raw))


def main() -> None:
    """Print the figures side by side, what we miss, and what we say about safe files."""
    mine, theirs = ours(), squawks()
    safe = sum(not one.labels for one in samples())
    lines = [f"{len(samples())} files, {safe} of them safe", f"{'':<38}{'ours':>8}{'squawk':>8}"]
    lines += [f"{words:<38}{row(mine):>8}{row(theirs):>8}" for words, row in _ROWS.items()]
    lines += [f"missed   {weight:<9}{label:<32}{name}" for name, label, weight in mine.missed]
    lines += [f"alarm    {name}: {', '.join(codes)}" for name, codes in mine.alarms.items()]
    lines += [f"remark   {name}: {', '.join(codes)}" for name, codes in mine.remarks.items()]
    print("\n".join(lines))  # noqa: T201 - it is a command


_ROWS: Mapping[str, Callable[[Figures], str]] = {
    "critical hazards found": lambda one: f"{one.found(Severity.CRITICAL):.1%}",
    "all hazards found": lambda one: f"{one.found(*_SAID):.1%}",
    "safe files with a critical finding": lambda one: str(len(one.alarms)),
    "safe files with a warning": lambda one: str(len(one.remarks)),
}

if __name__ == "__main__":
    main()
