"""Replies are read exactly or refused with a message; nothing they hold can crash the reader."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.brokers import stamps, wire
from engine.errors import BrokerDataError


def fields(**values: object) -> wire.Fields:
    return wire.Fields(values, "positions row 3 (NIFTY26NOV24000CE)", "kite", frozenset({"", "--"}))


def test_numbers_are_exact() -> None:
    assert wire.decode('[0.1, 99725.05000000002, 1953367517686685697, 1e2, -0]') == [
        Decimal("0.1"), Decimal("99725.05000000002"), Decimal(1953367517686685697), Decimal(100), Decimal(0),
    ]  # fmt: skip


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_every_paisa_survives_decoding(amount: Decimal) -> None:
    assert wire.decode(f'{{"a": {amount}, "b": "{amount}"}}') == {"a": amount, "b": str(amount)}
    assert wire.read_number(str(amount)) == amount


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "not JSON .*empty"),
        ("<html>Bad gateway</html>", "begins with '<html>"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "-Infinity"),
        ('{"a": 1, "b": 2, "a": 1}', "'a' stands twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('["' + "x" * 10_000_000 + '"]', "the most a reply may have"),
        ('{"a": 1', "not JSON"),
    ],
)
def test_refused_bodies(body: str, problem: str) -> None:
    with pytest.raises(BrokerDataError, match=problem) as caught:
        wire.decode_reply(body.encode(), "kite", "orders")
    assert caught.value.broker == "kite"
    assert len(str(caught.value)) < 200


def test_a_field_that_must_be_there_may_be_blank_but_not_left_out() -> None:
    row = fields(blank="--", some=Decimal(5))
    assert row.quantity_or_none("blank") is None
    assert (row.amount("blank", Decimal(0)), row.amount("blank", Decimal(1))) == (0, None)
    assert (row.amount("some", Decimal(0)), row.flag_or_none("some")) == (5, None)
    for read in (row.quantity_or_none, lambda name: row.amount(name, Decimal(0))):
        with pytest.raises(BrokerDataError, match="field 'absent' is missing"):
            read("absent")


def test_a_monstrous_number_hurts_only_its_reader() -> None:
    body = wire.decode('{"a": 1e999999999, "b": 5}')
    assert isinstance(body, dict)
    row = fields(**body)
    assert row.number("b") == 5
    with pytest.raises(BrokerDataError, match="field 'a' is '1e999999999', not a number"):
        row.number("a")
    assert row.price("a") is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("abc", "field 'q' is 'abc', not a number"),
        ("1_000", "'1_000', not a number"),
        ("١٢", "not a number"),
        (True, "field 'q' is true, not a number"),
        ("--", "field 'q' is empty"),
        (None, "field 'q' is empty"),
        ([1], "field 'q' is a list, not a number"),
        ({"x": 1}, "field 'q' is an object, not a number"),
        ("NaN", "not a number"),
        ("Infinity", "not a number"),
    ],
)
def test_an_unreadable_number_names_row_field_and_value(value: object, problem: str) -> None:
    with pytest.raises(BrokerDataError, match=rf"positions row 3 \(NIFTY26NOV24000CE\): .*{problem}"):
        fields(q=value).number("q")
    assert fields(q=value).number_or_none("q") is None


def test_a_missing_number() -> None:
    with pytest.raises(BrokerDataError, match="field 'q' is missing"):
        fields().number("q")
    assert fields().number_or_none("q") is None


def test_a_price_of_zero_is_no_price() -> None:
    assert fields(p=Decimal(0)).price("p") is None
    assert fields(p="0.00").price("p") is None
    assert fields(p="0.05").price("p") == Decimal("0.05")


def test_identities_stay_text() -> None:
    row = fields(a=Decimal("1953367517686685697"), b=" 25 ", c=[1], d="\x1b[31mred\ud800")
    assert row.identity("a") == "1953367517686685697"
    assert row.identity("b") == "25"
    assert row.identity_or_none("c") is None
    assert row.text("d") == "\ufffd[31mred\ufffd"


def test_only_a_list_of_objects_is_a_book() -> None:
    for value in (None, {}, "", Decimal(0)):
        with pytest.raises(BrokerDataError, match="not a list"):
            list(wire.rows_of(value, "kite", "positions", "symbol"))
    with pytest.raises(BrokerDataError, match="positions row 2 is null, not an object"):
        list(wire.rows_of([{}, None], "kite", "positions", "symbol"))


def test_csv_headers_and_short_rows() -> None:
    rows = list(wire.csv_rows(b"a , b;\r\n1,2\r\n\r\n", "kotak", "instruments", ["a", "b"], " ;"))
    assert [dict(row.values) for row in rows] == [{"a": "1", "b": "2"}]
    with pytest.raises(BrokerDataError, match="column c is missing"):
        list(wire.csv_rows(b"a,b\n1,2\n", "kotak", "instruments", ["a", "c"]))
    with pytest.raises(BrokerDataError, match="line 3: 1 cells, the header has 2"):
        list(wire.csv_rows(b"a,b\n1,2\n1\n", "kotak", "instruments", ["a"]))
    with pytest.raises(BrokerDataError, match="column a is missing"):
        list(wire.csv_rows(b"", "kotak", "instruments", ["a"]))
    with pytest.raises(BrokerDataError, match="not CSV"):
        list(wire.csv_rows(b"a\n" + b"x" * 200_000, "kotak", "instruments", ["a"]))


@pytest.mark.parametrize(
    "text", ["2026-11-04 09:15:00", "2026/11/04 09:15:00", "04-Nov-2026 09:15:00", "04-Nov-2026 09: 15: 00"]
)
def test_indian_time_becomes_utc(text: str) -> None:
    assert stamps.from_ist(text) == datetime(2026, 11, 4, 3, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "--", "09:15:00", "2026-13-04 09:15:00", "31-Foo-2026 09:15:00", "0001-01-01 00:00:00"]
)
def test_an_unreadable_stamp_is_none(text: str) -> None:
    assert stamps.from_ist(text) is None


@pytest.mark.parametrize("number", ["1789443936", "1789443936000", "1789443936000000", "1789443936000000000"])
def test_epochs_of_every_unit(number: str) -> None:
    assert stamps.from_epoch(Decimal(number)) == datetime(2026, 9, 15, 3, 45, 36, tzinfo=UTC)
    assert stamps.from_epoch(Decimal("9" * 30)) is None
    assert stamps.from_epoch(Decimal(-1)) is None


@pytest.mark.parametrize("text", ["29 Sep, 2026", "29-Sep-2026", "29SEP2026", "2026-09-29"])
def test_calendar_days(text: str) -> None:
    assert stamps.calendar_day(text) == date(2026, 9, 29)


def test_unreadable_days() -> None:
    assert stamps.calendar_day("NA") is None
    assert stamps.calendar_day("31 Sep, 2026") is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_text_decodes_or_is_refused(value: object) -> None:
    assert wire.decode(json.dumps(value)) == value
