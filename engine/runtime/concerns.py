"""What of an engine's health a person must hear of: each state with its message, as long as it lasts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.domain.enums import Severity
from engine.domain.health import AccountHealth, EngineHealth
from engine.domain.kinds import show_duration
from engine.domain.message import Message
from engine.domain.numbers import seconds_of


@dataclass(frozen=True, slots=True)
class Patience:
    """
    For how long what may pass is not told. judged: without a look at an account. unread: without one of its books.

    clock: our clock may differ so much from a broker's, whose answers tell whole seconds.
    """

    judged: timedelta = timedelta(seconds=30)
    unread: timedelta = timedelta(seconds=60)
    clock: timedelta = timedelta(seconds=3)


PATIENCE: Final = Patience()
# How the name of what is told here begins.
MARK: Final = "health: "
Concern = tuple[str, Message]


def concerns(
    health: EngineHealth,
    awake: Mapping[str, datetime],
    halted: Mapping[str, str],
    patience: Patience = PATIENCE,
) -> Mapping[str, Message]:
    """
    Return what lasts at the instant of a health, by a name that stays the same while it does.

    awake: since when each account that is to be looked at has been so. halted: the STOP files, each with whom it halts.
    """
    found: dict[str, Message] = {}
    for name, whom in halted.items():
        found[f"{MARK}stop file {name}"] = _halt(name, whom, health.at)
    if health.journal_down_since is not None:
        found[f"{MARK}journal"] = _critical(
            "The journal takes no writes: entries are blocked on every account",
            health.at,
            health.journal_down,
            f"so since {health.journal_down_since.isoformat(timespec='seconds')}; free the disk or mend the database",
        )
    for one in health.accounts:
        if one.account in awake:
            found.update(_of_account(one, awake[one.account], health.at, patience))
    return found


def _of_account(one: AccountHealth, awake: datetime, now: datetime, patience: Patience) -> Iterator[Concern]:
    looked = max(one.judged_at or awake, awake)
    if one.fault_since is not None:
        title = f"{one.account}: its rules cannot be judged"
        yield f"{MARK}fault {one.account}", _critical(title, now, f"a fault of Rekha: {one.fault}", account=one.account)
    elif now - looked >= patience.judged:
        title = f"{one.account}: no decision for {_span(patience.judged)}"
        why = one.unread or "nothing was heard of its broker"
        yield f"{MARK}no decision {one.account}", _critical(title, now, why, account=one.account)
    if one.unread_since is not None and now - max(one.unread_since, awake) >= patience.unread:
        title = f"{one.account}: books unknown for {_span(patience.unread)}"
        lines = (one.unread, "what it holds is not known: nothing unknown is taken for flat")
        yield f"{MARK}unread {one.account}", _critical(title, now, *lines, account=one.account)
    if one.clock_ahead_ms is not None and timedelta(milliseconds=abs(one.clock_ahead_ms)) > patience.clock:
        where = "ahead of" if one.clock_ahead_ms > 0 else "behind"
        title = f"{one.account}: this machine's clock is {_seconds(one.clock_ahead_ms)} {where} {one.broker}'s"
        text = "one-time codes and session times go wrong with it: set the clock by NTP"
        yield f"{MARK}clock {one.account}", Message(Severity.WARNING, title, now, (text,), account=one.account)


def _halt(name: str, whom: str, now: datetime) -> Message:
    lines = (
        "Exits go on, and nothing is exited for it unless a policy on stop_file says so",
        f"Remove the file {name} from the desk's folder to allow entries again",
    )
    return _critical(f"{name} is in the desk's folder: entries are blocked on {whom}", now, *lines)


def _critical(title: str, now: datetime, *lines: str, account: str = "") -> Message:
    told = tuple(line for line in lines if line)
    return Message(Severity.CRITICAL, title, now, told, account=account, needs_ack=True)


def _span(span: timedelta) -> str:
    return show_duration(seconds_of(span))


def _seconds(milliseconds: int) -> str:
    return f"{abs(milliseconds) // 1000}.{abs(milliseconds) % 1000 // 100} s"
