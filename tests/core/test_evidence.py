"""Today's orders and trades speak against a position book that lags, is empty or has lost a row."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.enums import InstrumentKind, OrderStatus, Side
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Book, Order
from tests.core.test_reconcile import CALL, OPEN, PUT, at, cause, fill, leg, order, reading, run, verdicts


def dated(number: int, filled: int, *, bought: bool = False, **changes: Any) -> Order:
    side = Side.BUY if bought else Side.SELL
    return replace(order(number, filled, OrderStatus.FILLED), **{"side": side, "placed_at": OPEN, **changes})


SOLD, BACK = fill(1, -150), fill(2, 150, order_id="2")
CLOSED: dict[str, Any] = {"day_buy_quantity": Decimal(150), "day_sell_quantity": Decimal(150)}


def test_a_book_that_lags_is_never_believed_however_often_it_says_the_same() -> None:
    good = reading(0, [leg(-150)], [dated(1, 150)], [SOLD])
    torn = [reading(n, [leg(-150)], [dated(1, 150), dated(2, 150, bought=True)], [SOLD, BACK]) for n in (2, 4, 6, 8)]
    caught_up = reading(10, [leg(0, **CLOSED)], [dated(1, 150), dated(2, 150, bought=True)], [SOLD, BACK])
    assert verdicts("positions", good, *torn, caught_up) == "bmmmmb"
    other = fill(3, -75, of=PUT, order_id="3")
    assert verdicts("positions", good, *(reading(n, [leg(-150)], None, [SOLD, other]) for n in (2, 4, 6))) == "bmmm"


def test_a_trusted_reading_is_no_witness_for_a_suspect_one() -> None:
    good = reading(0, [leg(-150)])
    late = [reading(n, Book((leg(-150),), at(n - 3)), []) for n in (5, 10)]
    assert verdicts("positions", good, *late) == "bmb"


def test_two_suspect_readings_agree_only_with_the_same_cause_and_no_new_trade() -> None:
    wrong = leg(-150, day_sell_quantity=Decimal(75))
    assert verdicts("positions", reading(0, [wrong]), reading(3, Book((wrong,), at(0.5)), [])) == "mm"
    traded = fill(9, -5, of=replace(CALL, kind=InstrumentKind.EQUITY, symbol="INFY"))
    assert verdicts("positions", reading(0, [wrong]), reading(2, [wrong], [], [traded])) == "mm"
    assert verdicts("positions", reading(0, [wrong]), *(reading(n, [wrong], [], []) for n in (2, 4, 6))) == "mbbb"


def test_an_empty_book_against_todays_trades_stays_unknown() -> None:
    books = [dated(1, 150)], [SOLD]
    readings = [reading(0, [leg(-150)], *books), *(reading(n, [], *books) for n in (2, 4, 6))]
    assert verdicts("positions", *readings) == "bmmm"


@pytest.mark.parametrize("fills", [None, [], [fill(1, -75)], [fill(1, -75, filled_at=None)]])
def test_a_filled_order_speaks_against_an_empty_book_from_the_first_reading(fills: Any) -> None:
    readings = [reading(n, [], [dated(1, 150)], fills) for n in (0, 2, 4)]
    assert verdicts("positions", *readings) == "mmm"
    assert cause(run(*readings)[-1]).startswith(
        "NIFTY26NOV24000CE: no row in the position book, but today's orders and trades bought 0 and sold 150"
    )
    empty_row = [reading(n, [leg(0)], [dated(1, 150)], fills) for n in (0, 2)]
    assert verdicts("positions", *empty_row) == "mm"
    assert "the position book has bought 0 and sold 0 today" in cause(run(*empty_row)[-1])


def test_a_contract_sold_and_bought_back_keeps_a_row_with_both() -> None:
    books = [dated(1, 150), dated(2, 150, bought=True)], [SOLD, BACK]
    assert verdicts("positions", reading(0, [], *books), reading(2, [], *books)) == "mm"
    assert verdicts("positions", reading(0, [leg(0)], *books), reading(2, [leg(0)], *books)) == "mm"
    assert verdicts("positions", reading(0, [leg(0, **CLOSED)], *books)) == "b"


def test_a_carried_position_squared_off_is_no_contradiction() -> None:
    closed = leg(0, opening=-150)
    assert verdicts("positions", reading(0, [closed], [dated(1, 150, bought=True)], [])) == "b"
    assert verdicts("positions", reading(0, [closed], [dated(2, 150, bought=True)], [BACK])) == "b"


def test_what_no_filled_order_of_today_says() -> None:
    yesterday: dict[str, Any] = {"placed_at": OPEN - timedelta(days=1)}
    for orders in (
        [dated(1, 0)], [order(1, 150)], [dated(1, 150, **yesterday)], [dated(1, 150, **yesterday, updated_at=OPEN)],
    ):  # fmt: skip
        assert verdicts("positions", reading(0, [], orders, [])) == "b"
    parked = dated(1, 150, **yesterday, updated_at=OPEN, variety="amo")
    assert verdicts("positions", reading(0, [], [parked], [])) == "m"
    share = replace(dated(1, 150), instrument=Instrument("NSE", "INFY", InstrumentKind.EQUITY))
    assert verdicts("positions", reading(0, [], [share], [])) == "b"


def test_a_trade_once_seen_speaks_though_the_trade_book_fails_later() -> None:
    books = [dated(1, 150), dated(2, 150, bought=True)], [SOLD, BACK]
    readings = [
        reading(0, [leg(-150)], [dated(1, 150)], [SOLD]), reading(2, [leg(-150)], *books), reading(4, [leg(-150)]),
        reading(6, [leg(-150)], [], []), reading(8, [leg(0, **CLOSED)]), reading(24 * 3600, [leg(-150, opening=-150)]),
    ]  # fmt: skip
    assert verdicts("positions", *readings) == "bmmmbb"


def test_orders_and_trades_of_other_products_or_without_an_order_count_once() -> None:
    cover = [dated(1, 150, product="CO")], [replace(SOLD, product="CO")]
    assert verdicts("positions", reading(0, [leg(-150, product="MIS")], *cover)) == "b"
    assert verdicts("positions", reading(0, [leg(-150)], [dated(1, 150)], [replace(SOLD, order_id="")])) == "b"


def test_shares_that_trades_do_not_explain_are_believed_when_two_readings_agree() -> None:
    share = Instrument("NSE", "INFY", InstrumentKind.EQUITY)
    readings = [reading(n, [leg(-5, opening=-5, of=share)], None, [fill(1, -5, of=share)]) for n in (0, 2)]
    assert verdicts("positions", *readings) == "mb"
