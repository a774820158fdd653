"""A channel that writes down what it is given, and fails when it is told to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.domain.enums import Severity
from engine.domain.message import Message, Text
from engine.errors import NotifyError

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass
class Recorded:
    name: str = "telegram"
    failures_left: int = 0
    texts: list[Text] = field(default_factory=list)
    calls: int = 0

    async def send(self, text: Text) -> None:
        self.calls += 1
        if self.failures_left:
            self.failures_left -= 1
            raise NotifyError(f"{self.name}: Bad Gateway")
        self.texts.append(text)


def message(title: str = "A1: daily-loss fires", severity: Severity = Severity.WARNING, **more: object) -> Message:
    return Message(severity, title, START, ("Loss 12,000.00 INR is beyond 10,000.00 INR",), **more)  # type: ignore[arg-type]
