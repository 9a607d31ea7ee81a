"""A package, so that `tests.repo` can mean nothing else than the file beside this one."""
