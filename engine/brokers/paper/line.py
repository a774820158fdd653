"""The line to the house: where calls are made, and asked again or not, and where its failures get our names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

from engine.brokers.budget import Budget, Spend
from engine.brokers.paper.house import BROKER, PaperHouse, Unanswered, Unreadable
from engine.brokers.paper.session import Session
from engine.domain.requests import Receipt, Urgency
from engine.domain.secret import Secret
from engine.errors import (
    BrokerDataError,
    BrokerError,
    BrokerOutcomeUnknown,
    BrokerRejected,
    BrokerSessionExpired,
    BrokerUnavailable,
    OrderFinished,
)
from engine.ports import Clock, SessionState
from engine.sim.exchange.exchange import Refused
from engine.sim.exchange.words import Call, Refusal, SimOrder

# Before a read is asked again; after the last of them its failure is the answer.
PAUSES: Final = (timedelta(milliseconds=500), timedelta(seconds=1), timedelta(seconds=2))

_Answer = TypeVar("_Answer")


class Line:
    """One account's line: its session, and the two ways to ask. code: the account's name at the house."""

    def __init__(
        self, account: str, code: str, house: PaperHouse, password: Secret, clock: Clock, budget: Budget
    ) -> None:
        self._account = account
        self._code = code
        self._house = house
        self._clock = clock
        self._budget = budget
        self._session = Session(account, lambda: self._log_in(password))

    @property
    def state(self) -> SessionState:
        """Whether the account may be asked."""
        return self._session.state

    async def open(self) -> None:
        """Log in unless a session is open. Raises: BrokerAuthError, BrokerUnavailable."""
        await self._session.open()

    async def end(self) -> None:
        """
        Log out for good, here first and then at the house.

        A house that does not hear of it changes nothing: the token is gone, and nothing logs in to log out.
        """
        token = self._session.end()
        if token is None:
            return
        await self._budget.spend(Spend.CALL, Urgency.EXIT)
        try:
            await self._house.ask(self._code, token, Call.LOGOUT, lambda: self._house.expire(self._code))
        except (BrokerError, Unanswered, Unreadable):
            return

    async def read(self, call: Call, work: Callable[[], _Answer], urgency: Urgency = Urgency.ROUTINE) -> _Answer:
        """
        Ask, and ask again where nobody answered; an answer that makes no sense would make none the next time.

        Raises: BrokerError.
        """
        for pause in PAUSES:
            try:
                return await self._ask(call, work, urgency)
            except (BrokerUnavailable, BrokerOutcomeUnknown):
                await self._clock.sleep(pause)
        try:
            return await self._ask(call, work, urgency)
        except BrokerOutcomeUnknown as unknown:
            # A read changes nothing: no answer to it is no answer.
            raise BrokerUnavailable(str(unknown), account=self._account, broker=BROKER) from None

    async def write(self, call: Call, work: Callable[[], SimOrder], urgency: Urgency, tag: str = "") -> Receipt:
        """
        Ask once; what was refused for its session was surely not done, and is asked once more after a login.

        Raises: as the port says of `send_order`.
        """
        try:
            order = await self._ask(call, work, urgency)
        except (BrokerOutcomeUnknown, BrokerDataError) as told:
            text = f"{told}; it may have been done: look it up"
            raise BrokerOutcomeUnknown(text, tag=tag, account=self._account, broker=BROKER) from None
        return Receipt(order.id)

    async def _log_in(self, password: Secret) -> str:
        await self._budget.spend(Spend.CALL, Urgency.EXIT)
        return await self._house.log_in(self._code, password)

    async def _ask(self, call: Call, work: Callable[[], _Answer], urgency: Urgency) -> _Answer:
        try:
            try:
                return await self._once(call, work, urgency)
            except BrokerSessionExpired:
                return await self._once(call, work, urgency)
        except Unanswered as told:
            raise BrokerOutcomeUnknown(str(told), account=self._account, broker=BROKER) from None
        except Unreadable as told:
            raise BrokerDataError(str(told), account=self._account, broker=BROKER) from None
        except Refused as refused:
            raise self._rejected(refused) from None

    async def _once(self, call: Call, work: Callable[[], _Answer], urgency: Urgency) -> _Answer:
        await self._session.open()
        await self._budget.spend(Spend.ORDER if call.is_write else Spend.CALL, urgency)
        # After the wait for its turn: there may have been a logout meanwhile.
        token = self._session.held()
        try:
            return await self._house.ask(self._code, token, call, work)
        except BrokerSessionExpired:
            self._session.expired(token)
            raise

    def _rejected(self, refused: Refused) -> BrokerRejected:
        kind = OrderFinished if refused.refusal is Refusal.FINISHED else BrokerRejected
        text = str(refused)
        return kind(text, code=refused.refusal.name, reason=text, account=self._account, broker=BROKER)
