"""One account at Kotak Neo as the engine's port has it; how it is spoken to stands in the other modules."""

from datetime import date, timedelta

import httpx

from engine.brokers.budget import Budget
from engine.brokers.checks import check_change, check_order, need
from engine.brokers.kotak import calls
from engine.brokers.kotak.calls import Call
from engine.brokers.kotak.client import Client, Retries
from engine.brokers.kotak.contracts import ContractFiles
from engine.brokers.kotak.parse import parse_order_history, parse_orders
from engine.brokers.kotak.reply import BLANKS, BROKER
from engine.brokers.kotak.session import LoginLimits, Session
from engine.brokers.kotak.snapshots import Snapshots
from engine.brokers.kotak.tokens import Credentials
from engine.brokers.wire import Fields, decode_reply, object_of
from engine.domain.capabilities import Capabilities, Capability
from engine.domain.requests import NewOrder, OrderChange, Receipt, Urgency
from engine.domain.snapshot import Order, OrderEvent, Snapshot
from engine.errors import BrokerDataError, BrokerOutcomeUnknown
from engine.ports import EVERYTHING, Clock, ContractList, SessionKeeper, SessionState, Wanted


class KotakBroker:
    """
    Fills `engine.ports.Broker`.

    http, contracts: shared by all accounts at Kotak; who opened the connections closes them. budget: of this account.
    address: where logins go.
    """

    def __init__(
        self,
        account: str,
        credentials: Credentials,
        capabilities: Capabilities,
        http: httpx.AsyncClient,
        clock: Clock,
        budget: Budget,
        contracts: ContractFiles,
        keeper: SessionKeeper | None = None,
        *,
        address: str = calls.LOGIN_BASE,
        logins: LoginLimits | None = None,
        retries: Retries | None = None,
    ) -> None:
        self._account = account
        self._capabilities = capabilities
        self._clock = clock
        self._contracts = contracts
        self._session = Session(account, credentials, http, clock, budget, keeper, address=address, limits=logins)
        self._client = Client(self._session, http, clock, budget, retries)
        self._snapshots = Snapshots(self._client, clock)

    @property
    def account(self) -> str:
        """The account's name in the desk."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What Kotak can do, as far as known."""
        return self._capabilities

    @property
    def clock_ahead(self) -> timedelta | None:
        """As the port."""
        return self._client.clock_ahead

    @property
    def session(self) -> SessionState:
        """Whether the account may be asked."""
        return self._session.state

    async def login(self) -> None:
        """As the port."""
        await self._session.ready()

    async def logout(self) -> None:
        """As the port. Kotak has no call for it: the tokens are dropped, here and where they are kept."""
        self._session.end()

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        """As the port. ContractList are those last fetched by any of Kotak's accounts, else what their symbols tell."""
        return await self._snapshots.fetch(wanted, self._contracts.last)

    async def fetch_history(self, order_id: str) -> tuple[OrderEvent, ...]:
        """As the port."""
        need(self._capabilities, Capability.HISTORY)
        got = await self._client.read(calls.history(order_id))
        history = parse_order_history(got.body)
        if history.order_id != order_id:
            raise BrokerDataError(
                f"order history: asked for {order_id} and told of {history.order_id}",
                account=self._account,
                broker=BROKER,
            )
        return history.events

    async def fetch_by_tag(self, tag: str, urgency: Urgency = Urgency.EXIT) -> tuple[Order, ...]:
        """As the port. Kotak gives the tag back in the book and does not look it up itself."""
        need(self._capabilities, Capability.TAG_LOOKUP)
        got = await self._client.read(calls.ORDERS, urgency)
        return tuple(order for order in parse_orders(got.body, got.at).rows if order.tag == tag)

    async def fetch_contracts(self, on: date) -> ContractList:
        """As the port."""
        need(self._capabilities, Capability.CONTRACT_FILE)
        return (await self._contracts.fetch(on, self._client)).contracts

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """As the port."""
        check_order(order, self._capabilities)
        return await self._send(calls.place(order), urgency)

    async def send_change(self, order: Order, change: OrderChange, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """As the port."""
        check_change(change, self._capabilities)
        return await self._send(calls.modify(order, change), urgency, order.id)

    async def send_cancel(self, order: Order, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """As the port."""
        return await self._send(calls.cancel(order), urgency, order.id)

    async def close(self) -> None:
        """As the port. The connections are shared, and closed by who opened them."""

    async def _send(self, call: Call, urgency: Urgency, order_id: str = "") -> Receipt:
        got = await self._client.write(call, urgency)
        try:
            reply = object_of(decode_reply(got.body, BROKER, call.part), BROKER, call.part)
            row = Fields(reply, call.part, BROKER, BLANKS)
            told = row.identity_or_none("nOrdNo") or order_id or row.identity("nOrdNo")
        except BrokerDataError as error:
            raise BrokerOutcomeUnknown(
                f"{error}; whether it was done is not known", tag=call.tag, account=self._account, broker=BROKER
            ) from error
        return Receipt(told)
