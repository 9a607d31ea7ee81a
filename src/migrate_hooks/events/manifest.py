"""`.pre-commit-hooks.yaml`: the same events for pre-commit and prek."""

from collections.abc import Iterable

from migrate_hooks.events.base import GitEvent

# Directly in a folder of migrations or in a folder of its own below it, as `lint` finds them.
FILES = r"(^|/)migrations/([^/]+/)?[^/]+\.sql$"

_HEAD = """\
# Generated from src/migrate_hooks/events by `make docs`. docs/HOOKS.md says what each can do.
"""

_COMMON = """\
- id: migrate-hooks-{id}
  name: migrate-hooks {id}
  description: "{summary}."
  entry: migrate-hooks {words}
  language: python
  stages: [{stage}]
  minimum_pre_commit_version: 3.2.0
  require_serial: true
"""

_BY_FILE = """\
  files: '{files}'
"""

# git hands over no files here, and the framework skips a hook that gets none.
_WITHOUT_FILES = """\
  always_run: true
  pass_filenames: false
"""

# The framework shows what a hook prints only when it failed, and these never do.
_SPEAKING = """\
  verbose: true
"""


def text(events: Iterable[GitEvent]) -> str:
    """Return the manifest that offers `events`."""
    return _HEAD + "\n".join(entry(event) for event in events)


def entry(event: GitEvent) -> str:
    """Return the hook of one event, as an item of a list."""
    verb = event.verbs[0] if event.by_file else event.name
    head = _COMMON.format(
        id=verb,
        summary=event.summary + (f" ({event.caveat})" if event.caveat else ""),
        words=verb if event.by_file else f"hook {verb}",
        stage=event.name,
    )
    files = _BY_FILE.format(files=FILES) if event.by_file else _WITHOUT_FILES
    return head + files + ("" if event.blocks else _SPEAKING)
