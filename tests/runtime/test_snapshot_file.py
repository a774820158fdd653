"""The snapshot file: short to write, exact to read back, and every mistake told with its line."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.domain.enums import (
    CancelledBy,
    InstrumentKind,
    OrderStatus,
    OrderType,
    Right,
    Side,
    TradingState,
)
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument
from engine.domain.snapshot import Book, Fill, Funds, Leg, Link, Missing, Order, OrderEvent, Quote, Snapshot
from engine.errors import SettingsError
from engine.runtime.resources import resource_dir
from engine.runtime.schemas import schema_text
from engine.runtime.snapshot_file import parse_snapshot, render_snapshot
from engine.runtime.snapshot_schema import EXAMPLE, snapshot_schema

IST = timezone(timedelta(hours=5, minutes=30))
AT = datetime(2026, 11, 4, 10, 15, tzinfo=IST)
HEAD = "account: A1\ntaken_at: 2026-11-04T10:15:00+05:30\n"


def parse(body: str) -> Snapshot:
    return parse_snapshot(HEAD + body, "now.yaml")


def leg(row: str) -> Leg:
    book = parse(f"positions:\n  - {{{row}}}\n").positions
    assert isinstance(book, Book)
    return book.rows[0]


def problems(body: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse_snapshot(body, "now.yaml")
    return str(caught.value).splitlines()


def test_the_shortest_file() -> None:
    snapshot = parse("")
    assert (snapshot.account, snapshot.taken_at, snapshot.link) == ("A1", AT, Link())
    for part in (snapshot.positions, snapshot.orders, snapshot.fills, snapshot.funds, snapshot.quotes):
        assert part == Missing("not in the file")


def test_a_leg_by_its_trades() -> None:
    short = leg("symbol: NIFTY26NOV24000CE, sold: [[75, 120.50], [75, 121]], bought: [50, 99.95], last_price: 96")
    assert short.key == ("NFO", "NIFTY26NOV24000CE", "NRML")
    assert (short.net_quantity, short.opening_quantity, short.opening_value) == (-100, 0, 0)
    assert (short.day_sell_quantity, short.day_sell_value) == (150, Decimal("18112.5"))
    assert (short.day_buy_quantity, short.day_buy_value) == (50, Decimal("4997.5"))
    assert (short.last_price, short.entry_price) == (96, None)
    assert short.instrument.right is Right.CALL
    assert short.instrument.expiry == Expiry(2026, 11, LAST_OF_MONTH)
    assert leg("symbol: NIFTY26NOV24000CE, sold: [75, 120.50]").entry_price == Decimal("120.5")


def test_a_carried_leg_and_a_factor() -> None:
    carried = leg("symbol: USDINR26NOVFUT, exchange: CDS, factor: 1000, carried: [-2, 84.5], bought: [1, 84.25]")
    assert (carried.net_quantity, carried.opening_quantity, carried.opening_value) == (-1, -2, -169000)
    assert (carried.day_buy_value, carried.entry_price) == (84250, None)


def test_a_leg_of_which_only_the_net_is_told() -> None:
    held = leg("symbol: NIFTY26NOV24000CE, net_quantity: -75")
    assert (held.net_quantity, held.opening_quantity, held.opening_value) == (-75, -75, None)
    assert leg("symbol: NIFTY26NOV24000CE, net_quantity: 0").opening_value == 0


def test_a_leg_in_full_may_contradict_itself() -> None:
    full = leg("symbol: NIFTY26NOV24000CE, net_quantity: -150, day_sell_quantity: 75, day_sell_value: 7500")
    assert (full.net_quantity, full.day_sell_quantity, full.opening_value) == (-150, 75, 0)
    assert leg("symbol: X26NOVFUT, opening_quantity: 5").opening_value is None
    assert leg("symbol: X26NOVFUT, opening_quantity: 5").net_quantity == 5


def test_money_that_is_not_told_is_not_known_and_never_zero() -> None:
    left_out = leg("symbol: NIFTY26NOV24000CE, day_sell_quantity: 75")
    assert (left_out.net_quantity, left_out.day_sell_value, left_out.day_buy_value) == (-75, None, 0)
    free = leg("symbol: NIFTY26NOV24000CE, sold: [[75, 120], [75, 0]], bought: [0, 0]")
    assert (free.day_sell_value, free.day_buy_value, free.entry_price) == (None, 0, None)
    assert leg("symbol: NIFTY26NOV24000CE, carried: [-75, 0]").opening_value is None
    assert leg("symbol: NIFTY26NOV24000CE, day_buy_quantity: 75, day_buy_value: null").day_buy_value is None


@pytest.mark.parametrize(
    ("ids", "row"),
    [(("T1", "T1"), 2), (("F2", None), 2), ((None, "F1"), 2), ((None, None), None), (("T1", "T2"), None)],
)
def test_a_fill_stands_once(ids: tuple[str | None, str | None], row: int | None) -> None:
    text = HEAD + "fills:\n"
    for one in ids:
        text += f"  - {{{'' if one is None else f'id: {one}, '}symbol: X, side: BUY, quantity: 5, price: 1}}\n"
    if row is None:
        assert isinstance(parse_snapshot(text, "now.yaml").fills, Book)
    else:
        assert any("the same exchange, symbol, id as row 1" in line for line in problems(text))


def test_whether_an_order_was_changed() -> None:
    told = "modified: yes", "modified: no", "tag: T"
    rows = (f"{{id: {n}, symbol: X, side: BUY, status: NEW, quantity: 5, {one}}}" for n, one in enumerate(told))
    book = parse(f"orders: [{', '.join(rows)}]").orders
    assert isinstance(book, Book)
    assert [order.modified for order in book.rows] == [True, False, None]


def test_what_is_said_of_a_contract_goes_before_its_symbol() -> None:
    said = leg(
        "symbol: ODD, kind: OPTION, underlying: NIFTY, expiry: 2026-11-24, strike: 24000, right: PUT, lot_size: 75"
    ).instrument
    assert said == Instrument(
        "NFO", "ODD", InstrumentKind.OPTION, "NIFTY", Expiry(2026, 11, 24), Decimal(24000), Right.PUT, Decimal(75)
    )
    assert leg("symbol: NIFTY26NOV24000CE, underlying: null, expiry: 2026-12").instrument.underlying is None


def test_numbers_and_ids_are_text_and_never_guessed() -> None:
    snapshot = parse_snapshot(
        """
