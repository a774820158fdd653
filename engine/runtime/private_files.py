"""Files nobody else may read, written whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from engine.errors import SettingsError

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_IS_POSIX = os.name == "posix"


def read_private(path: Path) -> bytes | None:
    """
    Return what is in a file, None when there is none.

    Raises: SettingsError when anybody else could have read or written it, or it cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    with os.fdopen(descriptor, "rb") as file:
        told = os.fstat(descriptor)
        if _IS_POSIX and (told.st_mode & _OTHERS or told.st_uid != os.getuid()):
            mode = stat.S_IMODE(told.st_mode)
            raise SettingsError(f"{path}: others can read or write it (mode {mode:04o}); delete it, it is made anew")
        return file.read()


def write_private(path: Path, body: bytes) -> None:
    """Write a file for its owner alone; a reader sees the old one or the new one. Raises: SettingsError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            temporary.unlink()
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise SettingsError(f"{path}: cannot be written: {error.strerror or error}") from error
