"""How long `migrate-hooks --help` takes beside a bare `import click`, in one run.

Milliseconds are this machine's, the ratio travels. The promise is a ratio of at most two.
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 25

RUNS = {
    "import click": ("-c", "import click"),
    "migrate-hooks --version": ("-m", "migrate_hooks", "--version"),
    "migrate-hooks --help": ("-m", "migrate_hooks", "--help"),
}


def seconds(words: tuple[str, ...]) -> float:
    """Return the wall time of one fresh Python that runs `words`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-P", *words], capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure in turns, so that a busy moment of the machine hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in RUNS}
    for _ in range(ROUNDS):
        for name, words in RUNS.items():
            taken[name].append(seconds(words))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name:<26}{median * 1000:6.0f} ms   {median / medians['import click']:.2f}x")


if __name__ == "__main__":
    main()
