"""Every link inside the documentation leads somewhere."""

from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, anchors, links, name

PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))


def broken(page: Path) -> list[str]:
    """Return the links of a page to a file or heading that is not there."""
    return [goal for goal in links(page.read_text("utf-8")) if not _leads_somewhere(page, goal)]


def _leads_somewhere(page: Path, goal: str) -> bool:
    if goal.startswith(("https://", "mailto:")):
        return True
    path, _, anchor = goal.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return False
    return not anchor or anchor in anchors(file.read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A title: with signs\n"
        "[a](#a-title-with-signs) [b](#no-such) [c](page.md#title) [d](e.md)\n"
        "`[code](none.md)` [`code`](page.md) [web](https://example.org/)\n"
        "```text\n# no heading\n[e](f.md)\n```\n[g](#no-heading)\n"
    )
    assert broken(page) == ["#no-such", "page.md#title", "e.md", "#no-heading"]
