"""
Which alerts stand, whom each is told next, and when it is over: a pure fold; nothing here sends anything.

An alert stands from the message that raised it until a person acknowledges it or what it is about has ended. One that
asks to be acknowledged is told again and again, each time on one channel more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from engine.domain.enums import Severity
from engine.domain.kinds import show_duration
from engine.domain.message import Message
from engine.domain.numbers import seconds_of


@dataclass(frozen=True, slots=True)
class Alert:
    """
    One that stands.

    key: what it is about; the same matter has the same key. message: as it was first told. told: how often, the last
    time at `told_at`. lasts: whether it is about a state that ends by itself, such as a lost connection; then it is
    kept, and told no more, after it was acknowledged by `seen_by`. is_through: whether some channel has taken it.
    """

    key: str
    message: Message
    told_at: datetime
    told: int = 1
    lasts: bool = False
    seen_by: str = ""
    is_through: bool = False

    @property
    def id(self) -> str:
        """Return a short name for it, to be typed by people."""
        return sha256(self.key.encode()).hexdigest()[:6]

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to acknowledge it."""
        return self.message.needs_ack and not self.seen_by


@dataclass(frozen=True, slots=True)
class Climb:
    """How an alert that nobody acknowledges goes on. ladder: channels, in the order in which they join."""

    ladder: tuple[str, ...] = ()
    repeat: timedelta = timedelta(minutes=2)


CLIMB: Final = Climb()
Alerts = Mapping[str, Alert]
NONE: Final[Alerts] = MappingProxyType({})


def raised(alerts: Alerts, alert: Alert) -> tuple[Alerts, tuple[Message, ...]]:
    """Return the alerts with one more, and what is told; of one that stands only that it was told once more."""
    message = replace(alert.message, alert=alert.key)
    if alert.is_open:
        message = replace(message, lines=(*message.lines, _how_to_answer(alert)))
    before = alerts.get(alert.key)
    now = alert if before is None else replace(before, told_at=alert.told_at)
    return MappingProxyType({**alerts, alert.key: now}), (message,)


def through(alerts: Alerts, key: str) -> Alerts:
    """Return the alerts after some channel has taken what was told of one."""
    one = alerts.get(key)
    if one is None or one.is_through:
        return alerts
    return MappingProxyType({**alerts, key: replace(one, is_through=True)})


def taken_up(found: Iterable[Alert], climb: Climb, now: datetime) -> Alerts:
    """Return the alerts of an engine before us; what may have been lost on its way is due at once."""
    due = now - climb.repeat
    return MappingProxyType(
        {one.key: one if one.is_through else replace(one, told_at=min(one.told_at, due)) for one in found}
    )


def due_at(alerts: Alerts, climb: Climb) -> datetime | None:
    """Return when somebody is to be told again; None when nothing waits for an answer."""
    return min((one.told_at + climb.repeat for one in alerts.values() if one.is_open), default=None)


def repeated(alerts: Alerts, climb: Climb, now: datetime) -> tuple[Alerts, tuple[Message, ...]]:
    """Return the alerts after those that are due were told again, each on one channel more than before."""
    due = [one for one in alerts.values() if one.is_open and one.told_at + climb.repeat <= now]
    again = {one.key: replace(one, told=one.told + 1, told_at=now) for one in due}
    return MappingProxyType({**alerts, **again}), tuple(_again(one, climb, now) for one in due)


def ended(alerts: Alerts, is_over: Callable[[Alert], bool], now: datetime) -> tuple[Alerts, tuple[Message, ...]]:
    """Return the alerts that go on, and what is told of those whose matter has ended."""
    over = [one for one in alerts.values() if is_over(one)]
    if not over:
        return alerts, ()
    left = {key: one for key, one in alerts.items() if one not in over}
    return MappingProxyType(left), tuple(_over(one, now) for one in over)


def acknowledged(alerts: Alerts, chosen: Callable[[Alert], bool], who: str) -> tuple[Alerts, tuple[Alert, ...]]:
    """Return the alerts after a person has seen some, and which these are; what lasts is kept until it ends."""
    seen = [one for one in alerts.values() if one.is_open and chosen(one)]
    left = dict(alerts)
    for one in seen:
        if one.lasts:
            left[one.key] = replace(one, seen_by=who)
        else:
            del left[one.key]
    return MappingProxyType(left), tuple(seen)


def _again(alert: Alert, climb: Climb, now: datetime) -> Message:
    first = alert.message
    own = first.channels or climb.ladder[:1]
    # told: before this time; so the second time the first further channel joins.
    joined = [name for name in climb.ladder if name not in own][: alert.told]
    title = f"Not acknowledged for {_span(first.at, now)}: {first.title}"
    lines = (*first.lines, _how_to_answer(alert))
    return replace(first, title=title, at=now, channels=(*own, *joined), lines=lines, alert=alert.key)


def _over(alert: Alert, now: datetime) -> Message:
    first = alert.message
    title = f"Over after {_span(first.at, now)}: {first.title}"
    return replace(first, severity=Severity.INFO, title=title, at=now, lines=(), needs_ack=False)


def _how_to_answer(alert: Alert) -> str:
    return f"to acknowledge it: rekha ack {alert.id}"


def _span(start: datetime, end: datetime) -> str:
    whole = timedelta(seconds=max((end - start) // timedelta(seconds=1), 0))
    return show_duration(seconds_of(whole))
