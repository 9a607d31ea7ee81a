"""`python -m migrate_hooks` is the same program as the console script."""

from migrate_hooks.cli.main import main

if __name__ == "__main__":
    main()
