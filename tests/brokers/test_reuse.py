"""What a reading uses again of the one before is the very same object, and only what changed is read."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.brokers.drafts import LegDraft, OrderDraft
from engine.brokers.readings import Bodies, Reading, read
from engine.brokers.row_texts import walk
from engine.domain.snapshot import Book, Funds, Leg, Missing, Order
from tests.brokers.typed_bodies import ROWS, Literal, body, row, written

AT = datetime(2026, 11, 4, 4, 45, tzinfo=UTC)
LATER = AT + timedelta(seconds=1)
PARTS = {"positions": "positions", "orders": "orders", "trades": "fills", "quotes": "quotes"}
ORDERS = ("kite", "orders")
CONTRACTS = (
    b"instrument_token,tradingsymbol,name,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange\n"
    b"12345,NIFTY26NOV24000CE,NIFTY,2026-11-24,24000,0.05,75,CE,NFO-OPT,NFO\n"
)


def again(bodies: Bodies, before: Reading | None) -> Reading:
    """The same bodies as new bytes: no two replies are one object."""
    fresh = {
        one.name: bytes(bytearray(value)) if isinstance(value := getattr(bodies, one.name), bytes) else value
        for one in fields(Bodies)
    }
    return read("kite", "A1", Bodies(**fresh), LATER, before)


def rows_of(reading: Reading, part: str = "orders") -> tuple[Any, ...]:
    book = getattr(reading.snapshot, part)
    assert isinstance(book, Book)
    return book.rows


def orders(*numbers: int, **changes: Any) -> bytes:
    return body(ORDERS, [row(ORDERS, number, **changes) for number in numbers])


@pytest.mark.parametrize("kind", sorted(ROWS), ids=".".join)
def test_the_same_bytes_give_the_same_rows_in_a_new_book(kind: tuple[str, str]) -> None:
    raw = body(kind, [row(kind, 1), row(kind, 2)])
    first = read(kind[0], "A1", Bodies(**{kind[1]: raw}), AT)
    second = read(kind[0], "A1", Bodies(**{kind[1]: bytes(bytearray(raw))}), LATER, first)
    part = PARTS[kind[1]]
    assert rows_of(second, part) is rows_of(first, part)
    assert getattr(second.snapshot, part).taken_at == LATER
    assert getattr(second.snapshot, part).as_of == getattr(first.snapshot, part).as_of


@pytest.mark.parametrize("kind", sorted(ROWS), ids=".".join)
def test_a_row_that_stayed_in_its_place_is_the_same_object(kind: tuple[str, str]) -> None:
    rows = [row(kind, 1), row(kind, 2), row(kind, 3)]
    first = read(kind[0], "A1", Bodies(**{kind[1]: body(kind, rows)}), AT)
    rows[1] = rows[1] | {"guid": "another"}
    second = read(kind[0], "A1", Bodies(**{kind[1]: body(kind, rows)}), LATER, first)
    old, new = rows_of(first, PARTS[kind[1]]), rows_of(second, PARTS[kind[1]])
    assert [one is other for one, other in zip(old, new, strict=True)] == [True, False, True]
    assert old == new


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        pytest.param([1, 2, 3], [1, 2, 3, 4], "===.", id="added-behind"),
        pytest.param([1, 2, 3], [4, 1, 2, 3], ".===", id="added-in-front"),
        pytest.param([1, 2, 3], [1, 4, 5, 2, 3], "=..==", id="added-between"),
        pytest.param([1, 2, 3, 4], [2, 3], "==", id="removed"),
        pytest.param([1, 2, 3, 4, 5, 6, 7, 8], [1, 8], "==", id="many-removed"),
        pytest.param([1, 2, 3], [3, 1, 2], "===", id="turned"),
        pytest.param([1, 2, 3], [3, 2, 1], "===", id="reversed"),
        pytest.param([1, 2, 3], [], "", id="emptied"),
        pytest.param([], [1], ".", id="first-of-all"),
        pytest.param([1, 2], [3, 4], "..", id="all-new"),
    ],
)
def test_orders_are_found_again_wherever_they_went(before: list[int], after: list[int], same: str) -> None:
    first = read("kite", "A1", Bodies(orders=orders(*before)), AT)
    second = read("kite", "A1", Bodies(orders=orders(*after)), LATER, first)
    old = {id(one) for one in rows_of(first)}
    assert "".join("=" if id(one) in old else "." for one in rows_of(second)) == same
    assert rows_of(second) == rows_of(read("kite", "A1", Bodies(orders=orders(*after)), LATER))


def test_another_body_with_the_same_rows_keeps_their_tuple() -> None:
    first = read("kite", "A1", Bodies(orders=orders(1, 2)), AT)
    raw = orders(1, 2).replace(b'{"status":"success",', b'{"status":"success","more":1,')
    second = read("kite", "A1", Bodies(orders=raw), LATER, first)
    assert rows_of(second) is rows_of(first)


def test_the_frame_of_another_list_in_the_reply_is_not_taken_for_that_of_the_rows() -> None:
    def reply(other: list[Any], data: list[Any]) -> bytes:
        return written({"status": "success", "other": other, "data": data})

    one, two = row(ORDERS, 1), row(ORDERS, 2)
    first = read("kite", "A1", Bodies(orders=reply([one], [one])), AT)
    second = read("kite", "A1", Bodies(orders=reply([two], [one])), LATER, first)
    assert [order.id for order in rows_of(second)] == [one["order_id"]]


def test_a_row_found_inside_another_is_not_taken_for_a_row() -> None:
    one, two, three = row(ORDERS, 1), row(ORDERS, 2), row(ORDERS, 3)
    first = read("kite", "A1", Bodies(orders=body(ORDERS, [one, two])), AT)
    assert first.kept is not None
    kept = first.kept.books["orders"]
    assert kept.frame is not None
    hidden = body(ORDERS, [three | {"meta": [0, two]}, one])
    assert walk(hidden, kept.frame, kept.texts) is None
    second = read("kite", "A1", Bodies(orders=hidden), LATER, first)
    assert [order.id for order in rows_of(second)] == [three["order_id"], one["order_id"]]


def test_joins_are_kept_while_their_inputs_are_the_same() -> None:
    whole = Bodies(
        positions=body(("kite", "positions"), [ROWS["kite", "positions"], row(("kite", "positions"), 2)]),
        orders=body(ORDERS, [ROWS[ORDERS], row(ORDERS, 2)]),
        trades=body(("kite", "trades"), [row(("kite", "trades"), 1), row(("kite", "trades"), 2)]),
        histories=(body(ORDERS, [ROWS[ORDERS]]),),
        instruments=CONTRACTS,
    )
    first = read("kite", "A1", whole, AT)
    second = again(whole, first)
    assert rows_of(first)[0].history is not None
    assert rows_of(first)[0].instrument.lot_size == 75
    for part in ("positions", "orders", "fills"):
        assert rows_of(second, part) is rows_of(first, part)
    grown = body(ORDERS, [ROWS[ORDERS], row(ORDERS, 2), row(ORDERS, 3)])
    third = read("kite", "A1", Bodies(orders=grown, histories=whole.histories, instruments=CONTRACTS), LATER, second)
    assert [one is other for one, other in zip(rows_of(third), rows_of(second), strict=False)] == [True, True]
    without = read("kite", "A1", Bodies(orders=grown, instruments=CONTRACTS), LATER, third)
    assert rows_of(without)[0].history is None


def test_rows_read_with_a_contract_file_are_not_used_again_without_it() -> None:
    orders_alone, with_file = (
        Bodies(orders=orders(1)),
        Bodies(orders=body(ORDERS, [ROWS[ORDERS]]), instruments=CONTRACTS),
    )
    first = read("kite", "A1", with_file, AT)
    assert rows_of(first)[0].instrument.lot_size == 75
    between = read("kite", "A1", Bodies(), AT, first)
    for before in (first, between):
        last = read("kite", "A1", Bodies(orders=with_file.orders), LATER, before)
        assert rows_of(last)[0].instrument.lot_size is None
    back = read("kite", "A1", with_file, LATER, read("kite", "A1", orders_alone, AT, first))
    assert rows_of(back) == rows_of(first)


def test_a_row_whose_token_is_not_that_of_the_file_names_its_quotes_all_the_same() -> None:
    listed = (
        b"pSymbol,pExchSeg,pTrdSymbol,pSymbolName,pInstType,pOptionType,lLotSize,dStrikePrice\n"
        b"1,nse_fo,INFY26SEP1500PE,INFY,OPTSTK,PE,400,150000\n"
    )
    legs = body(("kotak", "positions"), [ROWS["kotak", "positions"]])
    quotes = body(("kotak", "quotes"), [ROWS["kotak", "quotes"]])
    reading = read("kotak", "A1", Bodies(positions=legs, quotes=quotes, instruments=listed), AT)
    assert [one.symbol for one in rows_of(reading, "quotes")] == ["INFY26SEP1500PE"]
    assert [one.instrument.token for one in rows_of(reading, "positions")] == ["1"]


def test_contracts_are_made_once() -> None:
    first = read("kite", "A1", Bodies(orders=orders(1, 2)), AT)
    second = read("kite", "A1", Bodies(positions=body(("kite", "positions"), [ROWS["kite", "positions"]])), AT, first)
    one, two = rows_of(first)
    assert one.instrument is two.instrument
    assert rows_of(second, "positions")[0].instrument is one.instrument


def test_symbols_of_new_legs_are_given_to_quotes_that_did_not_change() -> None:
    def bodies(symbol: str) -> Bodies:
        leg = row(("kotak", "positions"), 1, trdSym=symbol)
        quotes = body(("kotak", "quotes"), [ROWS["kotak", "quotes"]])
        return Bodies(positions=body(("kotak", "positions"), [leg]), quotes=quotes)

    first = read("kotak", "A1", bodies("INFY26SEP1500PE"), AT)
    same = read("kotak", "A1", bodies("INFY26SEP1500PE"), LATER, first)
    other = read("kotak", "A1", bodies("INFY26OCT1500PE"), LATER, same)
    assert rows_of(same, "quotes") is rows_of(first, "quotes")
    assert [one.symbol for one in rows_of(other, "quotes")] == ["INFY26OCT1500PE"]


def test_unread_quotes_do_not_date_the_symbols_of_those_that_were_read() -> None:
    def bodies(symbol: str, quotes: bytes) -> Bodies:
        leg = row(("kotak", "positions"), 1, trdSym=symbol)
        return Bodies(positions=body(("kotak", "positions"), [leg]), quotes=quotes)

    good = body(("kotak", "quotes"), [ROWS["kotak", "quotes"]])
    first = read("kotak", "A1", bodies("INFY26SEP1500PE", good), AT)
    broken = read("kotak", "A1", bodies("INFY26OCT1500PE", b"<html>"), AT, first)
    last = read("kotak", "A1", bodies("INFY26OCT1500PE", good), AT, broken)
    assert isinstance(broken.snapshot.quotes, Missing)
    assert [one.symbol for one in rows_of(last, "quotes")] == ["INFY26OCT1500PE"]


def test_funds_of_the_same_bytes_are_read_once_and_dated_anew() -> None:
    raw = b'{"stat":"Ok","stCode":200,"Net":"19.4","MarginUsed":"80.6"}'
    first = read("kotak", "A1", Bodies(funds=raw), AT).snapshot.funds
    second = read("kotak", "A1", Bodies(funds=raw), LATER, read("kotak", "A1", Bodies(funds=raw), AT)).snapshot.funds
    assert isinstance(first, Funds)
    assert isinstance(second, Funds)
    assert (second.taken_at, second.capital) == (LATER, first.capital)


def test_a_reading_of_another_broker_is_no_help() -> None:
    raw = body(ORDERS, [ROWS[ORDERS]])
    kotak = read("kotak", "A1", Bodies(orders=b'{"stat":"Ok","stCode":200,"data":[]}'), AT)
    assert rows_of(read("kite", "A1", Bodies(orders=raw), AT, kotak)) == rows_of(
        read("kite", "A1", Bodies(orders=raw), AT)
    )


def test_a_reading_is_not_changed_by_the_next_one() -> None:
    first = read("kite", "A1", Bodies(orders=orders(1, 2)), AT)
    assert first.kept is not None
    told, contracts = repr(first), dict(first.kept.contracts or {})
    books, rows = dict(first.kept.books), rows_of(first)
    for _ in range(2):
        second = read("kite", "A1", Bodies(orders=orders(2, 3, tradingsymbol="NIFTY26NOV25000PE")), LATER, first)
        assert [order.id[-1] for order in rows_of(second)] == ["2", "3"]
    assert (repr(first), first.kept.contracts, rows_of(first)) == (told, contracts, rows)
    assert first.kept.books == books


def test_what_is_kept_is_no_part_of_what_a_reading_says() -> None:
    bodies = Bodies(orders=orders(1))
    first = read("kite", "A1", bodies, AT)
    assert read("kite", "A1", bodies, AT, first) == first
    assert "kept" not in repr(first)


def test_an_unusual_row_does_not_slow_down_its_neighbours() -> None:
    rows = [row(ORDERS, 1), row(ORDERS, 2, status="NEVER SEEN"), row(ORDERS, 3, quantity=Literal("75.0"))]
    first = read("kite", "A1", Bodies(orders=body(ORDERS, rows)), AT)
    assert first.kept is not None
    assert len(first.kept.books["orders"].texts) == 3
    rows[0] = row(ORDERS, 4)
    second = read("kite", "A1", Bodies(orders=body(ORDERS, rows)), AT, first)
    assert [one is other for one, other in zip(rows_of(first), rows_of(second), strict=True)] == [False, True, True]


def test_a_key_that_stands_twice_in_a_row_counts_as_it_stands_last() -> None:
    # The careful parser refuses it; to look for it in each row would cost more than all the rest.
    raw = orders(1).replace(b'"quantity":150', b'"quantity":5,"quantity":150')
    assert [one.quantity for one in rows_of(read("kite", "A1", Bodies(orders=raw), AT))] == [150]


def test_a_zero_with_a_minus_is_zero() -> None:
    raw = body(ORDERS, [row(ORDERS, 1, filled_quantity=Literal("-0"))])
    assert rows_of(read("kite", "A1", Bodies(orders=raw), AT))[0].filled_quantity == 0


@pytest.mark.parametrize(("draft", "final"), [(LegDraft, Leg), (OrderDraft, Order)])
def test_a_draft_has_the_fields_of_the_row_it_becomes(draft: type, final: type) -> None:
    names = [one.name for one in fields(final)]
    assert list(draft.__annotations__) == names
    made: Any = draft()
    for name in names:
        setattr(made, name, name)
    assert made.frozen() == final(*names)
    assert type(made) is final
    assert hash(made) == hash(final(*names))
    with pytest.raises(AttributeError):
        made.product = "MIS"
