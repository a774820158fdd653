"""What one account asks of Kotak Neo after its login: in budget, in session, reads repeated and writes never."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from engine.brokers.budget import Budget, Spend
from engine.brokers.http import send
from engine.brokers.kotak.calls import Call, request_of
from engine.brokers.kotak.reply import BROKER
from engine.brokers.kotak.session import Session
from engine.brokers.kotak.verdict import fault_of
from engine.domain.requests import Urgency
from engine.errors import (
    BrokerDataError,
    BrokerOutcomeUnknown,
    BrokerRateLimited,
    BrokerSessionExpired,
    BrokerUnavailable,
)
from engine.ports import Clock

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Retries:
    """
    How often a read is tried again, and after how long: twice as long each time.

    patience: a broker that asks to wait longer is not waited for. quiet: the longest pause after too many calls.
    """

    times: int = 2
    delay: timedelta = timedelta(seconds=1)
    patience: timedelta = timedelta(seconds=5)
    quiet: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Received:
    """A body that is no error, and when it was whole."""

    body: bytes
    at: datetime


class Client:
    """The one way to Kotak Neo for one account."""

    def __init__(
        self,
        session: Session,
        http: httpx.AsyncClient,
        clock: Clock,
        budget: Budget,
        retries: Retries | None = None,
    ) -> None:
        self.account = session.account
        self._session = session
        self._http = http
        self._clock = clock
        self._budget = budget
        self._retries = retries or Retries()
        # After a refusal as too many calls only exits go out until then, each time twice as long.
        self._quiet_until: datetime | None = None
        self._quiet = self._retries.delay
        self._clock_ahead: timedelta | None = None

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far our clock is ahead of Kotak's by its last answer, up to half a second and the way of the answer."""
        return self._clock_ahead

    def now(self) -> datetime:
        """Return this instant of the account's clock."""
        return self._clock.now()

    async def read(self, call: Call, urgency: Urgency = Urgency.ROUTINE) -> Received:
        """
        Return the answer to a call that changes nothing, tried again after what may pass.

        Raises: BrokerUnavailable, BrokerDataError for an answer that stays unreadable, BrokerRejected, BrokerAuthError.
        """
        delay = self._retries.delay
        for _ in range(self._retries.times):
            try:
                return await self._with_session(call, urgency)
            except BrokerUnavailable as error:
                asked = max(error.retry_after or delay, delay)
                if asked > self._retries.patience:
                    raise
                await self._clock.sleep(asked)
            except BrokerDataError:
                await self._clock.sleep(delay)
            delay *= 2
        return await self._with_session(call, urgency)

    async def write(self, call: Call, urgency: Urgency = Urgency.ROUTINE) -> Received:
        """Return the answer to a call that changes something, sent once. Raises: as `Broker.send_order`."""
        return await self._with_session(call, urgency)

    async def _with_session(self, call: Call, urgency: Urgency) -> Received:
        # A call that is refused for its session was not carried out, so that a write may be sent again too.
        try:
            return await self._once(call, urgency)
        except BrokerSessionExpired:
            return await self._once(call, urgency)

    async def _once(self, call: Call, urgency: Urgency) -> Received:
        while True:
            await self._keep_quiet(call, urgency)
            await self._session.ready()
            await self._budget.spend(Spend.ORDER if call.is_write else Spend.CALL, urgency)
            # Who waited for its turn may have had it while others were refused as too many.
            if urgency is Urgency.EXIT or self._quiet_left() <= _NONE:
                break
        tokens = self._session.held()
        try:
            answer = await send(self._http, request_of(call, self._session.credentials, tokens))
        except BrokerUnavailable as error:
            raise BrokerUnavailable(f"{self.account}: {error}", account=self.account, broker=BROKER) from error
        except BrokerOutcomeUnknown as error:
            text = f"{self.account}: {error}"
            if call.is_write:
                raise BrokerOutcomeUnknown(text, tag=call.tag, account=self.account, broker=BROKER) from error
            raise BrokerUnavailable(text, account=self.account, broker=BROKER) from error
        if answer.date is not None:
            # It says a whole second, which began at most a second before.
            self._clock_ahead = self._clock.now() - answer.date - timedelta(milliseconds=500)
        fault = fault_of(call, answer, self.account)
        if isinstance(fault, BrokerSessionExpired):
            self._session.refused(tokens)
        if isinstance(fault, BrokerRateLimited):
            self._be_quiet(fault.retry_after)
            if call.is_write:
                # Who counts the calls is not who takes the orders: only the book tells whether it came through.
                text = f"{fault}; whether it was done is not known"
                raise BrokerOutcomeUnknown(text, tag=call.tag, account=self.account, broker=BROKER) from fault
        if fault is not None:
            raise fault
        self._quiet = self._retries.delay
        if call.is_of_session:
            self._session.proved(tokens)
        return Received(answer.body, self._clock.now())

    async def _keep_quiet(self, call: Call, urgency: Urgency) -> None:
        # To go on asking may draw a block of hours; an exit is worth the risk.
        left = self._quiet_left()
        if left <= _NONE or urgency is Urgency.EXIT:
            return
        if left > self._retries.patience:
            raise BrokerRateLimited(
                f"{call.part}: nothing but exits is asked for another {left.seconds} s, after too many calls",
                retry_after=left,
                account=self.account,
                broker=BROKER,
            )
        await self._clock.sleep(left)

    def _quiet_left(self) -> timedelta:
        left = _NONE if self._quiet_until is None else self._quiet_until - self._clock.now()
        # More than the longest pause is a clock that was put back.
        return left if left <= self._retries.quiet else _NONE

    def _be_quiet(self, asked: timedelta | None) -> None:
        now = self._clock.now()
        # Calls that were on their way together are refused together; they count as one.
        if self._quiet_left() <= _NONE:
            self._quiet_until = now + min(max(asked or self._quiet, self._quiet), self._retries.quiet)
            self._quiet = min(self._quiet * 2, self._retries.quiet)
