"""The gate for PostgreSQL migrations: commit, merge, push, deploy."""

__version__ = "0.1.0"
