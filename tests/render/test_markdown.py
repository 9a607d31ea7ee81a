"""Markdown for GitHub and GitLab: nothing that a database or a file is called becomes markup."""

import pytest

from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.render.base import Style
from migrate_hooks.render.formats.markdown import FORMAT, MARK


def _rendered(name: str) -> str:
    place = ObjectPlace("dev", "table", name)
    finding = Finding("drift/x", Severity.WARNING, f"table {name} differs.", place, f"Look: {name}")
    listing = Listing("Databases", ("database",), ((name,),))
    report = Report(
        "drift",
        Outcome.CLEAN,
        Exit.CLEAN,
        findings=(finding,),
        listings=(listing,),
        notes=(f"Of {name}.",),
    )
    return FORMAT.render(report, Style())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a|b", r"a\|b"),
        ("<script>", r"\<script\>"),
        ("`$(id)`", r"\`\$\(id\)\`"),
        ("@octocat", r"\@&#8203;octocat"),
        ("me@example", r"me\@&#8203;example"),
        ("#12", r"\#&#8203;12"),
        ("!7", r"\!&#8203;7"),
        ("&amp;", r"\&&#8203;amp;"),
        ("a\nb", "a<br>b"),
        ("[x](http://h)", r"\[x\]\(http\://h\)"),
    ],
)
def test_a_name_is_text_wherever_it_stands(name: str, shown: str) -> None:
    """A backslash alone does not keep GitHub from telling @octocat."""
    text = _rendered(name)
    assert text.startswith(f"{MARK}\n")
    assert text.count(shown) == 5
    assert name not in text.replace(shown, "")