account: 00123
taken_at: 2026-11-04T10:15:00+05:30
funds: {margin_available: 0.1, capital: 100000000000000000.05}
orders:
  - {id: 1953367517686685697, symbol: NIFTY26NOV24000CE, side: BUY, type: STOP, status: TRIGGER_PENDING,
     quantity: 75, trigger_price: 180, placed_at: 09:31, updated_at: "2026-11-04T04:02:00Z"}
""",
        "now.yaml",
    )
    assert snapshot.account == "00123"
    assert isinstance(snapshot.funds, Funds)
    assert snapshot.funds.margin_available == Decimal("0.1")
    assert snapshot.funds.capital == Decimal("100000000000000000.05")
    assert isinstance(snapshot.orders, Book)
    (order,) = snapshot.orders.rows
    assert order.id == "1953367517686685697"
    assert order.placed_at == datetime(2026, 11, 4, 9, 31, tzinfo=IST)
    assert order.updated_at == datetime(2026, 11, 4, 4, 2, tzinfo=UTC)
    assert (order.filled_quantity, order.history) == (0, None)


def test_orders_fills_and_quotes_in_short() -> None:
    snapshot = parse(
        """
orders:
  - id: "7"
    symbol: NIFTY26NOV24000CE
    side: BUY
    status: FILLED
    quantity: 75
    history:
      - {status: TRIGGER_PENDING, type: STOP, at: 09:31}
      - {status: FILLED, type: STOP, at: 09:45:10, filled_quantity: 75}
fills:
  - {order_id: "7", symbol: NIFTY26NOV24000CE, side: BUY, quantity: 75, price: 180.05, filled_at: 09:45:10}
quotes:
  - {symbol: NIFTY 50, exchange: NSE, last_price: 24012.30}
  - {symbol: NIFTY26NOV24000CE, last_price: 96.25, bid: 96.2, ask: null}
"""
    )
    assert isinstance(snapshot.orders, Book)
    order = snapshot.orders.rows[0]
    assert (order.type, order.filled_quantity, order.cancelled_by) == (OrderType.LIMIT, 75, CancelledBy.UNKNOWN)
    assert order.history is not None
    assert order.history[1] == OrderEvent(
        OrderStatus.FILLED, OrderType.STOP, datetime(2026, 11, 4, 9, 45, 10, tzinfo=IST), None, Decimal(75)
    )
    assert isinstance(snapshot.fills, Book)
    assert (snapshot.fills.rows[0].id, snapshot.fills.rows[0].order_id) == ("F1", "7")
    assert isinstance(snapshot.quotes, Book)
    index, call = snapshot.quotes.rows
    assert not index.has_depth
    assert (call.has_depth, call.bid, call.ask) == (True, Decimal("96.2"), None)


def test_parts_with_their_own_times_or_missing() -> None:
    snapshot = parse(
        """
