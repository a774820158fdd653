"""The segments of an account and the terminal's kill switch over them; the exchange holds what is locked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.sim.exchange.words import Call
from engine.sim.faults import FaultKind, Faults
from engine.sim.post import PostOffice
from engine.sim.terminal.members import Member
from engine.sim.terminal.signin import BROKER_ADDRESS

CONFIRMATION = "Kill Switch Activated"
_INDIA = ZoneInfo("Asia/Kolkata")


class Locks(Protocol):
    """What of the exchange the kill switch needs."""

    def lock(self, account: str, segments: frozenset[str], by: str) -> None:
        """Disable segments for the account."""
        ...

    def locked(self, account: str) -> frozenset[str]:
        """Return the segments that are disabled."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of the page: several exchanges are switched as one."""

    id: str
    name: str
    exchanges: frozenset[str]


SEGMENTS = (
    Segment("equity", "Equity", frozenset({"NSE", "BSE"})),
    Segment("fo", "Equity F&O", frozenset({"NFO", "BFO"})),
    Segment("currency", "Currency F&O", frozenset({"CDS", "BCD"})),
    Segment("commodity", "Commodity F&O", frozenset({"MCX"})),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A segment as the page shows it."""

    segment: Segment
    is_active: bool


class KillSwitch:
    """Disables segments for the day and confirms it by e-mail; there is no way back on the page."""

    def __init__(self, locks: Locks, post: PostOffice, faults: Faults, now: Callable[[], datetime]) -> None:
        self._locks = locks
        self._post = post
        self._faults = faults
        self._now = now

    def lines(self, account: str) -> tuple[Line, ...]:
        """Return the segments as the exchange holds them now."""
        locked = self._locks.locked(account)
        return tuple(Line(segment, not segment.exchanges <= locked) for segment in SEGMENTS)

    def disable(self, member: Member, ids: frozenset[str]) -> tuple[Line, ...]:
        """
        Disable segments and return how the page shows them then; NOT_SWITCHED shows what is not so.

        Raises: KeyError for a segment that is none of the page's; whatever the exchange refuses with.
        """
        known = {segment.id: segment for segment in SEGMENTS}
        chosen = [known[name] for name in sorted(ids)]
        fault = self._faults.strike(FaultKind.NOT_SWITCHED, member.account, Call.WEB, self._now())
        if fault is None:
            exchanges = frozenset[str]().union(*(segment.exchanges for segment in chosen))
            self._locks.lock(member.account, exchanges, by="web")
        if fault is None or fault.details.get("mail") is True:
            self._confirm(member, chosen)
        return tuple(
            Line(line.segment, line.is_active and line.segment not in chosen) for line in self.lines(member.account)
        )

    def _confirm(self, member: Member, chosen: list[Segment]) -> None:
        at = self._now().astimezone(_INDIA)
        text = (
            f"Dear {member.name},\n\nKill Switch is activated for your account {member.account}: "
            f"{', '.join(segment.name for segment in chosen)}.\n\n"
            f"Requested on {at:%d %b %Y} at {at:%I:%M:%S %p}. If this was not you, call us at once."
        )
        self._post.open(member.email, member.mail_password).deliver(BROKER_ADDRESS, CONFIRMATION, text, self._now())
