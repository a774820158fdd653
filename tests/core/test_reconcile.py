"""A reading that cannot be is not believed until two agree, and an ordinary day is never doubted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.reconcile import ReconcileState, reconcile
from engine.domain.enums import InstrumentKind, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import Expiry, Instrument
from engine.domain.snapshot import Book, Fill, Funds, Leg, Missing, Order, Quote, Snapshot

OPEN = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
CALL = Instrument(
    "NFO", "NIFTY26NOV24000CE", InstrumentKind.OPTION, "NIFTY", Expiry(2026, 11, 24), Decimal(24000), Right.CALL
)
PUT = replace(CALL, symbol="NIFTY26NOV24000PE", right=Right.PUT)
SPOT = ("NSE", "NIFTY 50")


def at(seconds: float) -> datetime:
    return OPEN + timedelta(seconds=seconds)


def leg(net: int, *, opening: int = 0, of: Instrument = CALL, product: str = "NRML", **changes: Any) -> Leg:
    moved = net - opening
    values = {
        "instrument": of, "product": product, "net_quantity": Decimal(net), "opening_quantity": Decimal(opening),
        "opening_value": Decimal(0), "day_buy_quantity": Decimal(max(moved, 0)), "day_buy_value": Decimal(0),
        "day_sell_quantity": Decimal(max(-moved, 0)), "day_sell_value": Decimal(0), **changes,
    }  # fmt: skip
    return Leg(**values)


def fill(number: int, quantity: int, *, of: Instrument = CALL, order_id: str = "1", **changes: Any) -> Fill:
    side = Side.BUY if quantity > 0 else Side.SELL
    values = {
        "id": str(number), "order_id": order_id, "instrument": of, "product": "NRML", "side": side,
        "quantity": Decimal(abs(quantity)), "price": Decimal(100), "filled_at": OPEN, **changes,
    }  # fmt: skip
    return Fill(**values)


def order(number: int, filled: int = 0, status: OrderStatus = OrderStatus.NEW) -> Order:
    return Order(
        str(number), CALL, "NRML", Side.SELL, OrderType.LIMIT, status, Decimal(150), Decimal(filled)
    )  # fmt: skip


def reading(seconds: float, legs: Any = None, orders: Any = None, fills: Any = None, quotes: Any = None) -> Snapshot:
    when = at(seconds)

    def book(rows: Any) -> Any:
        if rows is None:
            return Missing("not read")
        return rows if isinstance(rows, Missing | Book) else Book(tuple(rows), when)

    return Snapshot("A1", when, book(legs), book(orders), book(fills), Missing("not read"), book(quotes))


def run(*readings: Snapshot) -> list[Snapshot]:
    """Feed consecutive readings and return what was believed of each."""
    believed: list[Snapshot] = []
    state = ReconcileState()
    for one in readings:
        snapshot, state = reconcile(believed[-1] if believed else None, one, state)
        believed.append(snapshot)
    return believed


def verdicts(part: str, *readings: Snapshot) -> str:
    """Return one letter a reading: b believed, m missing."""
    return "".join("m" if isinstance(getattr(one, part), Missing) else "b" for one in run(*readings))


def cause(snapshot: Snapshot, part: str = "positions") -> str:
    missing = getattr(snapshot, part)
    assert isinstance(missing, Missing)
    return missing.cause


def test_an_ordinary_day_is_believed_throughout() -> None:
    sold, back = fill(1, -150), fill(2, 150, order_id="2")
    day = [
        reading(0, [], [], []),
        reading(2, [], [order(1)], []),
        reading(4, [leg(-150)], [order(1, 150)], [sold]),
        reading(6, [leg(-150)], [order(1, 150), order(2)], [sold]),
        reading(8, [leg(0, day_buy_quantity=Decimal(150), day_sell_quantity=Decimal(150))],
                [order(1, 150), order(2, 150)], [sold, back]),
        reading(10, [leg(0, day_buy_quantity=Decimal(150), day_sell_quantity=Decimal(150))],
                [order(1, 150), order(2, 150)], [sold, back]),
    ]  # fmt: skip
    for one, believed in zip(day, run(*day), strict=True):
        assert believed == one


def test_carried_rows_need_no_trades() -> None:
    assert verdicts("positions", reading(0, [leg(-150, opening=-150)], [], [])) == "b"


def test_what_was_not_read_stays_missing_with_its_own_cause() -> None:
    (believed,) = run(reading(0))
    assert believed.positions == Missing("not read")


def test_a_row_that_contradicts_itself() -> None:
    wrong = leg(-150, day_sell_quantity=Decimal(75))
    first, second, third = run(*(reading(n, [wrong]) for n in (0, 2, 4)))
    assert "NIFTY26NOV24000CE: net -150 is not opening 0 + bought 0 − sold 75" in cause(first)
    assert "two readings agree" in cause(first)
    assert second.positions == Book((wrong,), at(2))
    assert third.positions == Book((wrong,), at(4))


def test_the_same_reading_twice_is_one_reading() -> None:
    wrong = reading(0, [leg(-150, day_sell_quantity=Decimal(75))])
    assert verdicts("positions", wrong, wrong, wrong) == "mmm"
    again = replace(wrong, positions=Book(wrong.positions.rows, at(2)), taken_at=at(2))  # type: ignore[union-attr]
    assert verdicts("positions", wrong, again, again) == "mbb"


def test_two_suspect_readings_that_differ_do_not_agree() -> None:
    first, second = leg(-150, day_sell_quantity=Decimal(75)), leg(-75, day_sell_quantity=Decimal(50))
    assert verdicts("positions", reading(0, [first]), reading(2, [second]), reading(4, [second])) == "mmb"


def test_books_read_more_than_two_seconds_apart() -> None:
    late = reading(3, Book((leg(0),), at(0.9)), [], [])
    (believed,) = run(late)
    assert cause(believed).startswith("read 2.1 s before the other books")
    assert isinstance(believed.orders, Book)
    assert verdicts("positions", reading(3, Book((leg(0),), at(1)), [], [])) == "b"


def test_a_broker_that_is_always_slow_is_believed_once_two_readings_agree() -> None:
    slow = [reading(n + 3, Book((leg(0),), at(n)), []) for n in (0, 5, 10)]
    assert verdicts("positions", *slow) == "mbb"


def test_funds_and_quotes_have_their_own_pace() -> None:
    old = replace(reading(60, [], []), funds=Funds(at(0), None, None, None), quotes=Book((), at(0)))
    assert run(old) == [old]


def test_a_fill_the_positions_do_not_show_yet() -> None:
    sold = fill(1, -150)
    first, second = run(
        reading(0, [leg(0, opening=0)], [order(1, 150)], [sold]), reading(2, [leg(-150)], [order(1, 150)], [sold])
    )
    assert "net 0 is not opening 0 + the day's trades -150" in cause(first)
    assert isinstance(second.positions, Book)


def test_a_traded_contract_without_any_row() -> None:
    assert verdicts("positions", reading(0, [], None, [fill(1, -150)])) == "m"
    share = Instrument("NSE", "INFY", InstrumentKind.EQUITY)
    assert verdicts("positions", reading(0, [], None, [fill(1, -5, of=share)])) == "b"


@pytest.mark.parametrize(
    ("orders", "fills"),
    [
        ([], []),
        ([], [fill(1, -75, filled_at=None)]),
        ([], [fill(1, -75, filled_at=OPEN - timedelta(days=1))]),
        ([order(1, 150)], [fill(1, -75)]),
    ],
)
def test_a_trade_book_that_proves_nothing_accuses_nobody(orders: Any, fills: Any) -> None:
    assert verdicts("positions", reading(0, [leg(-150)], orders, fills)) == "b"


def test_a_conversion_between_products_is_no_contradiction() -> None:
    sold = fill(1, -150, product="MIS")
    assert (
        verdicts("positions", reading(0, [leg(-150, product="MIS")], [], [sold]), reading(2, [leg(-150)], [], [sold]))
        == "bb"
    )


def test_a_leg_gone_without_a_trade() -> None:
    both, one = [leg(-150, opening=-150), leg(-75, opening=-75, of=PUT)], [leg(-150, opening=-150)]
    *_, third = run(reading(0, both, [], []), reading(2, both, [], []), reading(4, one, [], []))
    assert cause(third).startswith("NIFTY26NOV24000PE (NRML, net -75) is gone from the book without a trade")
    assert verdicts("positions", reading(0, both), reading(2, one), reading(4, both), reading(6, one)) == "bmbm"
    assert verdicts("positions", reading(0, both), reading(2, one), reading(4, one), reading(6, one)) == "bmbb"


def test_a_closed_leg_may_not_go_either() -> None:
    both, one = [leg(0), leg(-75, opening=-75, of=PUT)], [leg(-75, opening=-75, of=PUT)]
    assert verdicts("positions", reading(0, both), reading(2, one)) == "bm"


def test_a_leg_whose_closing_trade_is_seen_keeps_its_row() -> None:
    both = [leg(-150, opening=-150), leg(-75, opening=-75, of=PUT)]
    after, bought = [leg(-150, opening=-150)], fill(1, 75, of=PUT)
    gone = reading(2, after, None, [bought]), reading(4, after, None, [bought]), reading(6, after, None, [bought])
    assert verdicts("positions", reading(0, both, [], []), *gone) == "bmmm"
    closed = [*after, leg(0, opening=-75, of=PUT)]
    assert verdicts("positions", reading(0, both, [], []), *gone, reading(8, closed, None, [bought])) == "bmmmb"


def test_a_closed_leg_is_never_believed_gone_and_may_come_back() -> None:
    both = [leg(0, day_buy_quantity=Decimal(75), day_sell_quantity=Decimal(75)), leg(-75, of=PUT)]
    without = [reading(n, both[1:]) for n in (2, 4, 6)]
    believed = run(reading(0, both), *without, reading(8, both))
    assert [isinstance(one.positions, Book) for one in believed] == [True, False, False, False, True]
    assert "CE (NRML, net 0) is gone from the book with its result of the day; not believed while" in cause(believed[3])


def test_a_row_of_another_product_does_not_stand_for_a_closed_leg() -> None:
    closed = leg(0, product="MIS", day_buy_quantity=Decimal(75), day_sell_quantity=Decimal(75))
    other = leg(-65)
    assert verdicts("positions", reading(0, [closed, other]), *(reading(n, [other]) for n in (2, 4, 6))) == "bmmm"


def test_a_converted_row_goes_only_with_everything_traded_in_it() -> None:
    day = leg(-65, product="MIS", day_buy_quantity=Decimal(65), day_sell_quantity=Decimal(130))
    whole = leg(-65, day_buy_quantity=Decimal(65), day_sell_quantity=Decimal(130))
    assert verdicts("positions", reading(0, [day]), reading(2, [whole])) == "bb"
    assert verdicts("positions", reading(0, [day]), reading(2, [leg(-65)]), reading(4, [leg(-65)])) == "bmm"
    carried = leg(-65, opening=-65)
    assert verdicts("positions", reading(0, [carried]), reading(2, [leg(-65, product="MIS")])) == "bb"


def test_closed_rows_of_the_day_before_may_go_before_the_day_begins() -> None:
    early = -3600 * 1.5
    yesterday, now = [leg(0), leg(-75, of=PUT)], [leg(-75, opening=-75, of=PUT)]
    assert verdicts("positions", reading(early, yesterday), reading(early + 2, now), reading(early + 4, now)) == "bmb"


def test_a_book_emptied_in_one_step() -> None:
    full = [leg(-150, opening=-150)]
    _, second, third = run(reading(0, full, [], []), reading(2, [], [], []), reading(4, [], [], []))
    assert cause(second).startswith("the book was emptied in one step (1 rows are gone)")
    assert third.positions == Book((), at(4))
    assert verdicts("positions", reading(0, full), reading(2, []), reading(4, full)) == "bmb"


def test_a_failed_reading_between_changes_nothing() -> None:
    full = [leg(-150, opening=-150)]
    assert verdicts(
        "positions", reading(0, full), reading(2, None), reading(4, []), reading(6, None), reading(8, [])
    ) == ("bmmmb")


@pytest.mark.parametrize("part", ["orders", "fills"])
def test_order_and_trade_books_only_grow_within_a_day(part: str) -> None:
    rows: list[Any] = [order(1), order(2)] if part == "orders" else [fill(1, -5), fill(2, -5)]

    def book(seconds: int, kept: int) -> Snapshot:
        return reading(seconds, **{part: rows[:kept]})

    assert verdicts(part, book(0, 0), book(2, 1), book(4, 2)) == "bbb"
    assert verdicts(part, book(0, 2), book(2, 0), book(4, 0)) == "bmb"
    _, second = run(book(0, 2), book(2, 1))
    assert cause(second, part).startswith("2 is gone from the book")
    _, emptied = run(book(0, 2), book(2, 0))
    assert cause(emptied, part).startswith("the book was emptied in one step (2 rows are gone)")


def test_the_next_trading_day_begins_with_empty_books() -> None:
    day = 24 * 3600
    first, second = run(
        reading(0, [leg(-150)], [order(1, 150)], [fill(1, -150)]), reading(day, [leg(-150, opening=-150)], [], [])
    )
    assert isinstance(first.positions, Book)
    assert second == reading(day, [leg(-150, opening=-150)], [], [])


def quoted(seconds: float, price: str, spot: str | None = "24000", **depth: Any) -> Snapshot:
    quotes = [Quote("NFO", CALL.symbol, Decimal(price), **depth)]
    if spot is not None:
        quotes.append(Quote(*SPOT, Decimal(spot)))
    return reading(seconds, [leg(-150, opening=-150)], [], [], quotes)


def doubted(*readings: Snapshot) -> str:
    return "".join("d" if one.doubted else "-" for one in run(*readings))


def test_a_premium_that_jumps_while_the_underlying_stands_is_doubted_for_two_readings() -> None:
    days = run(quoted(0, "100"), quoted(2, "151"), quoted(4, "152"), quoted(6, "152"))
    assert [bool(one.doubted) for one in days] == [False, True, True, False]
    ((key, reason),) = days[1].doubted
    assert key == ("NFO", CALL.symbol, "NRML")
    assert reason == "the price went from 100 to 151 in one reading while NIFTY moved 0 %"
    assert isinstance(days[1].positions, Book)


def test_what_the_guard_leaves_alone() -> None:
    assert doubted(quoted(0, "100"), quoted(2, "150")) == "--"
    assert doubted(quoted(0, "100"), quoted(2, "300", spot="24024")) == "--"
    assert doubted(quoted(0, "100", spot=None), quoted(2, "300", spot=None)) == "--"
    assert doubted(quoted(0, "100"), quoted(2, "300", has_depth=True, bid=Decimal(299), ask=Decimal(301))) == "--"
    assert doubted(quoted(0, "100"), reading(2, [leg(0)], quotes=quoted(2, "300").quotes)) == "--"


def test_just_under_the_threshold_of_the_underlying() -> None:
    assert doubted(quoted(0, "100"), quoted(2, "300", spot="24023.99")) == "-d"
    assert doubted(quoted(0, "100"), quoted(2, "49", spot="23976.01")) == "-d"


def test_a_glitch_that_returns_is_believed_again_after_two_readings() -> None:
    assert doubted(quoted(0, "100"), quoted(2, "900"), quoted(4, "100"), quoted(6, "101")) == "-dd-"


def test_rows_carry_the_price_where_no_quote_does() -> None:
    def priced(seconds: float, price: str) -> Snapshot:
        row = leg(-150, opening=-150, last_price=Decimal(price))
        return reading(seconds, [row], quotes=[Quote(*SPOT, Decimal(24000))])

    assert doubted(priced(0, "100"), priced(2, "20"), priced(4, "20"), priced(6, "20")) == "-dd-"


@given(st.lists(st.lists(st.integers(-2, 2).filter(bool), max_size=3), min_size=1, max_size=6))
def test_any_carried_book_seen_twice_in_a_row_is_believed(books: list[list[int]]) -> None:
    contracts = (CALL, PUT, replace(CALL, symbol="NIFTY26NOV25000CE"))
    readings: list[Snapshot] = []
    for number, nets in enumerate(books):
        legs = [leg(net, opening=net, of=contract) for net, contract in zip(nets, contracts, strict=False)]
        readings += [reading(4 * number, legs), reading(4 * number + 2, legs)]
    results = run(*readings)
    assert all(isinstance(one.positions, Book) for one in results[1::2])
    assert reconcile(None, readings[0], ReconcileState()) == reconcile(None, readings[0], ReconcileState())
