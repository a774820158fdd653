"""What a desk keeps from one run to the next under `.rekha/`: sessions of its accounts, contract files of the day."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from engine.domain.secret import Secret
from engine.errors import SettingsError
from engine.ports import SavedSession
from engine.runtime.private_files import read_private, write_private

KEPT: Final = ".rekha"
# A long weekend and a holiday week later the last file is still at hand.
_MOST_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class SessionFiles:
    """The sessions of a desk's accounts, each in a file of its own in a folder that nobody else may enter."""

    desk: Path

    def load(self, broker: str, account: str) -> SavedSession | None:
        """
        Return an account's session; one of another broker, or that cannot be understood, is none.

        Raises: SettingsError when others could have read it.
        """
        body = read_private(self.path(account))
        session = None if body is None else _session(body)
        return session if session is not None and (session.broker, session.account) == (broker, account) else None

    def save(self, session: SavedSession) -> None:
        """Keep a session in the place of the account's last one; where that cannot be, the next run logs in again."""
        with suppress(SettingsError):
            write_private(self.path(session.account), _body(session))

    def forget(self, broker: str, account: str) -> None:
        """Drop an account's session. Raises: SettingsError when it is there and cannot be deleted."""
        path = self.path(account)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsError(f"{path}: cannot be deleted: {error.strerror or error}") from error

    def path(self, account: str) -> Path:
        """Return where an account's session is kept."""
        return self.desk / KEPT / "sessions" / f"{_file_name(account)}.json"


@dataclass(frozen=True, slots=True)
class DatedFiles:
    """Large files of brokers by the day they are of: a folder for each broker and day, of which the last few stay."""

    desk: Path

    def load(self, broker: str, name: str, on: date) -> bytes | None:
        """Return the file of a day; None when it is not kept or cannot be read."""
        try:
            return (self._folder(broker) / on.isoformat() / _file_name(name)).read_bytes()
        except OSError:
            return None

    def last(self, broker: str, name: str, before: date) -> tuple[date, bytes] | None:
        """Return the newest file of an earlier day and that day."""
        for day in reversed(self._days(broker)):
            body = self.load(broker, name, day) if day < before else None
            if body is not None:
                return day, body
        return None

    def save(self, broker: str, name: str, on: date, body: bytes) -> None:
        """Keep the file of a day and drop the oldest days; what cannot be kept is fetched again."""
        with suppress(SettingsError):
            write_private(self._folder(broker) / on.isoformat() / _file_name(name), body)
        for day in self._days(broker)[:-_MOST_DAYS]:
            _drop(self._folder(broker) / day.isoformat())

    def _folder(self, broker: str) -> Path:
        return self.desk / KEPT / "contracts" / _file_name(broker)

    def _days(self, broker: str) -> list[date]:
        found: list[date] = []
        folder = self._folder(broker)
        for path in folder.iterdir() if folder.is_dir() else ():
            with suppress(ValueError):
                found.append(date.fromisoformat(path.name))
        return sorted(found)


def _drop(folder: Path) -> None:
    # Another run may be doing the same.
    with suppress(OSError):
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()


def _file_name(name: str) -> str:
    # Only `.` and `..` are left that lead elsewhere.
    quoted = quote(name, safe="")
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")


def _body(session: SavedSession) -> bytes:
    told = {
        "broker": session.broker,
        "account": session.account,
        "secrets": {name: secret.reveal() for name, secret in session.secrets.items()},
        "details": dict(session.details),
        "expires_at": None if session.expires_at is None else session.expires_at.isoformat(),
    }
    return json.dumps(told).encode()


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without a zone")
    return found


def _session(body: bytes) -> SavedSession | None:
    try:
        told: Mapping[str, Any] = json.loads(body)
        until = told["expires_at"]
        return SavedSession(
            broker=str(told["broker"]),
            account=str(told["account"]),
            secrets=MappingProxyType({str(name): Secret(str(text)) for name, text in told["secrets"].items()}),
            details=MappingProxyType({str(name): str(text) for name, text in told["details"].items()}),
            expires_at=None if until is None else _instant(until),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
