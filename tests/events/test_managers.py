"""Our lines in the configuration of a hook manager: text in, text out, and out again."""

import tomllib

import pytest

from migrate_hooks.events import base, manager
from migrate_hooks.events.manager import BEGIN, END

EVENTS = tuple(base.by_name(name) for name in ("pre-commit", "pre-push"))
MANAGERS = manager.every()

PRE_COMMIT = ".pre-commit-config.yaml"
LEFTHOOK = "lefthook.yml"


def shape(text: str) -> str:
    """Return a text with only the marks of our blocks and nothing between them."""
    kept, ours = [], False
    for line in text.splitlines():
        if line.strip() == END:
            ours = False
        if not ours:
            kept.append(line)
        if line.strip() == BEGIN:
            ours = True
    return "\n".join(kept).replace(BEGIN, "<").replace(END, ">")


UNDERSTOOD = {
    "a list at the left": (
        "pre-commit",
        PRE_COMMIT,
        "repos:\n- repo: x\n  hooks:\n  - id: a\n",
        "repos:\n- repo: x\n  hooks:\n  - id: a\n<\n>",
    ),
    "keys and comments behind the list": (
        "pre-commit",
        PRE_COMMIT,
        "# top\nrepos: # all\n  - repo: x\n    hooks: [{id: a}]\n\n# about CI\nci:\n  skip: [a]\n",
        "# top\nrepos: # all\n  - repo: x\n    hooks: [{id: a}]\n  <\n  >\n\n# about CI\n"
        "ci:\n  skip: [a]",
    ),
    "prek's own file": (
        "pre-commit",
        "prek.toml",
        '[[repos]]\nrepo = "builtin"\nhooks = [{ id = "x" }]\n',
        '[[repos]]\nrepo = "builtin"\nhooks = [{ id = "x" }]\n<\n>',
    ),
    "no hook of that name yet": (
        "lefthook",
        LEFTHOOK,
        "post-checkout:\n  commands:\n    a:\n      run: x\n",
        "post-checkout:\n  commands:\n    a:\n      run: x\n<\n>",
    ),
    "beside its commands": (
        "lefthook",
        LEFTHOOK,
        "pre-push:\n  parallel: true\n  commands: # all\n      a:\n        run: x\n",
        "pre-push:\n  parallel: true\n  commands: # all\n      <\n      >\n      a:\n"
        "        run: x\n<\n>",
    ),
    "beside its jobs": (
        "lefthook",
        LEFTHOOK,
        "pre-push:\n  jobs:\n  - run: x\n",
        "pre-push:\n  jobs:\n  <\n  >\n  - run: x\n<\n>",
    ),
    "where it has neither": (
        "lefthook",
        LEFTHOOK,
        "'pre-push':\n    scripts:\n        a.sh:\n            runner: sh\n",
        "'pre-push':\n    <\n    >\n    scripts:\n        a.sh:\n            runner: sh\n<\n>",
    ),
    "lefthook in TOML": (
        "lefthook",
        "lefthook.toml",
        '[pre-push.commands.a]\nrun = "x"\n',
        '[pre-push.commands.a]\nrun = "x"\n<\n>',
    ),
    "nothing at all": ("lefthook", LEFTHOOK, "", "<\n>"),
}


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_ours_go_in_and_come_out_and_nothing_else_moves(case: str) -> None:
    name, file, before, wanted = UNDERSTOOD[case]
    one = MANAGERS[name]
    made = one.add(file, before, EVENTS)
    assert made is not None
    assert shape(made) == wanted
    assert one.calls(made) == {"pre-commit", "pre-push"}
    assert one.add(file, made, EVENTS) == made
    assert (manager.without(made), one.add(file, made, ())) == (before, before)


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_line_ends_stay_what_they_are(case: str) -> None:
    name, file, before, _ = UNDERSTOOD[case]
    before = before.replace("\n", "\r\n")
    made = MANAGERS[name].add(file, before, EVENTS)
    assert made is not None
    assert made.count("\n") == made.count("\r\n") or not before
    assert manager.without(made) == before


