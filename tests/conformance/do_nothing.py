"""A broker that answers politely and does nothing: no scenario may believe it."""

from datetime import date
from itertools import count
from types import MappingProxyType

from engine.domain.capabilities import Ability, Capabilities, Capability
from engine.domain.requests import NewOrder, OrderChange, Receipt, Urgency
from engine.domain.snapshot import Book, Funds, Order, OrderEvent, Snapshot
from engine.domain.truth import Truth
from engine.ports import EVERYTHING, Broker, Clock, ContractList, SessionState, Wanted
from tests.conformance.paper import PaperStage
from tests.conformance.world import World

EVERY_WORD = Capabilities(
    "do-nothing", MappingProxyType({word: Ability(Truth.TRUE, "its word for it") for word in Capability})
)


class DoNothing:
    """Fills the port, and leaves it at that."""

    def __init__(self, account: str, clock: Clock) -> None:
        self.account = account
        self.capabilities = EVERY_WORD
        self.session = SessionState.NONE
        self._clock = clock
        self._numbers = count(1)

    async def login(self) -> None:
        self.session = SessionState.OPEN

    async def logout(self) -> None:
        self.session = SessionState.LOGGED_OUT

    async def close(self) -> None: ...

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        now = self._clock.now()
        funds = Funds(now, None, None, None)
        return Snapshot(self.account, now, Book((), now), Book((), now), Book((), now), funds, Book((), now))

    async def fetch_history(self, order_id: str) -> tuple[OrderEvent, ...]:
        return ()

    async def fetch_by_tag(self, tag: str, urgency: Urgency = Urgency.EXIT) -> tuple[Order, ...]:
        return ()

    async def fetch_contracts(self, on: date) -> ContractList:
        return ContractList(on, ())

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        return self._receipt()

    async def send_change(self, order: Order, change: OrderChange, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        return self._receipt()

    async def send_cancel(self, order: Order, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        return self._receipt()

    def _receipt(self) -> Receipt:
        return Receipt(str(next(self._numbers)))


class DoNothingStage(PaperStage):
    """The paper broker's stage with nobody on it."""

    def connect(self, account: str, *, is_right: bool) -> Broker:
        return DoNothing(account, self.clock)


class DoNothingBench:
    """The broker that does nothing."""

    capabilities = EVERY_WORD

    def __call__(self, world: World) -> DoNothingStage:
        return DoNothingStage(world)


BENCHES = {"do nothing": DoNothingBench()}
