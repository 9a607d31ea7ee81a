"""What git says to each hook, as a Trigger."""

import pytest

from migrate_hooks.errors import GitProblem
from migrate_hooks.events import base
from migrate_hooks.model.trigger import RefUpdate, Trigger

NEW, OLD = "a" * 40, "b" * 40
ZERO = "0" * 40
LONG, LONG_ZERO = "c" * 64, "0" * 64

LINES = {
    "a branch": (
        f"refs/heads/x {NEW} refs/heads/x {OLD}",
        RefUpdate("refs/heads/x", NEW, "refs/heads/x", OLD),
    ),
    "a new branch": (
        f"refs/heads/x {NEW} refs/heads/x {ZERO}",
        RefUpdate("refs/heads/x", NEW, "refs/heads/x", None),
    ),
    "a deletion": (
        f"(delete) {ZERO} refs/heads/x {OLD}",
        RefUpdate("(delete)", None, "refs/heads/x", OLD),
    ),
    "a revision that was typed": (
        f"HEAD~1 {NEW} refs/heads/staging {OLD}",
        RefUpdate("HEAD~1", NEW, "refs/heads/staging", OLD),
    ),
    "an oid that was typed": (
        f"{NEW} {NEW} refs/heads/staging {OLD}",
        RefUpdate(NEW, NEW, "refs/heads/staging", OLD),
    ),
    "a revision with spaces": (
        f":/add the orders {NEW} refs/heads/staging {OLD}",
        RefUpdate(":/add the orders", NEW, "refs/heads/staging", OLD),
    ),
    "a tag": (
        f"refs/tags/v1 {NEW} refs/tags/v1 {ZERO}",
        RefUpdate("refs/tags/v1", NEW, "refs/tags/v1", None),
    ),
    "a SHA-256 repository": (
        f"refs/heads/x {LONG} refs/heads/x {LONG_ZERO}",
        RefUpdate("refs/heads/x", LONG, "refs/heads/x", None),
    ),
    "a name with what Unicode calls space and line end": (
        f"refs/heads/a\u3000b\u2028c {NEW} refs/heads/a\u3000b\u2028c {OLD}",
        RefUpdate("refs/heads/a\u3000b\u2028c", NEW, "refs/heads/a\u3000b\u2028c", OLD),
    ),
}


def read(hook: str, args: tuple[str, ...] = (), stdin: bytes = b"") -> Trigger:
    return base.by_name(hook).read(args, stdin)


@pytest.mark.parametrize("case", LINES)
def test_a_line_of_pre_push(case: str) -> None:
    line, update = LINES[case]
    assert read("pre-push", ("origin", "url"), f"{line}\n".encode()).updates == (update,)


def test_every_line_of_pre_push_counts_in_its_order() -> None:
    stdin = "".join(f"{line}\n" for line, _ in LINES.values()).encode()
    updates = read("pre-push", ("origin", "url"), stdin).updates
    assert updates == tuple(update for _, update in LINES.values())


def test_a_name_that_is_not_utf8_survives() -> None:
    line = b"refs/heads/\xff " + f"{NEW} ".encode() + b"refs/heads/\xff " + f"{OLD}\n".encode()
    (update,) = read("pre-push", ("origin", "url"), line).updates
    assert update.remote_ref.encode("utf-8", "surrogateescape") == b"refs/heads/\xff"


def test_an_up_to_date_push_has_no_updates() -> None:
    assert read("pre-push", ("origin", "url")) == Trigger("pre-push", remote="origin")


@pytest.mark.parametrize(
    "stdin",
    [
        b"hello\n",
        f"refs/heads/x {NEW} refs/heads/x\n".encode(),
        f"refs/heads/x {NEW} refs/heads/x {OLD[:-1]}\n".encode(),
        f"refs/heads/x main refs/heads/x {OLD}\n".encode(),
    ],
)
def test_a_line_that_git_does_not_write_is_refused(stdin: bytes) -> None:
    with pytest.raises(GitProblem, match="a line that git does not write"):
        read("pre-push", ("origin", "url"), stdin)


@pytest.mark.parametrize(
    ("args", "remote"),
    [
        ((), ""),
        (("origin", "https://me:secret@example.invalid/x.git"), "origin"),
        (("https://me:secret@example.invalid/x.git",) * 2, ""),
        # What pushInsteadOf makes of a remote without a name.
        (("https://me:secret@example.invalid/x.git", "ssh://example.invalid/x.git"), ""),
    ],
)
def test_a_url_is_not_kept(args: tuple[str, ...], remote: str) -> None:
    trigger = read("pre-push", args)
    assert trigger.remote == remote
    assert "secret" not in repr(trigger)


@pytest.mark.parametrize(("args", "is_squash"), [((), False), (("0",), False), (("1",), True)])
def test_post_merge_knows_a_squash(args: tuple[str, ...], is_squash: bool) -> None:
    assert read("post-merge", args) == Trigger("post-merge", is_squash=is_squash)


@pytest.mark.parametrize(
    ("args", "before", "deed"),
    [
        ((OLD, NEW, "1"), OLD, "branch"),
        ((ZERO, NEW, "1"), None, "branch"),
        ((LONG_ZERO, LONG, "1"), None, "branch"),
        ((NEW, NEW, "0"), NEW, "files"),
        ((), None, "branch"),
    ],
)
def test_post_checkout_knows_branches_from_files(
    args: tuple[str, ...], before: str | None, deed: str
) -> None:
    assert read("post-checkout", args) == Trigger("post-checkout", before=before, deed=deed)


@pytest.mark.parametrize(
    ("args", "stdin", "before", "deed"),
    [
        (("amend",), f"{OLD} {NEW}\n", OLD, "amend"),
        (("rebase",), f"{NEW} {LONG}\n{OLD} {LONG} more words\n", OLD, "rebase"),
        (("rebase",), "", None, "rebase"),
        ((), "", None, "rebase"),
    ],
)
def test_post_rewrite_keeps_the_last_old_commit(
    args: tuple[str, ...], stdin: str, before: str | None, deed: str
) -> None:
    found = read("post-rewrite", args, stdin.encode())
    assert found == Trigger("post-rewrite", before=before, deed=deed)


@pytest.mark.parametrize("name", ["pre-commit", "pre-merge-commit"])
def test_some_are_told_nothing(name: str) -> None:
    assert read(name) == Trigger(name)
