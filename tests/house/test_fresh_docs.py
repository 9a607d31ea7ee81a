"""Generated pages say what the code says."""

import pytest

from docs.generate import PAGES, ROOT


@pytest.mark.parametrize("path", PAGES)
def test_a_generated_page_is_fresh(path: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == PAGES[path](), f"{path} is stale: run `make docs`"
