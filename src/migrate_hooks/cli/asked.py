"""What the command line said about a run as a whole."""

from pathlib import Path


class Asked:
    """What the command line said about the run as a whole; filled while its words are read."""

    def __init__(self) -> None:
        self.action = ""
        self.format = "human"
        self.color = "auto"
        self.verbose = False
        self.quiet = False
        self.config: Path | None = None
        self.output: tuple[tuple[str, Path], ...] = ()  # (format, absolute path of its file)
