"""The house's rows as domain rows: what a parser does for a broker's bodies, here from values to values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from engine.brokers.cost import with_entry_price
from engine.brokers.indian_symbols import instrument
from engine.brokers.paper.house import BROKER, OrderRow
from engine.brokers.stamps import newest
from engine.brokers.words import cancelled_by, with_fills
from engine.domain.enums import OrderSource, OrderStatus
from engine.domain.instrument import Expiry, Instrument
from engine.domain.numbers import CONTEXT
from engine.domain.snapshot import Book, Fill, Funds, Leg, Order, OrderEvent, Quote
from engine.errors import BrokerDataError
from engine.sim.exchange.words import (
    Contract,
    Key,
    Market,
    Money,
    Position,
    SimOrder,
    Source,
    Stage,
    State,
    Trade,
)

Contracts = Mapping[Key, Instrument]

# The house's words; an order on its way is alive, and so is one with a word that is not here.
STATUSES = MappingProxyType(
    {
        Stage.RECEIVED.value: OrderStatus.PENDING_NEW,
        Stage.VALIDATING.value: OrderStatus.PENDING_NEW,
        Stage.SENDING.value: OrderStatus.PENDING_NEW,
        Stage.PARKED.value: OrderStatus.PENDING_NEW,
        Stage.OPEN.value: OrderStatus.NEW,
        Stage.TRIGGER_PENDING.value: OrderStatus.TRIGGER_PENDING,
        Stage.MODIFY_VALIDATING.value: OrderStatus.PENDING_REPLACE,
        Stage.MODIFYING.value: OrderStatus.PENDING_REPLACE,
        # Told for a moment of every changed order, triggered or not.
        Stage.MODIFIED.value: OrderStatus.PENDING_REPLACE,
        Stage.CANCELLING.value: OrderStatus.PENDING_CANCEL,
        Stage.CANCELLED.value: OrderStatus.CANCELED,
        Stage.COMPLETE.value: OrderStatus.FILLED,
        Stage.REJECTED.value: OrderStatus.REJECTED,
    }
)
_SOURCES = MappingProxyType(
    {
        Source.API: OrderSource.ALGO,
        Source.TERMINAL: OrderSource.TERMINAL,
        Source.SCENARIO: OrderSource.TERMINAL,
        Source.BROKER: OrderSource.BROKER,
    }
)


def contracts_of(rows: Iterable[Contract]) -> Contracts:
    """Return the day's contracts by (exchange, symbol), with all that its file says of them."""
    return MappingProxyType({row.key: _contract_of(row) for row in rows})


def _contract_of(row: Contract) -> Instrument:
    day = row.expiry
    return Instrument(
        exchange=row.exchange,
        symbol=row.symbol,
        kind=row.kind,
        underlying=row.underlying,
        expiry=None if day is None else Expiry(day.year, day.month, day.day),
        strike=row.strike,
        right=row.right,
        lot_size=row.lot_size,
        tick_size=row.tick_size,
        freeze_quantity=row.freeze_quantity,
        token=row.token,
    )


def positions_of(rows: Sequence[Position], taken_at: datetime) -> Book[Leg]:
    """Return the position book. Raises: BrokerDataError for a row that stands twice."""
    legs = tuple(_leg_of(row) for row in rows)
    if len({leg.key for leg in legs}) < len(legs):
        raise BrokerDataError("a row stands twice in the position book", broker=BROKER)
    return Book(legs, taken_at)


def _leg_of(row: Position) -> Leg:
    carried_money = CONTEXT.multiply(row.contract.factor, row.carried_price)
    leg = Leg(
        instrument=_contract_of(row.contract),
        product=row.product,
        net_quantity=row.net,
        opening_quantity=row.carried,
        opening_value=CONTEXT.multiply(row.carried, carried_money),
        day_buy_quantity=row.bought,
        day_buy_value=row.bought_value,
        day_sell_quantity=row.sold,
        day_sell_value=row.sold_value,
        factor=row.contract.factor,
    )
    return with_entry_price(leg)


def orders_of(rows: Sequence[OrderRow], contracts: Contracts, taken_at: datetime) -> Book[Order]:
    """Return the order book, each order once: of two rows the later stands."""
    orders = {row.order.id: _order_of(row, contracts) for row in rows}
    return Book(tuple(orders.values()), taken_at, newest(order.updated_at for order in orders.values()))


def _order_of(row: OrderRow, contracts: Contracts) -> Order:
    order, ticket = row.order, row.order.ticket
    status = with_fills(STATUSES.get(row.word, OrderStatus.UNKNOWN), order.filled_quantity)
    return Order(
        id=order.id,
        instrument=contract_in(contracts, ticket.key),
        product=ticket.product,
        side=ticket.side,
        type=ticket.type,
        status=status,
        quantity=ticket.quantity,
        filled_quantity=order.filled_quantity,
        status_text=row.word,
        price=ticket.price,
        trigger_price=ticket.trigger_price,
        average_price=order.average_price,
        placed_at=order.placed_at,
        updated_at=order.updated_at,
        reason=order.reason,
        tag=ticket.tag or None,
        variety="amo" if ticket.after_market else "regular",
        cancelled_by=cancelled_by(status, order.reason),
        modified=order.modified > 0,
        source=_SOURCES[ticket.source],
    )


def contract_in(contracts: Contracts, key: Key) -> Instrument:
    """Return a contract of the day; of one that is not listed, what its symbol tells."""
    return contracts.get(key) or instrument(*key)


def history_of(states: Sequence[State]) -> tuple[OrderEvent, ...]:
    """Return an order's states as the domain tells them, oldest first."""
    return tuple(
        OrderEvent(
            status=with_fills(STATUSES.get(state.stage.value, OrderStatus.UNKNOWN), state.filled_quantity),
            type=state.type,
            at=state.at,
            trigger_price=state.trigger_price,
            filled_quantity=state.filled_quantity,
        )
        for state in states
    )


def fills_of(rows: Sequence[Trade], contracts: Contracts, taken_at: datetime) -> Book[Fill]:
    """Return the trade book, each fill once."""
    fills = {
        (row.key, row.id): Fill(
            id=row.id,
            order_id=row.order_id,
            instrument=contract_in(contracts, row.key),
            product=row.product,
            side=row.side,
            quantity=row.quantity,
            price=row.price,
            filled_at=row.at,
        )
        for row in rows
    }
    return Book(tuple(fills.values()), taken_at, newest(fill.filled_at for fill in fills.values()))


def funds_of(money: Money, taken_at: datetime) -> Funds:
    """Return the account's money."""
    return Funds(
        taken_at=taken_at,
        margin_available=money.available,
        margin_used=money.margin_used,
        capital=money.cash,
        reported_mtm=CONTEXT.add(money.realized, money.unrealized),
        as_of=taken_at,
    )


def quotes_of(markets: Sequence[tuple[Key, Market]], taken_at: datetime) -> Book[Quote]:
    """Return the quotes, each with the best price of either side; None where nobody stands."""
    quotes = {
        key: Quote(
            exchange=key[0],
            symbol=key[1],
            last_price=market.last_price,
            has_depth=True,
            bid=market.bids[0].price if market.bids else None,
            ask=market.asks[0].price if market.asks else None,
            as_of=market.at,
            traded_at=market.traded_at,
        )
        for key, market in markets
    }
    return Book(tuple(quotes.values()), taken_at, newest(quote.as_of for quote in quotes.values()))


def row_of(order: SimOrder) -> OrderRow:
    """Return an order as the house tells it on a good day."""
    return OrderRow(order, order.stage.value)
