"""The books by contract and by order: every row once, in the order of its book."""

from typing import Any

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.index import (
    fills_by_order,
    fills_of_contract,
    legs_of_contract,
    once_for,
    orders_of_contract,
    settled_for,
)
from engine.facts.parts import orders_of
from engine.facts.standing import stops_by_contract
from tests.facts.build import CE, NOT_READ, after, fill, leg, option, order, snapshot, view

OTHER = option(24500)
LEGS = [leg(sold=(75, 1), last=1), leg(OTHER, last=1), leg(product="MIS", bought=(75, 1), last=1)]
ORDERS = [
    order("B1", status=OrderStatus.NEW),
    order("B2", OTHER, status=OrderStatus.NEW),
    order("S3", side=Side.SELL, status=OrderStatus.NEW),
    order("B4", status=OrderStatus.UNKNOWN, product="MIS"),
    order("B5", status=OrderStatus.CANCELED),
    order("B6", status=OrderStatus.FILLED, filled=75),
]
FILLS = [
    fill("B6", Side.BUY, 50, 1, "10:00:00"),
    fill("E1", Side.SELL, 75, 1, "09:20:00", OTHER),
    fill("B6", Side.BUY, 25, 1, None, id_="2"),
]


def ids(rows: tuple[Any, ...]) -> list[str]:
    return [row.id for row in rows]


def test_rows_are_found_by_contract_in_every_product() -> None:
    seen = view(snapshot(LEGS, ORDERS, FILLS))
    assert [row.product for row in legs_of_contract(seen, CE.key)] == ["NRML", "MIS"]
    assert ids(orders_of_contract(seen, CE.key)) == ["B1", "S3", "B4", "B5", "B6"]
    assert ids(orders_of_contract(seen, OTHER.key)) == ["B2"]
    assert ids(fills_of_contract(seen, CE.key)) == ["T-B6-10:00:00", "2"]
    assert ids(fills_by_order(seen)["B6"]) == ["T-B6-10:00:00", "2"]


def test_only_buy_stops_that_may_still_trade_can_stand_for_a_short() -> None:
    plain = order("B7", type_=OrderType.LIMIT, status=OrderStatus.NEW, trigger_price=None)
    seen = view(snapshot(LEGS, [*ORDERS, plain], FILLS))
    buys = stops_by_contract(seen)
    assert not isinstance(buys, Unknown)
    assert {contract: ids(rows) for contract, rows in buys.items()} == {CE.key: ["B1", "B4"], OTHER.key: ["B2"]}


def test_of_a_contract_nobody_traded_and_of_unread_books_there_is_nothing() -> None:
    seen, blind = view(snapshot(LEGS, ORDERS, FILLS)), view(snapshot(NOT_READ, NOT_READ, NOT_READ))
    for one, contract in ((seen, option(25000).key), (blind, CE.key)):
        for find in (legs_of_contract, orders_of_contract, fills_of_contract):
            assert find(one, contract) == ()
    assert fills_by_order(blind) == {}
    assert stops_by_contract(blind) == orders_of(blind)


def test_what_is_settled_for_a_leg_outlives_a_view_and_what_is_found_once_does_not() -> None:
    asked: list[Leg] = []

    def count(_: View, row: Leg) -> int:
        asked.append(row)
        return len(asked)

    seen = view(snapshot(LEGS))
    assert [settled_for(seen, "number", row, count) for row in (LEGS[0], LEGS[0], LEGS[2])] == [1, 1, 2]
    assert [once_for(seen, "number", row, count) for row in (LEGS[0], LEGS[0])] == [3, 3]
    later = view(after(seen.snapshot, 2))
    later.settled_values.update(seen.settled_values)
    assert settled_for(later, "number", LEGS[0], count) == 1
    assert once_for(later, "number", LEGS[0], count) == 4
