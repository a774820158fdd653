"""The fast way of reading says what the careful parsers say, and what a reading keeps changes nothing but identity."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.brokers import stamps, usual
from engine.brokers.reading import read_with
from engine.brokers.readings import BROKERS, Bodies, Reading, read
from engine.brokers.wire import cleaned
from engine.domain.numbers import exact
from engine.domain.snapshot import Book, Missing
from engine.errors import BrokerDataError
from tests.brokers.typed_bodies import FORMS, ROWS, TELLS_APART, VALUES, Literal, Row, body, row, written

AT = datetime(2026, 11, 4, 4, 45, tzinfo=UTC)
KINDS = st.sampled_from(sorted(ROWS))
PARTS = {"positions": "positions", "orders": "orders", "trades": "fills", "quotes": "quotes"}
# A future may trade below 0, nothing else may; which it is the row tells, or the day's file.
FUTURES = {
    "kite": {"tradingsymbol": "CRUDEOIL26NOVFUT", "exchange": "MCX"},
    "kotak": {"exSeg": "mcx_fo", "trdSym": "CRUDEOIL26NOVFUT", "optTp": "XX", "it": "FUTCOM", "type": "FUTCOM"},
}
SIGNED = {
    "kite": ["quantity", "overnight_quantity", "day_buy_quantity", "day_buy_value", "day_sell_value", "average_price"],
    "kotak": ["cfBuyQty", "flSellQty", "cfBuyAmt", "cfSellAmt", "buyAmt", "sellAmt", "fldQty", "avgPrc"],
}
# What a row may become at the next poll: another contract, another token, another price.
OTHERWISE: dict[str, list[Row]] = {
    "kite": [{"tradingsymbol": "NIFTY26NOV25000PE"}, {"instrument_token": 9}, {"average_price": 99.5}],
    "kotak": [{"trdSym": "INFY26OCT1500PE"}, {"tok": "9"}, {"avgPrc": "99.5"}],
}
# A leg traded both ways, and the trades that explain it.
BOTH_WAYS: dict[str, dict[str, list[Row]]] = {
    "kite": {
        "positions": [ROWS["kite", "positions"] | {"quantity": -75, "day_buy_quantity": 75, "day_buy_value": 6000}],
        "trades": [
            row(("kite", "trades"), 8),
            row(("kite", "trades"), 9, average_price=130),
            row(("kite", "trades"), 10, average_price=80, transaction_type="BUY"),
        ],
    },
    "kotak": {
        "positions": [ROWS["kotak", "positions"] | {"flBuyQty": "75", "flSellQty": "150", "buyAmt": "500.00"}],
        "trades": [
            row(("kotak", "trades"), 8),
            row(("kotak", "trades"), 9, avgPrc="8.15", trnsTp="S"),
            row(("kotak", "trades"), 10, trnsTp="S"),
        ],
    },
}
EXTRA = st.sampled_from(["guid", "ü", "price ", "Quantity", "x" * 40])


def carefully(kind: tuple[str, str], raw: bytes) -> Book[Any] | str:
    """What the careful parser makes of a body: its book, or its error."""
    parsers = BROKERS[kind[0]]
    careful: Any = getattr(parsers, kind[1])
    try:
        return careful(raw, AT, ()) if kind[1] == "quotes" else careful(raw, AT)
    except BrokerDataError as error:
        return str(error)


def fast(kind: tuple[str, str], raw: bytes, before: Reading | None = None) -> Reading:
    return read(kind[0], "A1", Bodies(**{kind[1]: raw}), AT, before)


def said(kind: tuple[str, str], reading: Reading) -> Book[Any] | str:
    part = getattr(reading.snapshot, PARTS[kind[1]])
    if isinstance(part, Missing):
        ((_, error),) = reading.failures
        return str(error)
    assert reading.failures == ()
    return part


def as_text(told: Book[Any] | str) -> str:
    # Each digit counts: 1.50 is not 1.5 here.
    return repr(told)


@st.composite
def rows(draw: st.DrawFn, kind: tuple[str, str], spoilt: int = 3) -> list[Any]:
    """Some rows of a kind, up to three things in them changed to anything."""
    found: list[Any] = [row(kind, number) for number in range(draw(st.integers(0, 4)))]
    for _ in range(draw(st.integers(0, spoilt)) if found else 0):
        one = draw(st.sampled_from(range(len(found))))
        if not isinstance(found[one], dict):
            continue
        name = draw(st.sampled_from(sorted(ROWS[kind])))
        match draw(st.sampled_from(["set", "set", "set", "set", "future", "minus", "drop", "extra", "twin", "no-row"])):
            case "set":
                found[one][name] = draw(VALUES)
            case "future":
                found[one] |= FUTURES[kind[0]]
            case "minus":
                found[one][draw(st.sampled_from(SIGNED[kind[0]]))] = draw(
                    st.sampled_from([-75, Literal("-0.05"), "-75", "-0.00"])
                )
            case "drop":
                found[one].pop(name, None)
            case "extra":
                found[one][draw(EXTRA)] = draw(VALUES)
            case "twin":
                found.append(dict(found[one]))
            case _:
                found[one] = draw(st.sampled_from([None, 5, "x", [], {}]))
    return found


@settings(max_examples=800)
@given(st.data())
def test_the_fast_way_says_what_the_careful_parser_says(data: st.DataObject) -> None:
    kind = data.draw(KINDS)
    raw = body(kind, data.draw(rows(kind)), **data.draw(FORMS))
    assert as_text(said(kind, fast(kind, raw))) == as_text(carefully(kind, raw))


@given(st.data())
def test_a_contract_that_stands_only_in_the_list_of_the_day_is_noticed(data: st.DataObject) -> None:
    kind = ("kite", "positions")
    net, day = data.draw(rows(kind, 1)), data.draw(rows(kind, 1))
    raw = written({"status": "success", "data": {"net": net, "day": data.draw(st.sampled_from([day, net, None, {}]))}})
    assert as_text(said(kind, fast(kind, raw))) == as_text(carefully(kind, raw))


@pytest.mark.parametrize("option", [{}, FUTURES], ids=["option", "future"])
@pytest.mark.parametrize("kind", [kind for kind in sorted(ROWS) if kind[1] != "quotes"], ids=".".join)
def test_a_minus_is_read_alike_in_each_field(kind: tuple[str, str], option: dict[str, Row]) -> None:
    for name in ROWS[kind]:
        for value in (-75, Literal("-0.05"), "-75", "-0.00"):
            spoilt = row(kind, 1, **option.get(kind[0], {})) | {name: value}
            raw = body(kind, [spoilt, row(kind, 2)])
            assert as_text(said(kind, fast(kind, raw))) == as_text(carefully(kind, raw))


@pytest.mark.parametrize("between", [b";", b" ", b"", b",,", b"]", b",{},", b"],[", b', "data":['])
@pytest.mark.parametrize("kind", [kind for kind in sorted(ROWS) if kind[1] != "quotes"], ids=".".join)
def test_known_rows_that_are_not_joined_by_a_comma_are_no_rows(kind: tuple[str, str], between: bytes) -> None:
    raw = body(kind, [row(kind, 1), row(kind, 2), row(kind, 3)])
    spoilt = raw.replace(b"},{", b"}" + between + b"{")
    assert as_text(said(kind, fast(kind, spoilt, fast(kind, raw)))) == as_text(carefully(kind, spoilt))


@given(st.data())
def test_a_damaged_body_is_read_or_refused_alike(data: st.DataObject) -> None:
    kind = data.draw(KINDS)
    raw = body(kind, [row(kind, number) for number in range(2)])
    at = data.draw(st.integers(0, len(raw)))
    damage = st.sampled_from([b"", b"\xff", b"\xed\xa0\x80", b"\x01", b"\\ud800", b",", b"}", b"]", b" ", b"\t", b"0"])
    spoilt = data.draw(
        st.sampled_from([b"\xef\xbb\xbf" + raw, raw[:at], raw + b" x", raw[:at] + data.draw(damage) + raw[at + 1 :]])
        | st.builds(lambda piece: raw[:at] + piece + raw[at:], damage)
    )
    assert as_text(said(kind, fast(kind, spoilt))) == as_text(carefully(kind, spoilt))


@given(st.data())
def test_an_envelope_that_is_no_plain_success_is_read_alike(data: st.DataObject) -> None:
    kind = data.draw(KINDS)
    raw = body(kind, [row(kind, 1)])
    name = data.draw(st.sampled_from(["error", "error_type", "status", "stat", "stCode", "code", "message", "fault"]))
    value = data.draw(st.sampled_from(['"error"', '"success"', "null", "200", '"200"', "5203", '" OK "', "[]", "{}"]))
    spoilt = raw.replace(b"{", b'{"%b":%b,' % (name.encode(), value.encode()), 1)
    if spoilt.count(b'"%b":' % name.encode()) == 1:
        assert as_text(said(kind, fast(kind, spoilt))) == as_text(carefully(kind, spoilt))


LISTS = [
    (kind, b'"data":' + {("kite", "positions"): b'{"net":[]}', ("kite", "quotes"): b"{}"}.get(kind, b"[]"), b"}")
    for kind in sorted(ROWS)
    if kind != ("kotak", "quotes")
] + [(("kite", "positions"), b'"net":[]', b"}}"), (("kite", "positions"), b'"day":[]', b"}}")]


@pytest.mark.parametrize(("kind", "empty", "end"), LISTS)
def test_no_row_is_lost_to_a_second_list_of_them(kind: tuple[str, str], empty: bytes, end: bytes) -> None:
    raw = body(kind, [row(kind, 1)])
    name = empty.partition(b":")[0]
    for spoilt in (raw.replace(name, empty + b"," + name, 1), raw.removesuffix(end) + b"," + empty + end):
        assert "stands twice in one object" in str(said(kind, fast(kind, spoilt)))
        assert as_text(said(kind, fast(kind, spoilt, fast(kind, raw)))) == as_text(carefully(kind, spoilt))


def changed(draw: st.DrawFn, kind: tuple[str, str], book: list[Any], fresh: Any) -> list[Any]:
    """The book at the next poll."""
    book = [dict(one) if isinstance(one, dict) else one for one in book]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(book)))
        match draw(st.sampled_from(["add", "add", "change", "change", "otherwise", "remove", "turn", "spoil"])):
            case "add":
                book.insert(at, row(kind, next(fresh)))
            case "change" if at < len(book):
                book[at]["note"] = draw(st.sampled_from(["a", "b", "é"]))
            case "otherwise" if at < len(book):
                book[at] |= draw(st.sampled_from(OTHERWISE[kind[0]]))
            case "spoil" if at < len(book):
                book[at][draw(st.sampled_from(sorted(ROWS[kind])))] = draw(VALUES)
            case "remove" if at < len(book):
                del book[at]
            case "turn":
                book = book[at:] + book[:at]
    return book


def same_rows(old: Reading, new: Reading, kind: tuple[str, str]) -> None:
    """A row whose bytes were known is the very same object, where rows are joined by bare commas in both bodies."""
    last, now = old.kept, new.kept
    assert last is not None
    assert now is not None
    if not all(kind[1] in kept.books and kept.books[kind[1]].frame for kept in (last, now)):
        return
    known = dict(zip(last.books[kind[1]].texts, last.books[kind[1]].told, strict=True))
    for text, told in zip(now.books[kind[1]].texts, now.books[kind[1]].told, strict=True):
        assert text not in known or told is known[text]


@given(st.data())
def test_what_is_kept_changes_nothing(data: st.DataObject) -> None:
    kind, fresh = data.draw(KINDS), count(100)
    book: list[Row] = [row(kind, number) for number in range(data.draw(st.integers(0, 5)))]
    before: Reading | None = None
    for poll in range(data.draw(st.integers(1, 5))):
        book = changed(data.draw, kind, book, fresh) if poll else book
        raw, at = body(kind, book, **data.draw(FORMS)), AT + timedelta(seconds=poll)
        bodies = Bodies(**{kind[1]: raw})
        alone, after = read(kind[0], "A1", bodies, at), read(kind[0], "A1", bodies, at, before)
        assert repr(after.snapshot) == repr(alone.snapshot)
        assert [str(error) for _, error in after.failures] == [str(error) for _, error in alone.failures]
        if before is not None and kind in TELLS_APART and kind[1] in ("orders", "trades"):
            same_rows(before, after, kind)
        before = after


FILES = {
    "kite": b"instrument_token,tradingsymbol,name,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange\n"
    b"12345,NIFTY26NOV24000CE,NIFTY,2026-11-24,24000,0.05,75,CE,NFO-OPT,NFO\n"
    b"12345,NIFTY26NOV24000CE1,NIFTY,2026-11-24,24000,0.05,%b,CE,NFO-OPT,NFO\n",
    "kotak": b"pSymbol,pExchSeg,pTrdSymbol,pSymbolName,pInstType,pOptionType,lLotSize,dStrikePrice\n"
    b"70215,nse_fo,INFY26SEP1500PE,INFY,OPTSTK,PE,400,150000\n"
    b"70216,nse_fo,INFY26SEP1500PE1,INFY,OPTSTK,PE,%b,150000\n",
}


def again(bodies: Bodies) -> Bodies:
    """The same replies as new bytes: no two replies are one object."""
    fresh = {one.name: getattr(bodies, one.name) for one in fields(Bodies)}
    return Bodies(**{name: bytes(bytearray(it)) if isinstance(it, bytes) else it for name, it in fresh.items()})


def refuse(_body: bytes) -> None:
    raise usual.UnusualError


def carefully_put_together(broker: str, bodies: Bodies) -> tuple[str, list[tuple[str, str]]]:
    """What a reading says when no table of the fast way can read anything."""
    tables = {part: replace(table, reply=refuse) for part, table in BROKERS[broker].tables.items()}
    return told_by(read_with(replace(BROKERS[broker], tables=tables), broker, "A1", bodies, AT))


def told_by(reading: Reading) -> tuple[str, list[tuple[str, str]]]:
    return repr(reading.snapshot), [(part, str(error)) for part, error in reading.failures]


FUNDS = {
    "kite": b'{"status":"success","data":{"equity":{"enabled":true,"net":%b,"available":{},"utilised":{"debits":5}}}}',
    "kotak": b'{"stat":"Ok","stCode":200,"Net":%b,"MarginUsed":"80.6"}',
}
REFUSED = {
    "kite": b'{"status":"error","message":"Too many requests","error_type":"NetworkException"}',
    "kotak": b'{"stat":"Not_Ok","stCode":5203,"errMsg":"No Data"}',
}


def bodies_after(
    draw: st.DrawFn, broker: str, books: dict[str, list[Any]], form: dict[str, Any], last: Bodies | None
) -> Bodies:
    """The replies of one poll: the books in one form, some of them not asked for or refused, and what they need."""
    found: dict[str, Any] = {part: body((broker, part), book, **form) for part, book in books.items()}
    for part in draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=2)):
        found[part] = draw(st.sampled_from([None, b"<html>", b"", REFUSED[broker], body((broker, part), [])]))
    kept_file = [] if last is None else [last.instruments] * 4
    files = [None, b"x", FILES[broker] % b"75", FILES[broker] % b"50", *kept_file]
    states = [body((broker, "orders"), [one]) for one in books["orders"][: draw(st.integers(0, 2))]]
    funds = st.sampled_from([None, b"[]", REFUSED[broker], FUNDS[broker] % b"1", FUNDS[broker] % b"2"])
    return Bodies(**found, instruments=draw(st.sampled_from(files)), histories=tuple(states), funds=draw(funds))


def same_where_nothing_changed(before: Reading, after: Reading, told: Bodies, now: Bodies) -> None:
    """A part of the same bytes has the very same tuple of rows, as long as the contract file is the same."""
    last, new = before.kept, after.kept
    assert last is not None
    assert new is not None
    if told.instruments != now.instruments or last.file is not new.file:
        return
    assert last.contracts is None or new.contracts is None or new.contracts.listed is last.contracts.listed
    for part in ("positions", "orders", "trades"):
        if getattr(told, part) == getattr(now, part) is not None and part in last.books:
            assert new.books[part].rows is last.books[part].rows
    if told == now:
        for part in PARTS.values():
            old, same = getattr(before.snapshot, part), getattr(after.snapshot, part)
            assert type(old) is type(same)
            assert isinstance(old, Missing) or same.rows is old.rows


@given(st.data())
def test_whole_readings_are_put_together_as_from_careful_parsers_alone(data: st.DataObject) -> None:
    broker, fresh = data.draw(st.sampled_from(["kite", "kotak"])), count(100)
    books = {part: [row((broker, part), number) for number in range(3)] for part in PARTS}
    books |= {part: [*listed, *books[part]][:3] for part, listed in BOTH_WAYS[broker].items()}
    before: Reading | None = None
    last: Bodies | None = None
    form: dict[str, Any] = {}
    for poll in range(data.draw(st.integers(1, 4))):
        match data.draw(st.sampled_from(["change", "change", "change", "same", "form"])) if poll else "same":
            case "change":
                for part in data.draw(st.sets(st.sampled_from(sorted(PARTS)))):
                    books[part] = changed(data.draw, (broker, part), books[part], fresh)
            case "form":
                form = data.draw(FORMS)
        if last is None or data.draw(st.integers(0, 3)):
            now = bodies_after(data.draw, broker, books, form, last)
        else:
            now = again(last)
        alone, after = read(broker, "A1", now, AT), read(broker, "A1", now, AT, before)
        expected = carefully_put_together(broker, now)
        assert told_by(alone) == expected
        assert told_by(after) == expected
        if before is not None and last is not None:
            same_where_nothing_changed(before, after, last, now)
        before, last = after, now


@given(st.text(max_size=25) | st.from_regex(r"\d{4}[-/ ]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d", fullmatch=True))
def test_a_stamp_is_read_as_its_long_spelling_is(text: str) -> None:
    assert repr(stamps.from_ist(text)) == repr(stamps._spelt_otherwise(text))


@given(st.datetimes(), st.sampled_from([" ", "T", "x"]))
def test_every_second_is_read_as_by_the_long_way(local: datetime, between: str) -> None:
    text = local.isoformat(between, "seconds")
    assert repr(stamps.from_ist(text)) == repr(stamps._spelt_otherwise(text))


digits = st.text("0123456789", min_size=1, max_size=34)


@given(st.builds("{}{}.{}e{}".format, st.sampled_from(["", "-"]), digits, digits, st.integers(-70, 70)) | digits)
def test_the_guard_refuses_what_exact_refuses(text: str) -> None:
    try:
        expected: Decimal | None = exact(text)
    except ValueError:
        expected = None
    try:
        found: Decimal | None = usual.number(Decimal(text))
    except ArithmeticError:
        found = None
    assert repr(found) == repr(expected)


@given(st.text(max_size=12))
def test_a_text_is_cleaned_as_ever(text: str) -> None:
    try:
        assert usual.text(text) == cleaned(text)
    except usual.UnusualError:
        assert cleaned(text) == ""


@pytest.mark.parametrize("kind", sorted(ROWS), ids=".".join)
def test_what_is_as_it_should_be_is_read_the_fast_way(kind: tuple[str, str]) -> None:
    reading = fast(kind, body(kind, [row(kind, number) for number in range(3)]))
    assert reading.kept is not None
    kept = reading.kept.books[kind[1]]
    table = BROKERS[kind[0]].tables[kind[1]]
    context = reading.kept.symbols if kind == ("kotak", "quotes") else reading.kept.contracts
    assert [repr(table.usual(text, context)) for text in kept.texts] == [repr(one) for one in kept.told]
    assert len(kept.texts) == 3
