"""What today's orders and trades prove of the position book: units that were bought and sold, and never fewer later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from engine.domain.enums import InstrumentKind, Side
from engine.domain.instrument import Instrument
from engine.domain.numbers import CONTEXT, ZERO, canonical, sum_of
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order

Contract = tuple[str, str]


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
    for instrument, side, units in _floors(orders, fills, on, zone):
        old = known.get(instrument.key) or Traded(instrument.key, is_delivered(instrument), ZERO, ZERO)
        bought = max(old.bought, units) if side is Side.BUY else old.bought
        sold = max(old.sold, units) if side is Side.SELL else old.sold
        known[instrument.key] = Traded(old.contract, old.is_delivered, bought, sold)
    return Evidence(on, tuple(known[contract] for contract in sorted(known)))


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
    for leg in book.rows:
        rows.setdefault(leg.instrument.key, []).append(leg)
    for one in evidence.traded:
        legs = rows.get(one.contract, [])
        traded = f"today's orders and trades bought {canonical(one.bought)} and sold {canonical(one.sold)}"
        if not legs:
            if not one.is_delivered:
                text = f"{one.contract[1]}: no row in the position book, but {traded}"
                yield Suspicion(text, text, stands=True)
            continue
        bought = sum_of(leg.day_buy_quantity for leg in legs)
        sold = sum_of(leg.day_sell_quantity for leg in legs)
        if bought < one.bought or sold < one.sold:
            text = (
                f"{one.contract[1]}: the position book has bought {canonical(bought)} and sold {canonical(sold)} "
                f"today, but {traded}"
            )
            yield Suspicion(text, text, stands=not one.is_delivered)


def _floors(
    orders: Book[Order] | Missing, fills: Book[Fill] | Missing, on: date, zone: tzinfo
) -> Iterator[tuple[Instrument, Side, Decimal]]:
    by_order: dict[tuple[Contract, Side], dict[str, Decimal]] = {}
    by_trade: dict[tuple[Contract, Side], Decimal] = {}
    instruments: dict[Contract, Instrument] = {}
    for fill in () if isinstance(fills, Missing) else fills.rows:
        if not _is_on(fill.filled_at, on, zone):
            continue
        key = (fill.instrument.key, fill.side)
        instruments[fill.instrument.key] = fill.instrument
        by_trade[key] = CONTEXT.add(by_trade.get(key, ZERO), fill.quantity)
        if fill.order_id:
            named = by_order.setdefault(key, {})
            named[fill.order_id] = CONTEXT.add(named.get(fill.order_id, ZERO), fill.quantity)
    for order in () if isinstance(orders, Missing) else orders.rows:
        if order.filled_quantity <= ZERO or not _is_on(_dated(order), on, zone):
            continue
        instruments[order.instrument.key] = order.instrument
        named = by_order.setdefault((order.instrument.key, order.side), {})
        named[order.id] = max(named.get(order.id, ZERO), order.filled_quantity)
    for contract, side in by_order.keys() | by_trade.keys():
        in_orders = sum_of(by_order.get((contract, side), {}).values())
        yield instruments[contract], side, max(in_orders, by_trade.get((contract, side), ZERO))


def _dated(order: Order) -> datetime | None:
    # One placed after the close is filled on the next day; of any other an old filled quantity may be yesterday's.
    return order.updated_at if order.variety == "amo" else order.placed_at or order.updated_at


def _is_on(at: datetime | None, on: date, zone: tzinfo) -> bool:
    return at is not None and at.astimezone(zone).date() == on
