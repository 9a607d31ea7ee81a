"""The keeper of one embedded server: starts `postgres` and ends it when nobody needs it any more.

Whoever uses the server leaves a lease, a file named after its process id. When no lease belongs to
a living process for `idle` seconds and no client is connected, or the data folder is gone, the
server is stopped. A program of its own, with one argument; it loads only the standard library.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Duty:
    """What to keep: `base` holds `data`, `leases` and `lock`; `user` is a uid and gid, or None."""

    base: str
    postgres: str
    sockets: str
    idle: float
    user: tuple[int, int] | None

    def to_json(self) -> str:
        """Return the one argument of the keeper's command line."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Duty":
        """Read what to_json wrote."""
        words = json.loads(text)
        user = tuple(words["user"]) if words["user"] else None
        return Duty(words["base"], words["postgres"], words["sockets"], words["idle"], user)


def start_server(duty: Duty) -> subprocess.Popen[bytes]:
    """Start `postgres` on a socket only, as the user of the data folder, logging to server.log."""
    base = Path(duty.base)
    argv = [duty.postgres, "-D", str(base / "data"), "-k", duty.sockets, "-h", "", "-p", "5432"]
    owner: dict[str, object] = {}
    if duty.user:
        owner = {"user": duty.user[0], "group": duty.user[1], "extra_groups": []}
    with (base / "server.log").open("wb") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=duty.base, **owner
        )


def has_live_lease(leases: Path) -> bool:
    """Return whether any lease belongs to a living process; dead ones are removed."""
    alive = False
    for lease in leases.glob("*"):
        if lease.name.isdigit() and _is_alive(int(lease.name)):
            alive = True
        else:
            lease.unlink(missing_ok=True)
    return alive


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def has_clients(postmaster: int) -> bool:
    """Return whether a client is connected: its backend's title has [local] in it."""
    return any("[local]" in title for title in _titles_of_children(postmaster))


def _titles_of_children(parent: int) -> list[str]:
    try:
        listed = subprocess.run(["ps", "-A", "-o", "ppid=,args="], capture_output=True, check=False)
    except FileNotFoundError:  # slim containers have no ps, but they are Linux
        return [_title(child) for child in Path("/proc").glob("[0-9]*") if _has(parent, child)]
    rows = (row.split(None, 1) for row in listed.stdout.decode("utf-8", "replace").splitlines())
    return [row[1] for row in rows if len(row) == 2 and row[0] == str(parent)]


def _has(parent: int, process: Path) -> bool:
    """Return whether `process`, a folder of /proc, is a child of `parent`."""
    try:
        behind_name = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2]
    except OSError:  # it has ended meanwhile
        return False
    return behind_name.split()[1] == str(parent)


def _title(process: Path) -> str:
    try:
        return (process / "cmdline").read_text("utf-8", "replace")
    except OSError:
        return ""


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server in an orderly way, and by force when that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)


def keep(duty: Duty) -> None:
    """Watch the server until it ends or must be ended."""
    server = start_server(duty)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop(server))
    base = Path(duty.base)
    last_used = time.monotonic()
    while server.poll() is None:
        time.sleep(0.5)
        if not (base / "data" / "PG_VERSION").exists():
            stop(server)
        elif has_live_lease(base / "leases"):
            last_used = time.monotonic()
        elif time.monotonic() - last_used > duty.idle:
            _stop_if_unused(server, base)


def _stop_if_unused(server: subprocess.Popen[bytes], base: Path) -> None:
    # The lock keeps anybody from finding the server alive just before it goes away.
    with (base / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not has_live_lease(base / "leases") and not has_clients(server.pid):
            stop(server)


if __name__ == "__main__":
    keep(Duty.from_json(sys.argv[1]))
