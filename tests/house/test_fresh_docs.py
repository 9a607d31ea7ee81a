"""Generated pages say what the code says."""

import pytest

from docs.generate import PAGES, ROOT, stale


@pytest.mark.parametrize("path", PAGES)
def test_a_generated_page_is_fresh(path: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == PAGES[path](), f"{path} is stale: run `make docs`"


def test_no_page_outlives_its_rule() -> None:
    assert stale() == ()
