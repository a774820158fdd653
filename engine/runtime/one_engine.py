"""One engine a desk on a machine: a lock that the system takes back from whoever is gone, however it went."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import SettingsError
from engine.runtime.kept_files import KEPT

FILE = "engine.lock"


@contextmanager
def alone_on(desk: Path) -> Iterator[str]:
    """
    Hold a desk for the block; give the name under which its accounts are watched, the same for whoever comes next.

    Raises: SettingsError while another engine has it.
    """
    path = desk / KEPT / FILE
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        if not _is_locked(descriptor):
            pid = os.read(descriptor, 20).decode("ascii", "replace").strip()
            raise SettingsError(
                f"an engine runs on {desk} already (process {pid or 'unknown'}); stop it before you start another"
            )
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield f"{socket.gethostname()} on {desk.resolve()}"
    finally:
        # The file stays: to remove it would let two engines lock two files of one name.
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # pragma: no cover - such a system has leases only
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
