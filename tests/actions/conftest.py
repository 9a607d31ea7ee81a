"""Fixtures that several of these files share."""

from tests.actions.backups import project  # noqa: F401 - a fixture
