"""Books in which a stop-loss filled, in which something only looks like it, and in which it cannot be told."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.domain.enums import InstrumentKind, OrderStatus, OrderType, Side
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Snapshot
from engine.facts.memory import DayMemory
from tests.facts.build import CE, NOT_READ, at, d, fill, future, leg, option, order, snapshot

BUY, SELL = Side.BUY, Side.SELL
STOP, LIMIT, MARKET = OrderType.STOP, OrderType.LIMIT, OrderType.MARKET
YESTERDAY = date(2026, 11, 20)
SALE = order("E1", side=SELL, type_=LIMIT, placed="09:20:00", updated="09:20:05")
SOLD = fill("E1", SELL, 75, 100, "09:20:05")
HIT = fill("S1", BUY, 75, 150, "10:30:00")
STOPPED = leg(sold=(75, 100), bought=(75, 150))


def plain(**changes: Any) -> Snapshot:
    """Sold at 09:20, stop placed at 09:21, stop filled at 10:30: the leg is flat."""
    return snapshot(**({"legs": [STOPPED], "orders": [SALE, order()], "fills": [SOLD, HIT]} | changes))


@dataclass(frozen=True)
class Case:
    legs: Any
    orders: Any
    fills: Any
    memory: DayMemory | None = None


def books(legs: Any, orders: Any, fills: Any, memory: DayMemory | None = None) -> Case:
    return Case(legs, orders, fills, memory)


CARRIED = leg(opening=-75, settled=100, bought=(75, 150))
SL_THEN_LIMIT = ((OrderStatus.TRIGGER_PENDING, STOP), (OrderStatus.NEW, LIMIT), (OrderStatus.FILLED, LIMIT))

HITS = {
    "stop type in the book": books([STOPPED], [SALE, order()], [SOLD, HIT]),
    "stop-market": books([STOPPED], [SALE, order(type_=OrderType.STOP_MARKET)], [SOLD, HIT]),
    "became a limit order, its history was read": books(
        [STOPPED], [SALE, order(type_=LIMIT, history=SL_THEN_LIMIT)], [SOLD, HIT]
    ),
    "became a market order, an earlier reading saw the stop": books(
        [STOPPED], [SALE, order(type_=MARKET)], [SOLD, HIT], DayMemory(date(2026, 11, 23), stops_seen=frozenset({"S1"}))
    ),
    "history shows it only waiting for its trigger": books(
        [STOPPED],
        [SALE, order(type_=LIMIT, history=[(OrderStatus.TRIGGER_PENDING, LIMIT), (OrderStatus.FILLED, LIMIT)])],
        [SOLD, HIT],
    ),
    "carried short": books([CARRIED], [order()], [HIT]),
    "carried short, trades not read, no other order": books([CARRIED], [order()], NOT_READ),
    "trades not read, the orders tell the sale was earlier": books([STOPPED], [SALE, order()], NOT_READ),
    "placed in the second of the sale": books([STOPPED], [SALE, order(placed="09:20:05")], [SOLD, HIT]),
    "part of the short": books(
        [leg(sold=(150, 100), bought=(75, 150), last=150)],
        [order("E1", side=SELL, type_=LIMIT, quantity=150), order()],
        [fill("E1", SELL, 150, 100, "09:20:05"), HIT],
    ),
    "entry filled in two parts, the stop placed after the first": books(
        [leg(sold=(150, 100), bought=(150, 150))],
        [order(quantity=150)],
        [fill("E1", SELL, 75, 100, "09:20:05"), fill("E1", SELL, 75, 100, "09:25:00"),
         fill("S1", BUY, 150, 150, "10:30:00")],
    ),
    "short partly bought back by hand before the stop filled and flipped it": books(
        [leg(sold=(75, 100), bought=(100, 140), last=150)],
        [order()],
        [SOLD, fill("M1", BUY, 25, 120, "10:00:00"), HIT],
    ),
    "filled in two trades": books(
        [STOPPED], [SALE, order()], [SOLD, fill("S1", BUY, 50, 150, "10:30:00"), fill("S1", BUY, 25, 151, "10:30:02")]
    ),
    "status word not held, the trades show the fill": books(
        [STOPPED], [SALE, order(status=OrderStatus.UNKNOWN, filled=75, status_text="zzz")], [SOLD, HIT]
    ),
    "stop larger than the short it closed": books(
        [leg(sold=(75, 100), bought=(300, 150), last=150)],
        [SALE, order(quantity=300)], [SOLD, fill("S1", BUY, 300, 150, "10:30:00")],
    ),
    "stamped yesterday only, its trade is of today": books(
        [CARRIED], [order(placed=at("20:00:00", YESTERDAY), updated=at("20:00:00", YESTERDAY))], [HIT]
    ),
    "says complete and filled nothing, the trades show it all": books(
        [STOPPED], [SALE, order(filled=0)], [SOLD, HIT]
    ),
    "stop of a cover order shown under the product of the position": books(
        [leg(sold=(75, 100), bought=(75, 150), product="MIS")],
        [replace(SALE, product="CO"), order(product="CO", variety="co", parent_id="E1")],
        [fill("E1", SELL, 75, 100, "09:20:05", product="CO"), fill("S1", BUY, 75, 150, "10:30:00", product="CO")],
    ),
    "position converted to another product": books(
        [STOPPED], [replace(SALE, product="MIS"), order()],
        [fill("E1", SELL, 75, 100, "09:20:05", product="MIS"), HIT],
    ),
    "position converted to another product, the row of the first left flat": books(
        [STOPPED, leg(product="MIS")], [replace(SALE, product="MIS"), order()],
        [fill("E1", SELL, 75, 100, "09:20:05", product="MIS"), HIT],
    ),
    "placed as an after-market order the evening before, filled today": books(
        [CARRIED], [order(placed=at("20:00:00", YESTERDAY))], [HIT]
    ),
}  # fmt: skip

ODD = Instrument("NFO", "NIFTYX", InstrumentKind.OTHER)
LONG_BEFORE = leg(bought=(75, 60), last=80)
NOT_HITS = {
    "stop-buy entry in a contract never sold": books([LONG_BEFORE], [order()], [HIT]),
    "stop-buy entry, the contract sold later": books(
        [STOPPED],
        [order(placed="09:19:00"), order("E1", side=SELL, type_=LIMIT, placed="11:00:00", updated="11:00:00")],
        [fill("S1", BUY, 75, 150, "09:19:30"), fill("E1", SELL, 75, 100, "11:00:00")],
    ),
    "stop-buy that adds to a long": books(
        [leg(opening=75, settled=50, bought=(75, 60), last=80)], [order()], [HIT]
    ),
    "stop-sell on a hedge": books(
        [leg(bought=(75, 60), sold=(75, 40))], [order(side=SELL)],
        [fill("H1", BUY, 75, 60, "09:20:00"), fill("S1", SELL, 75, 40, "10:30:00")],
    ),
    "yesterday's order still in the book": books(
        [CARRIED], [order(placed=at("10:00:00", YESTERDAY), updated=at("10:30:00", YESTERDAY))], []
    ),
    "yesterday's order stamped again by this morning's clean-up": books(
        [leg(opening=-75, settled=100, last=90)], [order(placed=at("10:00:00", YESTERDAY), updated="08:00:00")], []
    ),
    "stop cancelled": books([STOPPED], [SALE, order(status=OrderStatus.CANCELED)], [SOLD]),
    "stop rejected": books([STOPPED], [SALE, order(status=OrderStatus.REJECTED)], [SOLD]),
    "stop still waiting": books(
        [leg(sold=(75, 100), last=90)], [SALE, order(status=OrderStatus.TRIGGER_PENDING)], [SOLD]
    ),
    "part fill below the share": books(
        [leg(sold=(75, 100), bought=(25, 150), last=150)],
        [SALE, order(status=OrderStatus.CANCELED, filled=25)], [SOLD, fill("S1", BUY, 25, 150, "10:30:00")],
    ),
    "the short is in another product": books(
        [leg(sold=(75, 100), last=90, product="NRML"), leg(bought=(75, 150), last=150, product="MIS")],
        [order(product="MIS")], [SOLD, fill("S1", BUY, 75, 150, "10:30:00", product="MIS")],
    ),
    "the short is in another strike": books(
        [leg(sold=(75, 100), last=90), leg(option(24500), bought=(75, 150), last=150)],
        [order(instrument=option(24500))], [SOLD, fill("S1", BUY, 75, 150, "10:30:00", option(24500))],
    ),
    "stop on a sold future": books(
        [leg(future(), sold=(75, 100), bought=(75, 150))],
        [order(instrument=future())],
        [fill("E1", SELL, 75, 100, "09:20:05", future()), fill("S1", BUY, 75, 150, "10:30:00", future())],
    ),
    "orphan stop: the short was bought back by hand before it filled": books(
        [leg(sold=(75, 100), bought=(150, 140), last=150)],
        [SALE, order("M1", type_=LIMIT, placed="10:00:00", updated="10:00:01"), order()],
        [SOLD, fill("M1", BUY, 75, 120, "10:00:01"), HIT],
    ),
    "bought back by hand with a limit order": books([STOPPED], [SALE, order(type_=LIMIT)], [SOLD, HIT]),
    "bought back by hand with a market order, history read": books(
        [STOPPED], [SALE, order(type_=MARKET, history=[(OrderStatus.NEW, MARKET), (OrderStatus.FILLED, MARKET)])],
        [SOLD, HIT],
    ),
    "limit order whose trigger price is the broker's zero": books(
        [STOPPED], [SALE, order(type_=LIMIT, trigger_price=d(0))], [SOLD, HIT]
    ),
    "never sold today and carried long, trades not read": books(
        [leg(opening=75, settled=50, bought=(75, 60), last=80)], [order()], NOT_READ
    ),
    "limit order the broker says was never changed": books(
        [STOPPED], [SALE, order(type_=LIMIT, modified=False)], [SOLD, HIT]
    ),
    "changed limit order whose history shows no stop": books(
        [STOPPED], [SALE, order(type_=LIMIT, modified=True, history=[(OrderStatus.NEW, LIMIT)])], [SOLD, HIT]
    ),
    "status not held, nothing filled, the short stands": books(
        [leg(sold=(75, 100), last=90)], [SALE, order(status=OrderStatus.UNKNOWN, filled=0)], [SOLD]
    ),
    "stop-buy of a cover order in a contract never sold": books(
        [LONG_BEFORE], [order(parent_id="E1")], [HIT]
    ),
    "placed three seconds before the sale": books(
        [leg(bought=(75, 150), sold=(75, 100))], [order(placed="09:20:02"), SALE], [SOLD, HIT]
    ),
    "no orders at all": books([leg(sold=(75, 100), last=90)], [], [SOLD]),
}  # fmt: skip

UNDECIDED = {
    "orders not read": (books([STOPPED], NOT_READ, [SOLD, HIT]), "orders not read: the call timed out"),
    "positions not read": (books(NOT_READ, [order()], [SOLD, HIT]), "positions not read: the call timed out"),
    "the contract has no row": (books([], [order()], [HIT]), f"positions show no row for NFO:{CE.symbol} (NRML)"),
    "trigger price left on a limit order": (
        books([STOPPED], [SALE, order(type_=LIMIT, trigger_price=d(148))], [SOLD, HIT]),
        "order S1 has a trigger price but is no stop now, and its history was not read",
    ),
    "order type not held": (
        books([STOPPED], [SALE, order(type_=OrderType.UNKNOWN)], [SOLD, HIT]), "type of order S1 is not known",
    ),
    "status not held, trades not read": (
        books([CARRIED], [order(status=OrderStatus.UNKNOWN, filled=75, status_text="zzz")], NOT_READ),
        "status of order S1 is not known (zzz)",
    ),
    "sold and bought today, neither trades nor the sale's order": (
        books([STOPPED], [order()], NOT_READ),
        f"whether NFO:{CE.symbol} was sold when order S1 was placed is not known: trades not read: the call timed out",
    ),
    "the trades do not add up to the row": (
        books([STOPPED], [order()], [HIT]),
        f"whether NFO:{CE.symbol} was sold when order S1 was placed is not told by the trades",
    ),
    "another day's order, trades not read": (
        books([CARRIED], [order(placed=at("10:00:00", YESTERDAY), updated="08:00:00")], NOT_READ),
        "trades not read: the call timed out",
    ),
    "no time at all": (
        books([CARRIED], [order(placed=None, updated=None)], NOT_READ), "when order S1 filled is not known",
    ),
    "filled in the order book, another day's order, the trades behind": (
        books([CARRIED], [order(placed=at("20:00:00", YESTERDAY))], []),
        "order S1 of another day shows a fill that the trades do not",
    ),
    "the same, the position behind too": (
        books([leg(opening=-75, settled=100, last=90)], [order(placed=at("20:00:00", YESTERDAY))], []),
        "order S1 of another day shows a fill that the trades do not",
    ),
    "the same, the positions not read": (
        books(NOT_READ, [order(placed=at("20:00:00", YESTERDAY))], []), "positions not read: the call timed out",
    ),
    "changed, and its history not read": (
        books([STOPPED], [SALE, order(type_=LIMIT, modified=True)], [SOLD, HIT]),
        "order S1 was changed and its history was not read",
    ),
    "says complete and filled nothing": (
        books([STOPPED], [SALE, order(filled=0)], [SOLD]),
        "order S1 contradicts itself: status says complete, 0 of 75 filled",
    ),
    "says complete and filled in part": (
        books([STOPPED], [SALE, order(filled=25)], [SOLD, fill("S1", BUY, 25, 150, "10:30:00")]),
        "order S1 contradicts itself: status says complete, 25 of 75 filled",
    ),
    "status not held, nothing filled, the short bought back by nobody": (
        books([STOPPED], [SALE, order(status=OrderStatus.UNKNOWN, filled=0, status_text="zzz")], [SOLD]),
        "status of order S1 is not known (zzz)",
    ),
    "status not held, nothing filled, positions not read": (
        books(NOT_READ, [order(status=OrderStatus.UNKNOWN, filled=0)], [SOLD]),
        "positions not read: the call timed out",
    ),
    "placed a second before the sale by its stamp": (
        books([STOPPED], [SALE, order(placed="09:20:04")], [SOLD, HIT]),
        f"whether NFO:{CE.symbol} was sold when order S1 was placed is not told by the trades",
    ),
    "a sale that was changed and filled before, trades not read": (
        books(
            [leg(sold=(75, 100), bought=(75, 150))],
            [order("E1", side=SELL, type_=LIMIT, placed="10:00:00", updated="10:05:00", modified=True), order()],
            NOT_READ,
        ),
        f"whether NFO:{CE.symbol} was sold when order S1 was placed is not known: trades not read: the call timed out",
    ),
    "a contract whose symbol does not tell whether it is an option": (
        books([leg(ODD, sold=(75, 100), bought=(75, 150))], [order(instrument=ODD)],
              [fill("E1", SELL, 75, 100, "09:20:05", ODD), fill("S1", BUY, 75, 150, "10:30:00", ODD)]),
        "whether NFO:NIFTYX is an option is not known",
    ),
    "stop of a cover order whose product has a row of its own": (
        books(
            [leg(sold=(75, 100), last=90), leg(bought=(75, 150), product="CO", last=90)],
            [order(product="CO", parent_id="E1")], [SOLD, fill("S1", BUY, 75, 150, "10:30:00", product="CO")],
        ),
        f"whether order S1 (CO) stood for NFO:{CE.symbol} (NRML) is not known",
    ),
}  # fmt: skip
