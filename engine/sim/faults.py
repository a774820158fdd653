"""The bad days of a simulated broker: which fault holds when, for whom and for which calls."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from engine.sim.exchange.words import Call


class FaultKind(Enum):
    """
    What can go wrong.

    OUTAGE: 503 and no work done. SLOW: the answer waits. HALF_ANSWER: the body is cut short. GARBAGE: the body is no
    answer at all. UNKNOWN_STATUS: an order's status is a word nobody knows. DUPLICATE: a row stands twice.
    ROW_DROPPED: a row is missing for a moment. SESSION_EXPIRED: tokens are refused until the next login.
    REPLY_LOST: the work is done and the connection drops. HANG_AFTER_BURST: calls wait after too many in a second.
    RATE_LIMITED: refused as too many. BROKER_ERROR: refused with an error of the broker's own (`code`). SILENT: an open
    stream says nothing. WEB_ENDS_API: a login at the web terminal ends the API session. PAGE_CHANGED: the web
    terminal's labels are others. NOT_SWITCHED: its kill switch says yes and does nothing.

    is_of_web: whether it concerns the web terminal alone.
    """

    OUTAGE = "outage"
    SLOW = "slow"
    HALF_ANSWER = "half_answer"
    GARBAGE = "garbage"
    UNKNOWN_STATUS = "unknown_status"
    DUPLICATE = "duplicate"
    ROW_DROPPED = "row_dropped"
    SESSION_EXPIRED = "session_expired"
    REPLY_LOST = "reply_lost"
    HANG_AFTER_BURST = "hang_after_burst"
    RATE_LIMITED = "rate_limited"
    BROKER_ERROR = "broker_error"
    SILENT = "silent"
    WEB_ENDS_API = "web_ends_api"
    PAGE_CHANGED = "page_changed"
    NOT_SWITCHED = "not_switched"

    def __init__(self, word: str) -> None:
        self.is_of_web = word in ("web_ends_api", "page_changed", "not_switched")


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One fault. accounts: empty for all. calls: empty for all of the API's; the web terminal's must be named. since,
    until: None for now and for ever. times: how often it strikes before it is over; None without end. details: what
    the kind needs (`seconds`, `symbol`, `text`, …).
    """

    kind: FaultKind
    accounts: frozenset[str] = frozenset()
    calls: frozenset[Call] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    times: int | None = None
    details: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def concerns(self, account: str, call: Call, now: datetime) -> bool:
        """Return whether it holds for a call of an account now."""
        return (
            (not self.accounts or account in self.accounts)
            and (call in self.calls if self.calls else self.kind.is_of_web or call is not Call.WEB)
            and (self.since is None or self.since <= now)
            and (self.until is None or now < self.until)
        )


class Faults:
    """The faults in force; each use of one with `times` counts it down."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._left: dict[int, tuple[Fault, int | None]] = {}
        self._next = 1
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> int:
        """Put a fault in force and return its number."""
        number, self._next = self._next, self._next + 1
        self._left[number] = (fault, fault.times)
        return number

    def clear(self, number: int | None = None) -> None:
        """End one fault, or all."""
        if number is None:
            self._left.clear()
        else:
            self._left.pop(number, None)

    def in_force(self) -> Mapping[int, Fault]:
        """Return the faults that are not used up, by number."""
        return {number: fault for number, (fault, _) in self._left.items()}

    def holding(self, kind: FaultKind, account: str, call: Call, now: datetime) -> Iterator[Fault]:
        """Yield the faults of a kind that hold for a call; none is counted as used."""
        for fault, _ in self._left.values():
            if fault.kind is kind and fault.concerns(account, call, now):
                yield fault

    def strike(
        self,
        kind: FaultKind,
        account: str,
        call: Call,
        now: datetime,
        hits: Callable[[Fault], bool] = lambda _fault: True,
    ) -> Fault | None:
        """
        Return the first fault of a kind that holds for this call, counted as used; None when none does.

        hits: whether the answer has what a fault would spoil; one that hits nothing is not used up.
        """
        for number, (fault, left) in self._left.items():
            if fault.kind is kind and fault.concerns(account, call, now) and hits(fault):
                if left is not None:
                    if left <= 1:
                        del self._left[number]
                    else:
                        self._left[number] = (fault, left - 1)
                return fault
        return None
