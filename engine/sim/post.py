"""The letters and text messages that a simulated broker sends; who reads them comes by IMAP or by the control API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from engine.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail as it was delivered. uid: from 1, never used twice within a mailbox."""

    uid: int
    to: str
    sender: str
    subject: str
    text: str
    at: datetime

    def as_message(self) -> EmailMessage:
        """Return the message, plain text and HTML side by side; equal letters give equal bytes."""
        message = EmailMessage(policy=SMTP)
        message["Date"] = format_datetime(self.at)
        message["From"] = self.sender
        message["To"] = self.to
        message["Subject"] = self.subject
        message["Message-ID"] = f"<{self.uid}.{self.at:%Y%m%d%H%M%S}@{self.to.rpartition('@')[2]}>"
        message.set_content(self.text)
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in self.text.splitlines() if line)
        message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
        message.set_boundary(f"=_letter_{self.uid}")
        return message


@dataclass(frozen=True, slots=True)
class TextMessage:
    """One SMS to the mobile phone of an account."""

    account: str
    text: str
    at: datetime


class Mailbox:
    """The inbox of one address: its letters, oldest first, and the flags that clients put on them."""

    def __init__(self, address: str, password: Secret) -> None:
        self.address = address
        self.password = password
        self.letters: list[Letter] = []
        self.flags: dict[int, frozenset[str]] = {}
        self._next_uid = 1
        self._watchers: list[Callable[[], None]] = []

    @property
    def next_uid(self) -> int:
        """The number the next letter gets."""
        return self._next_uid

    def deliver(self, sender: str, subject: str, text: str, at: datetime) -> Letter:
        """Put a letter into the box and tell whoever watches it."""
        letter = Letter(self._next_uid, self.address, sender, subject, text, at)
        self._next_uid += 1
        self.letters.append(letter)
        self.flags[letter.uid] = frozenset()
        for watcher in tuple(self._watchers):
            watcher()
        return letter

    def remove(self, uid: int) -> None:
        """Throw a letter away; one that is not there changes nothing."""
        self.letters = [letter for letter in self.letters if letter.uid != uid]
        self.flags.pop(uid, None)

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` at each delivery until the function returned is called."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)


class PostOffice:
    """All mailboxes and all text messages of one simulation."""

    def __init__(self) -> None:
        self._boxes: dict[str, Mailbox] = {}
        self._texts: list[TextMessage] = []

    def open(self, address: str, password: Secret) -> Mailbox:
        """Return the mailbox of an address, made when it is not there yet; several accounts may share one."""
        return self._boxes.setdefault(address, Mailbox(address, password))

    def box(self, address: str) -> Mailbox | None:
        """Return the mailbox of an address, None when there is none."""
        return self._boxes.get(address)

    def text(self, account: str, text: str, at: datetime) -> None:
        """Send a text message."""
        self._texts.append(TextMessage(account, text, at))

    def texts(self, account: str = "") -> tuple[TextMessage, ...]:
        """Return the text messages of an account, or all, oldest first."""
        return tuple(message for message in self._texts if account in ("", message.account))
