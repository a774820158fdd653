"""Every way a database can fail, told as one error with what to do about it; nothing foreign leaves this room."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from engine.errors import EngineError, StoreError

# A piece of the driver's own words, lower case; what it means; what would be right.
_KNOWN: Final = (
    ("database or disk is full", "the disk is full", "make room; nothing else is needed"),
    ("no space left", "the disk is full", "make room; nothing else is needed"),
    ("database is locked", "another process holds it", "end the process that keeps it open for writing"),
    ("readonly database", "it may not be written", "give this user the right to write the file and its folder"),
    ("permission denied", "it may not be written", "give this user the right to write the file and its folder"),
    ("is a directory", "there is a folder of its name", "move it away"),
    ("read-only", "it may not be written", "give this user the right to write it"),
    (
        "unable to open database file",
        "it cannot be opened",
        "make its folder, and give this user the right to write it",
    ),
    ("lock timeout", "another process holds it", "end the process that keeps it open for writing"),
    ("malformed", "it is damaged", "keep the file aside, and put the last backup in its place"),
    (
        "not a database",
        "it is damaged or no database at all",
        "keep the file aside, and put the last backup in its place",
    ),
    ("disk i/o error", "the disk does not answer", "look at the disk and at the rights of the folder"),
    ("no such table", "its tables are not there", "run: rekha db upgrade"),
    ("connection", "the server does not answer", "start it; Rekha tries again by itself"),
    ("server closed", "the server does not answer", "start it; Rekha tries again by itself"),
    ("terminating", "the server is going down", "start it again; Rekha tries again by itself"),
)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Let nothing out but our own errors. where: the journal, as a person knows it. Raises: StoreError."""
    try:
        yield
    except EngineError:
        raise
    except (SQLAlchemyError, OSError, UnicodeError) as error:
        raise store_error(error, where) from error


def store_error(error: Exception, where: str) -> StoreError:
    """Return what a failure of the database means, in one sentence with what would be right."""
    said = " ".join(str(error.orig if isinstance(error, DBAPIError) and error.orig else error).split())
    low = said.lower()
    for piece, meaning, remedy in _KNOWN:
        if piece in low:
            return StoreError(
                f"the journal {where} was not written: {meaning} ({said}). {remedy[0].upper()}{remedy[1:]}."
            )
    return StoreError(f"the journal {where} was not written: {type(error).__name__}: {said}")
