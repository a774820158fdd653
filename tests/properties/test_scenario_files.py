"""Scenario files of every kind of nonsense are refused in words; those that are read keep to what they say."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.brokers.indian_symbols import instrument
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import LAST_OF_MONTH
from engine.policy.findings import Report
from engine.runtime.calendars import calendar_for, calendars
from engine.runtime.scenarios import shipped_scenarios
from engine.sim.exchange.words import Contract
from engine.sim.scenario.day import Day
from engine.sim.scenario.listing import Terms, symbol_of
from engine.sim.scenario.model import Scenario
from engine.sim.scenario.prices import Point, points_of, ticks_of
from engine.sim.scenario.reader import read_scenario

ON = date(2026, 11, 23)
DAY = Day(ON, calendar_for("NSE").expiries)
SHIPPED = [path.read_text(encoding="utf-8") for path in shipped_scenarios().values()]
A_TICK = Decimal("0.05")
EXPIRIES = [day for ahead in range(120) if DAY.expiries.expires_on("NIFTY", day := ON + timedelta(days=ahead), "NSE")]
# Pieces of the language in wrong places.
PIECES = st.sampled_from(
    ["", "-", ":", "{", "}", "[", "→", "no offers", "0", "-1", "1e9", "99:99", "NIFTY", "01DEC", "31FEB", "short", "A",
     "limit", "tag", "1.5", "\t", "'", "% ", "&a", "*a", "null", "yes", "2026-02-30", "9" * 40, "٣"]
)  # fmt: skip


def read(text: str) -> tuple[Scenario | None, int]:
    report = Report()
    scenario = read_scenario(text, "day.yaml", calendars(), report)
    return scenario, report.error_count


@given(st.data())
def test_a_spoiled_file_is_read_or_refused_in_words(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(SHIPPED)).split(" ")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at : at + data.draw(st.integers(0, 2))] = [data.draw(PIECES)]
    scenario, errors = read(" ".join(words))
    assert (scenario is None) is (errors > 0)


@given(st.text(max_size=60))
def test_any_text_as_prices_is_read_or_refused_in_words(text: str) -> None:
    with suppress(ValueError):
        assert points_of(text, DAY)


PRICES = st.integers(1, 100_000).map(lambda ticks: ticks * A_TICK)
STEPS = st.lists(st.tuples(st.integers(1, 3600), PRICES, st.booleans()), min_size=1, max_size=6)


@given(STEPS, st.sampled_from([1, 5, 7, 60]))
def test_prices_pass_through_every_point_in_order_and_never_leave_their_way(
    steps: list[tuple[int, Decimal, bool]], every: int
) -> None:
    at, points = DAY.at("09:15"), list[Point]()
    for seconds, price, is_ramp in steps:
        at += timedelta(seconds=seconds)
        points.append(Point(at, price, is_ramp and bool(points)))
    ticks = list(ticks_of(CONTRACT, tuple(points), timedelta(seconds=every)))
    times = [tick.at for tick in ticks]
    assert times == sorted(set(times))
    found = {tick.at: tick.last_price for tick in ticks}
    assert [found[point.at] for point in points] == [point.price for point in points]
    prices = [point.price for point in points]
    assert all(min(prices) <= tick.last_price <= max(prices) and tick.last_price % A_TICK == 0 for tick in ticks)


@given(st.sampled_from(EXPIRIES), st.integers(200, 560).map(lambda fifty: Decimal(fifty * 50)), st.sampled_from(Right))
def test_a_symbol_is_read_as_the_contract_it_was_made_of(ends: date, strike: Decimal, right: Right) -> None:
    symbol = symbol_of(Terms("NIFTY", InstrumentKind.OPTION, ends, strike, right), DAY, "NSE")
    told = instrument("NFO", symbol)
    assert (told.kind, told.right) == (InstrumentKind.OPTION, right)
    # A symbol that could be read in two ways tells no more.
    if told.underlying is not None and told.expiry is not None:
        assert (told.underlying, told.strike) == ("NIFTY", strike)
        assert (told.expiry.year, told.expiry.month) == (ends.year, ends.month)
        assert told.expiry.day in (ends.day, LAST_OF_MONTH)


CONTRACT = Contract(
    exchange="NFO",
    symbol="NIFTY26D0124000CE",
    token="1",
    kind=InstrumentKind.OPTION,
    underlying="NIFTY",
    lot_size=Decimal(65),
    tick_size=A_TICK,
    freeze_quantity=Decimal(1800),
    previous_close=Decimal(100),
    low=A_TICK,
    high=Decimal(10_000),
)
