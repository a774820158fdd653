"""What today's orders and trades prove of the position book: units that were bought and sold, and never fewer later."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal

from engine.domain.enums import InstrumentKind, Side
from engine.domain.instrument import Instrument
from engine.domain.numbers import CONTEXT, ZERO, canonical, sum_of
from engine.domain.session import falls_on
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order

Contract = tuple[str, str]

_BUY = Side.BUY


@dataclass(frozen=True, slots=True)
class Suspicion:
    """
    Why a book is not believed.

    key: by it two readings are doubted for the same cause. stands: two readings that agree do not end it.
    """

    text: str
    key: str
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Traded:
    """Units of one contract that were bought and sold today, at least."""

    contract: Contract
    is_delivered: bool
    bought: Decimal
    sold: Decimal


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is proved for one date, by contract in order; a trade once seen stays proved until the date ends."""

    on: date | None = None
    traded: tuple[Traded, ...] = ()


NO_EVIDENCE = Evidence()


def evidence_of(
    orders: Book[Order] | Missing, fills: Book[Fill] | Missing, before: Evidence, on: date, zone: tzinfo
) -> Evidence:
    """
    Return what was proved before on this date, and what these books prove.

    An order counts with its trades or its filled quantity, whichever is more: one of the two books may be behind.
    Rows without a time and rows of another date prove nothing.
    """
    known = {one.contract: one for one in before.traded} if before.on == on else {}
    new = {}
    for one in _floors(orders, fills, on, zone):
        old = known.get(one.contract)
        if old is None:
            new[one.contract] = one
        elif one.bought > old.bought or one.sold > old.sold:
            new[one.contract] = Traded(
                old.contract, old.is_delivered, max(old.bought, one.bought), max(old.sold, one.sold)
            )
    if not new and before.on == on:
        return before
    known.update(new)
    return Evidence(on, tuple([known[contract] for contract in sorted(known)]))


def is_delivered(instrument: Instrument) -> bool:
    """Whether units of it may leave the position book without a trade, as delivered shares do."""
    return instrument.kind is InstrumentKind.EQUITY


def behind(book: Book[Leg], evidence: Evidence) -> Iterator[Suspicion]:
    """
    Yield each contract of which the position book shows less than was traded.

    Summed over products, because orders, trades and positions may name different ones. A contract traded today has a
    row until the day ends, closed or not; only shares may be without.
    """
    rows: dict[Contract, list[Leg]] = {}
    for leg in book.rows if evidence.traded else ():
        rows.setdefault(leg.instrument.key, []).append(leg)
    for one in evidence.traded:
        legs = rows.get(one.contract, [])
        if not legs:
            if not one.is_delivered:
                text = f"{one.contract[1]}: no row in the position book, but {_shown(one)}"
                yield Suspicion(text, text, stands=True)
            continue
        bought = sum_of(leg.day_buy_quantity for leg in legs)
        sold = sum_of(leg.day_sell_quantity for leg in legs)
        if bought < one.bought or sold < one.sold:
            text = (
                f"{one.contract[1]}: the position book has bought {canonical(bought)} and sold {canonical(sold)} "
                f"today, but {_shown(one)}"
            )
            yield Suspicion(text, text, stands=not one.is_delivered)


def _shown(one: Traded) -> str:
    return f"today's orders and trades bought {canonical(one.bought)} and sold {canonical(one.sold)}"


@dataclass(frozen=True, slots=True)
class _Units:
    """Units of one side by contract: of each order, by its trades or as it says itself, and of all the trades."""

    by_order: dict[Contract, dict[str, Decimal]] = field(default_factory=dict)
    by_trade: dict[Contract, Decimal] = field(default_factory=dict)

    def at_least(self, contract: Contract) -> Decimal:
        """Return how many were traded in all, at least."""
        in_orders = sum_of(self.by_order.get(contract, {}).values())
        return max(ZERO, in_orders, self.by_trade.get(contract, ZERO))


def _floors(
    orders: Book[Order] | Missing, fills: Book[Fill] | Missing, on: date, zone: tzinfo
) -> Iterator[Traded]:  # fmt: skip
    filled = [] if isinstance(orders, Missing) else [order for order in orders.rows if order.filled_quantity]
    trades = () if isinstance(fills, Missing) else fills.rows
    if not filled and not trades:
        return
    on_it = falls_on(on, zone)
    bought, sold = _Units(), _Units()
    contracts: dict[Contract, Instrument] = {}
    for fill in trades:
        if fill.filled_at is not None and on_it(fill.filled_at):
            key, units = fill.instrument.key, bought if fill.side is _BUY else sold
            contracts[key] = fill.instrument
            units.by_trade[key] = CONTEXT.add(units.by_trade.get(key, ZERO), fill.quantity)
            if fill.order_id:
                named = units.by_order.setdefault(key, {})
                named[fill.order_id] = CONTEXT.add(named.get(fill.order_id, ZERO), fill.quantity)
    for order in filled:
        at = _dated(order)
        if at is not None and on_it(at) and order.filled_quantity > ZERO:
            key, units = order.instrument.key, bought if order.side is _BUY else sold
            contracts[key] = order.instrument
            named = units.by_order.setdefault(key, {})
            named[order.id] = max(named.get(order.id, ZERO), order.filled_quantity)
    for key, contract in contracts.items():
        yield Traded(key, is_delivered(contract), bought.at_least(key), sold.at_least(key))


def _dated(order: Order) -> datetime | None:
    # One placed after the close is filled on the next day; of any other an old filled quantity may be yesterday's.
    return order.updated_at if order.variety == "amo" else order.placed_at or order.updated_at