STRANGE = {
    "an empty list": ("pre-commit", PRE_COMMIT, "repos: []\n"),
    "a list in one line": ("pre-commit", PRE_COMMIT, "repos: [{repo: x, hooks: [{id: a}]}]\n"),
    "two lists": ("pre-commit", PRE_COMMIT, "repos:\n- repo: x\nrepos:\n- repo: y\n"),
    "an alias": ("pre-commit", PRE_COMMIT, "repos: *mine\n"),
    "tabs": ("pre-commit", PRE_COMMIT, "repos:\n\t- repo: x\n"),
    "no list": ("pre-commit", PRE_COMMIT, "fail_fast: true\n"),
    "a list that TOML cannot go on with": ("pre-commit", "prek.toml", "repos = []\n"),
    "what is no TOML": ("pre-commit", "prek.toml", "repos:\n- repo: x\n"),
    "a hook in one line": ("lefthook", LEFTHOOK, "pre-push: {commands: {a: {run: x}}}\n"),
    "commands in one line": ("lefthook", LEFTHOOK, "pre-push:\n  commands: {a: {run: x}}\n"),
    "an anchor": ("lefthook", LEFTHOOK, "pre-push: &x\n  commands:\n    a:\n      run: x\n"),
    "a hook twice": ("lefthook", LEFTHOOK, "pre-push:\n  jobs:\n  - run: x\npre-push:\n  a: b\n"),
    "JSON": ("lefthook", "lefthook.json", "{}\n"),
    "an inline table": ("lefthook", "lefthook.toml", "pre-push = {commands = {}}\n"),
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_is_not_understood_is_not_touched(case: str) -> None:
    name, file, before = STRANGE[case]
    assert MANAGERS[name].add(file, before, EVENTS) is None
    assert "migrate-hooks" in MANAGERS[name].block(EVENTS, file)


def test_toml_says_what_yaml_says() -> None:
    made = MANAGERS["pre-commit"].block(EVENTS, "prek.toml")
    (ours,) = tomllib.loads(made)["repos"]
    lint, push = ours["hooks"]
    assert (lint["entry"], lint["stages"]) == ("migrate-hooks lint", ["pre-commit"])
    assert (push["always_run"], push["pass_filenames"]) == (True, False)
    commands = tomllib.loads(MANAGERS["lefthook"].block(EVENTS, "lefthook.toml"))
    assert commands["pre-push"]["commands"]["migrate-hooks"]["use_stdin"] is True


@pytest.mark.parametrize(
    ("name", "text", "hooks"),
    [
        ("pre-commit", "- id: migrate-hooks-lint\n- id: 'migrate-hooks-post-merge'", "cm"),
        ("pre-commit", "hooks: [{id: migrate-hooks-pre-push}]", "p"),
        ("pre-commit", "  entry: .venv/bin/migrate-hooks hook pre-push", "p"),
        ("pre-commit", "# - id: migrate-hooks-lint", ""),
        ("pre-commit", "repo: https://example.invalid/migrate-hooks", ""),
        ("lefthook", "pre-commit:\n  jobs:\n  - run: migrate-hooks lint {staged_files}", "c"),
        ("lefthook", "pre-push:\n  jobs:\n  - run: python -m migrate_hooks lint --all", "p"),
        ("lefthook", '{"pre-push": {"jobs": [{"run": "migrate-hooks hook pre-push"}]}}', "p"),
        ("lefthook", "pre-push:\n  # migrate-hooks hook pre-push\n  jobs:\n  - run: make", ""),
    ],
)
def test_what_a_person_wrote_is_seen(name: str, text: str, hooks: str) -> None:
    known = {"c": "pre-commit", "p": "pre-push", "m": "post-merge"}
    assert MANAGERS[name].calls(text) == {known[each] for each in hooks}