positions: {missing: "read timed out"}
orders: []
fills: {taken_at: 10:14:57, as_of: 10:14, rows: []}
funds: {missing: "no answer"}
link: {connected: off, stop_file: yes, trading_state: REDUCING, locked_at: 09:20}
doubted: [{exchange: NFO, symbol: X, product: NRML, reason: jumped}]
"""
    )
    assert snapshot.positions == Missing("read timed out")
    assert snapshot.orders == Book((), AT)
    assert snapshot.fills == Book((), AT - timedelta(seconds=3), AT - timedelta(minutes=1))
    assert snapshot.funds == Missing("no answer")
    assert snapshot.link == Link(
        connected=False, stop_file=True, trading_state=TradingState.REDUCING, locked_at=AT - timedelta(minutes=55)
    )
    assert snapshot.doubted == ((("NFO", "X", "NRML"), "jumped"),)


def test_all_problems_at_once_each_with_its_line() -> None:
    told = problems(
        HEAD
        + """positions:
  - symbol: NIFTY26NOV24000CE
    last_prise: 5
    net_quantity: abc
  - {symbol: X26NOVFUT, carried: [5, 20], opening_value: 3, number: 1.5}
  - {symbol: X26NOVFUT}
  - {net_quantity: 5}
orders:
fills: {missing: x, rows: []}
quotes: {as_of: 10:15}
link: {trading_state: active, locked_at: 2026-11-04T10:15:00}
"""
    )
    expected = [
        ("now.yaml:5:5", "positions row 1 (NIFTY26NOV24000CE): unknown key 'last_prise'; did you mean 'last_price'?"),
        ("now.yaml:6:19", "'net_quantity' is 'abc', not a number; write digits without commas"),
        ("now.yaml:7:5", "positions row 2 (X26NOVFUT): the day is given twice, by 'carried' and by 'opening_value'"),
        ("now.yaml:7:", "'number' is 1.5, not a whole number"),
        ("now.yaml:8:5", "the same exchange, symbol, product as row 2"),
        ("now.yaml:9:5", "positions row 4: key 'symbol' is missing"),
        ("now.yaml:10:8", "'orders' is empty; write a list of rows"),
        ("now.yaml:11:8", "fills: a part that is missing has no other key, here 'rows'"),
        ("now.yaml:12:9", "quotes: neither 'rows' nor 'missing' is given"),
        ("now.yaml:13:", "'trading_state' is 'active', not a word that can stand here; did you mean 'ACTIVE'?"),
        ("now.yaml:13:", "'locked_at' is '2026-11-04T10:15:00', not a date and time with UTC offset"),
    ]
    assert len(told) == len(expected)
    for line, (place, text) in zip(told, expected, strict=True):
        assert line.startswith(place)
        assert text in line


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("sold: [75]", "'sold' must be [quantity, price], or a list of them; for example [75, 120.50]"),
        ("sold: []", "'sold' must be"),
        ("sold: 75", "'sold' must be"),
        ("sold: [-75, 100]", "'sold' has a negative quantity"),
        ("carried: [[5, 1]]", "'carried' must be [quantity, price]"),
        ("lot_size: -5", "'lot_size' is -5; it is never negative"),
        ("strike: 1_000", "not a number"),
        ("strike: 1e99", "not a number"),
        ("strike: .nan", "not a number"),
        ("strike: 0x10", "not a number"),
        ("strike: [1]", "'strike' is a block or a list, not a number"),
        ("expiry: 2026-02-30", "not a date or month; write it like 2026-11-26"),
        ("right: CE", "not a word that can stand here; one of CALL, PUT"),
        ("symbol: X", "a second time"),
        ("product:", "'product' is empty"),
    ],
)
def test_one_wrong_value(row: str, problem: str) -> None:
    told = problems(HEAD + "positions:\n  - symbol: ODD\n    " + row)
    assert problem in told[0]
    assert told[0].startswith("now.yaml:")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("- a", "the file must be a block of keys"),
        ("account: A1", "key 'taken_at' is missing"),
        ("account: ''\ntaken_at: 2026-11-04T10:15:00+05:30", "'account' is '', not a text"),
        ("account: A\ntaken_at: 10:15", "'taken_at' is '10:15', not a date and time with UTC offset"),
        ("account: [", "not valid YAML"),
        ("[" * 100_000, "nested deeper"),
        ('{"account":' * 100_000, "nested deeper"),
        ("a: &x [1]\nb: *x", "unknown key 'a'"),
        ("account: !!str A\n", "tag"),
        ("x" * 9_000_000, "are the most"),
    ],
)
def test_files_that_are_none(text: str, problem: str) -> None:
    assert any(problem in line for line in problems(text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"account": "A", }', "not JSON"),
        ('{"account": NaN}', "NaN"),
        ('{"account": "A", "account": "B"}', "stands twice"),
        ('{"account":' * 100_000, "nested too deeply"),
        ('{"account": ' + "[" * 100 + "]" * 100 + "}", "nested deeper than 24 levels"),
    ],
)
def test_json_that_is_none(text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        parse_snapshot(text, "now.json")


def test_a_problem_in_json_has_its_line_too() -> None:
    text = '{"account": "A1", "taken_at": "2026-11-04T10:15:00+05:30",\n "orders": [{"id": "1", "sied": "BUY"}]}'
    told = problems(text)
    assert any(line.startswith("now.yaml:2:25  orders row 1: unknown key 'sied'") for line in told)


def test_json_and_yaml_say_the_same() -> None:
    document = {
        "account": "A1",
        "taken_at": "2026-11-04T10:15:00+05:30",
        "positions": [{"symbol": "X", "sold": [75, 1.10]}],
    }
    assert parse_snapshot(json.dumps(document, separators=(",", ":")), "now.json") == parse(
        "positions: [{symbol: X, sold: [75, 1.10]}]"
    )


def test_the_schema_file_is_current() -> None:
    path = resource_dir("schemas") / "snapshot.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text("snapshot")


def test_the_schema_is_a_schema_and_its_examples_validate() -> None:
    schema = snapshot_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    validator = Draft202012Validator(schema)
    assert list(validator.iter_errors(EXAMPLE)) == []
    snapshot = parse_snapshot(json.dumps(EXAMPLE), "example.json")
    assert list(validator.iter_errors(json.loads(render_snapshot(snapshot)))) == []
    assert list(validator.iter_errors({**EXAMPLE, "extra": 1}))
    assert list(validator.iter_errors({**EXAMPLE, "positions": [{"symbol": "X", "net_quantity": "1,000"}]}))


numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4)
units = st.integers(0, 10**6).map(Decimal)
prices = st.none() | numbers
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
stamps = st.none() | instants
words = st.text(max_size=12)
names = st.text(min_size=1, max_size=12)
maybe = st.none() | words
expiries = st.builds(Expiry, st.integers(2020, 2039), st.integers(1, 12), st.integers(1, 28) | st.just(LAST_OF_MONTH))
contracts = st.builds(
    Instrument, st.sampled_from(["NFO", "NSE", "mcx_fo", "odd"]) | words,
    st.sampled_from(["NIFTY26NOV24000CE", "NIFTY26NOVFUT", "INFY", "NIFTY 50"]) | names,
    st.sampled_from(InstrumentKind), maybe, st.none() | expiries, prices, st.none() | st.sampled_from(Right),
    st.none() | units, prices, st.none() | units, maybe,
)  # fmt: skip
legs = st.builds(
    Leg, contracts, words, numbers, numbers, prices, units, prices, units, prices, numbers, prices, prices, prices,
    st.integers(1, 5),
)  # fmt: skip
events = st.builds(
    OrderEvent, st.sampled_from(OrderStatus), st.sampled_from(OrderType), stamps, prices, st.none() | units
)
orders = st.builds(
    Order, names, contracts, words, st.sampled_from(Side), st.sampled_from(OrderType), st.sampled_from(OrderStatus),
    units, units, words, prices, prices, prices, stamps, stamps, words, maybe, maybe, words,
    st.sampled_from(CancelledBy),
    st.none() | st.lists(events, max_size=2).map(tuple), st.none() | st.booleans(),
)  # fmt: skip
fills = st.builds(Fill, words, words, contracts, words, st.sampled_from(Side), units, numbers, stamps)
quotes = st.builds(Quote, words, names, prices, st.booleans(), prices, prices, stamps, stamps)
missing = st.builds(Missing, words)


def books(rows: st.SearchStrategy[Any], key: Any) -> st.SearchStrategy[Any]:
    return st.builds(Book, st.lists(rows, max_size=3, unique_by=key).map(tuple), instants, stamps) | missing


snapshots = st.builds(
    Snapshot, names, instants, books(legs, lambda row: row.key), books(orders, lambda row: row.id),
    books(fills, lambda row: row.id), st.builds(Funds, instants, prices, prices, prices, prices, stamps) | missing,
    books(quotes, lambda row: row.key),
    st.builds(Link, st.booleans(), st.booleans(), st.sampled_from(TradingState), stamps),
    st.lists(st.tuples(st.tuples(names, names, names), names), max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(snapshots)
def test_a_snapshot_survives_the_file_exactly(snapshot: Snapshot) -> None:
    text = render_snapshot(snapshot)
    assert parse_snapshot(text, "now.json") == snapshot
    assert render_snapshot(parse_snapshot(text, "now.json")) == text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet='{}[]:,-"\n ab1&*!', max_size=60))
def test_any_text_is_a_snapshot_or_a_settings_error(text: str) -> None:
    refusals: list[str] = []
    for name in ("x.yaml", "x.json"):
        try:
            parse_snapshot(text, name)
        except SettingsError as error:
            refusals.append(str(error))
    assert all(refusal.startswith(("x.yaml", "x.json")) for refusal in refusals)
