"""The broker's side of the paper account: who may ask, the faults of the day, and every call told to the ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Final, TypeVar

from engine.domain.secret import Secret
from engine.errors import BrokerAuthError, BrokerRateLimited, BrokerRejected, BrokerSessionExpired, BrokerUnavailable
from engine.ports import Clock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.words import Call, Entry, SimOrder
from engine.sim.faults import Fault, FaultKind, Faults

BROKER: Final = "paper"
# Whoever asks waits so long for an answer, and then goes without.
PATIENCE: Final = timedelta(seconds=30)
_SLOW: Final = timedelta(seconds=5)
_SPOILS: Final = (FaultKind.REPLY_LOST, FaultKind.HALF_ANSWER, FaultKind.GARBAGE)

_Answer = TypeVar("_Answer")


class Unanswered(Exception):  # noqa: N818 - what happened, not a fault of ours
    """The work may be done; no answer came."""


class Unreadable(Exception):  # noqa: N818 - as above
    """The work may be done; what came is no answer."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as the house tells it. word: its status, which may be one that nobody knows."""

    order: SimOrder
    word: str


class PaperHouse:
    """
    One broking house on a simulated exchange: logs clients in and does what they ask.

    All faults of `engine.sim.faults` strike but those of a wire or a page: it never hangs after a burst, and it has no
    terminal. Time goes on by `clock` alone.
    """

    def __init__(
        self, exchange: Exchange, clock: Clock, passwords: Mapping[str, Secret], faults: Faults | None = None
    ) -> None:
        self.exchange = exchange
        self._clock = clock
        self._passwords = passwords
        self._faults = Faults() if faults is None else faults
        self._tokens: dict[str, str] = {}
        self._numbers = count(1)

    async def log_in(self, account: str, password: Secret) -> str:
        """Return the token of a new session; the one before ends. Raises: BrokerAuthError, BrokerUnavailable."""
        self._refuse(account, None, Call.LOGIN)
        known = self._passwords.get(account)
        is_good = known is not None and known == password
        self._told(account, Call.LOGIN, None, authenticated=False)
        self._tell(account, Entry.LOGIN, step="password", outcome="ok" if is_good else "refused")
        if not is_good:
            raise BrokerAuthError("client code or password is wrong", broker=BROKER)
        self._tokens[account] = f"{account}-{next(self._numbers)}"
        return self._tokens[account]

    def expire(self, account: str) -> None:
        """End the account's session; its token is refused from now on."""
        self._tokens.pop(account, None)

    async def ask(self, account: str, token: str, call: Call, work: Callable[[], _Answer]) -> _Answer:
        """
        Do some work for an account and return its answer.

        Raises: BrokerUnavailable, BrokerRateLimited, BrokerSessionExpired, BrokerRejected: nothing was done.
        Unanswered, Unreadable: it may have been. Whatever the work raises.
        """
        self._refuse(account, token, call)
        if self._strike(FaultKind.SESSION_EXPIRED, account, call) is not None:
            self.expire(account)
        if self._tokens.get(account) != token:
            self._told(account, call, None, authenticated=False)
            raise BrokerSessionExpired("the session has expired", broker=BROKER)
        if (fault := self._strike(FaultKind.BROKER_ERROR, account, call)) is not None:
            self._told(account, call, fault)
            raise BrokerRejected(f"{call.value}: the paper broker answers with an error", broker=BROKER)
        spoilt = next((fault for kind in _SPOILS if (fault := self._strike(kind, account, call)) is not None), None)
        self._told(account, call, spoilt)
        answer = work()
        await self._wait_slowly(account, call)
        if spoilt is not None and spoilt.kind is FaultKind.REPLY_LOST:
            raise Unanswered(f"{call.value}: the connection was lost")
        if spoilt is not None:
            what = "is cut short" if spoilt.kind is FaultKind.HALF_ANSWER else "makes no sense"
            raise Unreadable(f"{call.value}: the answer {what}")
        return self._bent(account, call, answer)

    def _refuse(self, account: str, token: str | None, call: Call) -> None:
        self.exchange.advance(self._clock.now())
        for kind in (FaultKind.OUTAGE, FaultKind.RATE_LIMITED):
            fault = self._strike(kind, account, call)
            if fault is None:
                continue
            self._told(account, call, fault, authenticated=token is not None and self._tokens.get(account) == token)
            if kind is FaultKind.RATE_LIMITED:
                raise BrokerRateLimited("too many calls", broker=BROKER)
            raise BrokerUnavailable("the paper broker does not answer", broker=BROKER)

    async def _wait_slowly(self, account: str, call: Call) -> None:
        fault = self._strike(FaultKind.SLOW, account, call)
        if fault is None:
            return
        told = fault.details.get("seconds")
        span = _SLOW if told is None else timedelta(seconds=int(str(told)))
        await self._clock.sleep(min(span, PATIENCE))
        if span > PATIENCE:
            raise Unanswered(f"{call.value}: no answer within {PATIENCE.seconds} s")

    def _bent(self, account: str, call: Call, answer: _Answer) -> _Answer:
        """Return the answer with the faults that change its rows."""
        rows: Any = answer
        if not isinstance(rows, tuple) or not rows:
            return answer
        if (fault := self._strike(FaultKind.ROW_DROPPED, account, call)) is not None:
            symbol = fault.details.get("symbol")
            rows = rows[:-1] if symbol is None else tuple(row for row in rows if _symbol_of(row) != symbol)
        if rows and self._strike(FaultKind.DUPLICATE, account, call) is not None:
            rows = (*rows, rows[-1])
        if call is Call.ORDERS and (fault := self._strike(FaultKind.UNKNOWN_STATUS, account, call)) is not None:
            word = str(fault.details.get("text", "unheard of"))
            rows = tuple(OrderRow(row.order, word) for row in rows)
        bent: _Answer = rows
        return bent

    def _strike(self, kind: FaultKind, account: str, call: Call) -> Fault | None:
        return self._faults.strike(kind, account, call, self._clock.now())

    def _told(self, account: str, call: Call, fault: Fault | None, *, authenticated: bool = True) -> None:
        told = {} if fault is None else {"fault": fault.kind.value}
        self._tell(account, Entry.CALL, call=call.value, authenticated=authenticated, **told)

    def _tell(self, account: str, kind: Entry, **details: object) -> None:
        self.exchange.ledger.append(self._clock.now(), account, kind, **details)


def _symbol_of(row: object) -> str | None:
    held = row.order.ticket if isinstance(row, OrderRow) else getattr(row, "contract", row)
    return getattr(held, "symbol", None)
