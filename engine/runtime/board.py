"""How an engine is doing as its rows in the journal tell it, judged at one instant; nothing else is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.domain.health import AccountHealth, EngineHealth
from engine.domain.journal import ENGINE, Heartbeat, Lease, StoredState
from engine.domain.kinds import show_duration
from engine.domain.numbers import seconds_of
from engine.runtime.alarms import standing_in
from engine.runtime.alerts import Alert
from engine.runtime.concerns import PATIENCE
from engine.runtime.health import health_in

# An engine says every 5 seconds that it is alive.
_LATE: Final = timedelta(seconds=12)


@dataclass(frozen=True, slots=True)
class Board:
    """
    What is shown of an engine.

    holder: who watches, empty when nobody does. beat_at: the last sign of life of any engine. health: what that said of
    itself; None when it said nothing. alerts: those that stand. problems: what is not as it should be, a sentence each.
    """

    at: datetime
    holder: str
    beat_at: datetime | None
    health: EngineHealth | None
    alerts: tuple[Alert, ...]
    problems: tuple[str, ...]


def board_of(
    now: datetime, beats: tuple[Heartbeat, ...], leases: tuple[Lease, ...], engine: StoredState | None
) -> Board:
    """Return what the rows of a journal say at an instant. beats: the newest first. engine: its own state."""
    lease = next((one for one in leases if one.account == ENGINE and one.expires_at > now), None)
    beat = next((one for one in beats if lease is None or one.holder == lease.holder), None)
    health = None if beat is None else health_in(beat.details)
    try:
        alerts = standing_in(engine)
    except ValueError:
        alerts = ()
    problems = () if lease is None else tuple(_problems(now, beat, health, alerts))
    return Board(
        now, "" if lease is None else lease.holder, None if beat is None else beat.at, health, alerts, problems
    )


def age(now: datetime, at: datetime | None) -> str:
    """Return how long ago something was, to the second: `3s`, or `never`."""
    if at is None:
        return "never"
    return show_duration(seconds_of(timedelta(seconds=max(0, (now - at) // timedelta(seconds=1)))))


def _problems(
    now: datetime, beat: Heartbeat | None, health: EngineHealth | None, alerts: tuple[Alert, ...]
) -> Iterator[str]:
    if beat is None or health is None:
        yield "the engine has not said yet how it is doing"
        return
    if now - beat.at > _LATE:
        yield f"the engine said last {age(now, beat.at)} ago that it is alive"
    if health.journal_down_since is not None:
        yield f"the journal takes no writes since {age(now, health.journal_down_since)}: {health.journal_down}"
    if health.reload:
        yield health.reload
    for channel in health.channels:
        if channel.failing_since is not None:
            yield f"the channel {channel.name} takes no messages since {age(now, channel.failing_since)}: " + (
                channel.last_failure
            )
    for one in health.accounts:
        yield from account_problems(one, now, health.began_at)
    for alert in alerts:
        if alert.is_open:
            yield f"not acknowledged: {alert.message.title} (rekha ack {alert.id})"


def account_problems(one: AccountHealth, now: datetime, began_at: datetime) -> Iterator[str]:
    """Yield what is not as it should be with an account; nothing for one that is not looked at now."""
    if one.rests:
        return
    if one.fault_since is not None:
        yield f"{one.account}: its rules cannot be judged since {age(now, one.fault_since)}: {one.fault}"
    elif now - max(one.judged_at or began_at, began_at) > PATIENCE.judged:
        yield f"{one.account}: its rules were judged last {age(now, one.judged_at)} ago"
    if one.unread_since is not None:
        yield f"{one.account}: books unknown since {age(now, one.unread_since)}: {one.unread}"
