"""What the other tests of this folder rely on: they would notice."""

from pathlib import Path

import pytest

from tests.docs import story
from tests.docs.markdown import blocks

PAGE = """\
<!-- run sh
ls
-->
```sh
echo "one" # exits 1
```

```text
one
```
Words.
```console
$ ls
```
Words.
````text
```sh
````
"""


def test_a_prompt_is_no_part_of_the_command() -> None:
    assert blocks(PAGE)[3].text == "ls\n"


def test_blocks_come_in_order_with_what_they_print() -> None:
    found = [(one.language, one.line, one.hidden, one.shown) for one in blocks(PAGE)]
    assert found == [
        ("sh", 1, True, None),
        ("sh", 4, False, "one\n"),
        ("text", 8, False, None),
        ("console", 12, False, None),
        ("text", 16, False, None),
    ]


@pytest.fixture
def shell(tmp_path: Path) -> story.Shell:
    return story.begin(tmp_path, {})


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ("true", 0),
        ("false\ntrue", 1),
        ("false | cat\ntrue", 1),
        ("echo $UNSET", 1),
        ("(exit 3)   # exits 3", 0),
        ("(exit 3)   # exits 1", 97),
        ("true       # exits 1", 97),
    ],
)
def test_a_block_fails_where_a_reader_would_stop(
    shell: story.Shell, commands: str, code: int
) -> None:
    assert shell.run(commands)[0] == code


def test_folder_and_variables_reach_the_next_block(shell: story.Shell) -> None:
    shell.run("mkdir 'a b'\ncd 'a b'\nWORD='two words'")
    code, printed = shell.run('echo "$WORD in ${PWD##*/}"')
    assert (code, printed) == (0, "two words in a b\n")


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a  b\n  c\n", "x\na b c\ny", True),
        ("a … c", "a\nb\nc", True),
        ("a…c", "abc", True),
        ("a.c", "abc", False),
        ("a … d", "a\nb\nc", False),
    ],
)
def test_what_is_shown_must_have_been_printed(shown: str, printed: str, expected: bool) -> None:
    assert story.is_printed(shown, printed) is expected
