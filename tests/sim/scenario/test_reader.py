"""What the words of a scenario file mean, and what is said of those that mean nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from textwrap import dedent, indent

import pytest

from engine.domain.enums import InstrumentKind, OrderType, Right, Side
from engine.domain.session import Calendar
from engine.policy.findings import Report
from engine.runtime.calendars import calendars
from engine.sim.clock import Pace
from engine.sim.exchange.setup import BandStep, Carried, DepthShape, FillRule, SessionTimes, Span, SquareOff
from engine.sim.exchange.words import Call, Change, Contract, LockBlocks, Source, Validity
from engine.sim.faults import Fault, FaultKind
from engine.sim.scenario.model import Scenario
from engine.sim.scenario.reader import read_scenario
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel

BASE = """\
scenario: a-day
title: A day for a test
day: 2026-11-23
underlyings:
  NIFTY: {lot: 65, freeze: 1800, close: 24000}
  TCS: {kind: share, lot: 175, close: 3000}
contracts:
  NIFTY 24000 CE 01DEC: {close: 100}
  NIFTY FUT 29DEC: {close: 24100}
  TCS 3000 PE 29DEC: {close: 40, tick: 0.1, lot: 100, freeze: 5000, band: 0.1 to 400, token: 77}
accounts:
  A: {cash: 100000}
  B: {cash: 5.50}
"""
CALL = ("NFO", "NIFTY26D0124000CE")


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """An instant of the day by the clock in India."""
    return datetime(2026, 11, 23, hour, minute, second, tzinfo=UTC) - timedelta(hours=5, minutes=30)


def reports(text: str, known: Mapping[str, Calendar] | None = None) -> tuple[Scenario | None, list[str]]:
    report = Report()
    scenario = read_scenario(dedent(text), "day.yaml", calendars() if known is None else known, report)
    findings = [
        f"{one.place.line}:{one.place.column} {one.message}{f'; {one.hint}' if one.hint else ''}"
        for one in report.sorted()
    ]
    return scenario, findings


def read(more: str = "", base: str = BASE) -> Scenario:
    scenario, findings = reports(base + dedent(more))
    assert findings == []
    assert scenario is not None
    return scenario


def contract(scenario: Scenario, symbol: str) -> Contract:
    (found,) = [one for one in scenario.setup.contracts if one.symbol == symbol]
    return found


def of_account(lines: str) -> str:
    """The base, account A with more to it."""
    return BASE.replace(
        "  A: {cash: 100000}\n", "  A:\n    cash: 100000\n" + indent(dedent(lines).rstrip() + "\n", "    ")
    )


# --- the day


def test_a_day_has_the_exchanges_hours_and_begins_a_minute_before() -> None:
    setup = read().setup
    assert setup.sessions == {
        "NSE": SessionTimes(at(9, 15), at(15, 40)),
        "NFO": SessionTimes(at(9, 15), at(15, 40)),
    }
    assert setup.start == at(9, 14)


def test_hours_start_and_pace_can_be_told() -> None:
    scenario = read("session: {open: 10:00, close: 11:30}\nfrom: 09:59:30.5\nclock: {pace: skipping, rate: 2.5}\n")
    assert scenario.setup.sessions["NFO"] == SessionTimes(at(10, 0), at(11, 30))
    assert scenario.setup.start == at(9, 59, 30) + timedelta(milliseconds=500)
    assert (scenario.pace, scenario.rate) == (Pace.SKIPPING, 2.5)


def test_a_holiday_takes_hours_of_its_own() -> None:
    holiday = BASE.replace("2026-11-23", "2026-11-24")
    scenario, findings = reports(holiday)
    assert scenario is None
    assert findings == [
        (
            "3:1 the market is not open on 2026-11-24 (NFO: holiday: Prakash Gurpurb Sri Guru Nanak Dev); "
            "name another day, or write session: {open: 09:15, close: 15:30}"
        )
    ]
    assert read("session: {open: 09:15, close: 15:30}\n", holiday).setup.trading_date == date(2026, 11, 24)


# --- what is listed


def test_contracts_are_listed_as_the_exchange_spells_them() -> None:
    scenario = read()
    assert [(one.exchange, one.symbol, one.token) for one in scenario.setup.contracts] == [
        ("NSE", "NIFTY", "26000"),
        ("NSE", "TCS", "26001"),
        ("NFO", "NIFTY26D0124000CE", "45000"),
        ("NFO", "NIFTY26DECFUT", "45001"),
        ("NFO", "TCS26DEC3000PE", "77"),
    ]
    call, put = contract(scenario, "NIFTY26D0124000CE"), contract(scenario, "TCS26DEC3000PE")
    assert (call.kind, call.expiry, call.strike, call.right) == (
        InstrumentKind.OPTION, date(2026, 12, 1), Decimal(24000), Right.CALL,
    )  # fmt: skip
    assert (call.lot_size, call.tick_size, call.freeze_quantity) == (Decimal(65), Decimal("0.05"), Decimal(1800))
    assert (call.low, call.high) == (Decimal("0.05"), Decimal(700))
    assert (put.lot_size, put.tick_size, put.freeze_quantity) == (Decimal(100), Decimal("0.1"), Decimal(5000))
    assert (put.low, put.high) == (Decimal("0.1"), Decimal(400))
    share = contract(scenario, "TCS")
    assert (share.kind, share.lot_size, share.low, share.high) == (InstrumentKind.EQUITY, 1, 2400, 3600)


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("NIFTY 24000 CE 23NOV", "NIFTY26NOV24000CE"),
        ("NIFTY 24000.5 PE 08DEC26", "NIFTY26D0824000.5PE"),
        ("NIFTY 24000 CE 05JAN", "NIFTY2710524000CE"),
        ("NIFTY FUT 29DEC2026", "NIFTY26DECFUT"),
    ],
)
def test_an_expiry_is_the_next_of_its_name(name: str, symbol: str) -> None:
    assert contract(
        read(base=BASE.replace("NIFTY 24000 CE 01DEC", name).replace("NIFTY FUT 29DEC:", "NIFTY 1 CE 01DEC:")), symbol
    )


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        (
            "NIFTY 24000 CE 26NOV",
            (
                "8:3 NIFTY contracts do not expire on 26NOV (Thursday); the next days are 23NOV (Monday), "
                "01DEC (Tuesday), 08DEC (Tuesday)"
            ),
        ),
        ("NIFTY 24000 CE 31NOV", "8:3 there is no day 31NOV"),
        ("NIFTY 24000 CE 01XXX", "8:3 '01XXX' is not an expiry; write the day and month like 01DEC"),
        ("NIFTY 24000 CE 18NOV26", "8:3 a contract of 18NOV26 ended before the scenario's day 2026-11-23"),
        ("NIFTI 24000 CE 01DEC", "8:3 no underlying 'NIFTI' is listed; did you mean 'NIFTY'?"),
    ],
)
def test_a_contract_that_cannot_be_is_told_of(name: str, finding: str) -> None:
    assert finding in reports(BASE.replace("NIFTY 24000 CE 01DEC", name))[1]


@pytest.mark.parametrize("of", ["tick: 0", "lot: 0", "freeze: 0", "close: 0", "depth: 1.5", "levels: 0", "token: 1.5"])
def test_a_size_of_nought_or_of_a_part_is_told_of(of: str) -> None:
    key, _, value = of.partition(": ")
    line = "TCS 3000 CE 29DEC: {%s}" % (of if key == "close" else f"close: 40, {of}")
    scenario, (finding,) = reports(BASE.replace("accounts:", f"  {line}\naccounts:"))
    assert scenario is None
    assert f"'{value}' is not a value for '{key}'" in finding


def test_two_contracts_of_one_token_are_told_of() -> None:
    scenario, (finding,) = reports(BASE.replace("{close: 24100}", "{close: 24100, token: 77}"))
    assert scenario is None
    assert "TCS26DEC3000PE and NIFTY26DECFUT have the same token 77; give each a token of its own" in finding


def test_a_contract_without_a_lot_is_told_of() -> None:
    assert reports(BASE.replace("{lot: 65, freeze: 1800, close", "{close"))[1] == [
        "8:3 the lot of 'NIFTY 24000 CE 01DEC' is missing; write it as lot under the underlying NIFTY",
        "9:3 the lot of 'NIFTY FUT 29DEC' is missing; write it as lot under the underlying NIFTY",
    ]


# --- prices


def prices(text: str, more: str = "") -> list[tuple[datetime, Decimal]]:
    base = BASE.replace("24000 CE 01DEC: {close: 100}", f"24000 CE 01DEC: {{close: 100, prices: '{text}'}}")
    return [(one.at, one.last_price) for one in read(more, base).setup.ticks if one.key == CALL]


def test_prices_stand_until_the_next_and_may_jump() -> None:
    assert prices("09:15 101.50, 10:30 232") == [(at(9, 15), Decimal("101.50")), (at(10, 30), Decimal(232))]


def test_an_arrow_is_a_ramp_in_whole_ticks() -> None:
    expected = [
        (at(9, 20, second), Decimal(price))
        for second, price in ((0, "100.00"), (4, "100.35"), (8, "100.65"), (12, "101.00"))
    ]
    assert prices("09:20 100 → 09:20:12 101", "ramp_every: 4s\n") == expected
    assert prices("09:20 100 -> 09:20:12 101", "ramp_every: 4s\n") == expected
    assert [price for _, price in prices("09:20 100 → 09:20:12 99")] == [
        Decimal(each) for each in ("100", "99.6", "99.15", "99")
    ]


def test_a_side_can_be_empty_until_the_next_price() -> None:
    text = "prices: '09:15 100, 10:00 90 no offers, 10:01 91, 10:02 80 no bids'"
    ticks = read(
        base=BASE.replace("24000 CE 01DEC: {close: 100}", f"24000 CE 01DEC: {{close: 100, {text}}}")
    ).setup.ticks
    assert [(one.bids, one.asks) for one in ticks] == [(None, None), (None, ()), (None, None), ((), None)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("09:15 101, 09:15 102", "09:15 does not come after the time before it; prices stand in order of time"),
        ("09:15 101 09:20 102", "'09:15 101 09:20 102' is not a value for 'prices'; the day's prices"),
        ("→ 09:15 101", "'→ 09:15 101' is not a value for 'prices'; the day's prices"),
    ],
)
def test_prices_that_cannot_be_are_told_of(text: str, said: str) -> None:
    (finding,) = reports(
        BASE.replace("24000 CE 01DEC: {close: 100}", f"24000 CE 01DEC: {{close: 100, prices: '{text}'}}")
    )[1]
    assert finding.partition(" ")[2].startswith(said)


def test_a_depth_can_be_told() -> None:
    text = BASE.replace(
        "24000 CE 01DEC: {close: 100}", "24000 CE 01DEC: {close: 100, gap: 3, depth: 2, market_orders: no}"
    )
    setup = read(base=text).setup
    assert setup.depths == {CALL: DepthShape(gap=3, levels=5, lots=2)}
    assert setup.rules.no_market_orders == {CALL}


# --- accounts


def test_positions_are_signed_and_lots_are_units() -> None:
    text = of_account("""\
        positions:
          - short 130 NIFTY 24000 CE 01DEC NRML at 98.50
          - long 2 lots NIFTY FUT 29DEC MIS
        holdings: [long 10 TCS CNC at 2950]
        exchanges: [NFO]
        """)
    account = read(base=text).setup.accounts[0]
    assert account.carried == (
        Carried(CALL, "NRML", Decimal(-130), Decimal("98.50")),
        Carried(("NFO", "NIFTY26DECFUT"), "MIS", Decimal(130)),
    )
    assert account.holdings == (Carried(("NSE", "TCS"), "CNC", Decimal(10), Decimal(2950)),)
    assert account.segments == {"NFO"}
    assert (account.cash, read().setup.accounts[1].cash) == (Decimal(100000), Decimal("5.50"))


def test_orders_say_their_type_by_their_prices() -> None:
    text = of_account("""\
        orders:
          - buy 65 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL-1
          - buy 65 NIFTY 24000 CE 01DEC MIS limit 90 amo
          - buy 65 NIFTY 24000 CE 01DEC MIS stop 150
        """)
    first, *others = read(base=text).setup.accounts[0].resting
    assert (first.side, first.quantity, first.product, first.type) == (Side.BUY, 65, "NRML", OrderType.STOP)
    assert (first.trigger_price, first.price, first.tag, first.source) == (150, 155, "SL-1", Source.SCENARIO)
    assert [one.type for one in others] == [OrderType.LIMIT, OrderType.STOP_MARKET]
    assert [one.validity for one in others] == [Validity.DAY, Validity.DAY]
    assert [one.after_market for one in others] == [True, False]


def test_trades_were_done_before() -> None:
    text = of_account("trades: [09:16 sold 65 NIFTY 24000 CE 01DEC NRML at 110 tag T1]")
    (trade,) = read("from: 09:20\n", text).setup.accounts[0].done
    assert (trade.at, trade.side, trade.quantity, trade.price, trade.tag) == (at(9, 16), Side.SELL, 65, 110, "T1")


def test_the_book_may_still_show_orders_of_the_trading_day_before() -> None:
    filled, gone = read(base=of_account("""\
        yesterday:
          - 14:31 buy 65 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL1 filled at 151.5
          - 15:00 sell 65 NIFTY 24000 CE 01DEC NRML limit 155 cancelled
        """)).setup.accounts[0].earlier  # fmt: skip
    # The 21st and 22nd are a weekend.
    assert filled.on == date(2026, 11, 20)
    assert filled.at == at(14, 31) - timedelta(days=3)
    assert (filled.ticket.type, filled.ticket.trigger_price, filled.filled_at) == (
        OrderType.STOP,
        150,
        Decimal("151.5"),
    )
    assert (gone.ticket.side, gone.filled_at) == (Side.SELL, None)


@pytest.mark.parametrize(
    ("known", "before"),
    [(True, date(2026, 11, 9)), (False, date(2026, 11, 10))],
    ids=["a calendar with a holiday", "no calendar"],
)
def test_the_trading_day_before_is_the_calendars(known: bool, before: date) -> None:
    base = of_account("yesterday: [14:31 buy 65 NIFTY 24000 CE 01DEC NRML limit 150 cancelled]")
    text = base.replace("2026-11-23", "2026-11-11") + "session: {open: 09:15, close: 15:30}\n"
    scenario, findings = reports(text, None if known else {})
    assert findings == []
    assert scenario is not None
    assert scenario.setup.accounts[0].earlier[0].on == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("positions: [sort 130 NIFTY 24000 CE 01DEC NRML]", "is not a position; write it like short 130"),
        ("positions: [short 130 NIFTY 24000 CE 01DEC NRLM]", "there is no product 'NRLM'; did you mean 'NRML'?"),
        ("positions: [short 130 NIFTY 24000 PE 01DEC NRML]", "did you mean 'NIFTY 24000 CE 01DEC'?"),
        ("orders: [buy 65 NIFTY 24000 CE 01DEC NRML limit 1 limit 2]", "'limit' stands here twice"),
        ("orders: [buy 65 NIFTY 24000 CE 01DEC NRML market limit 2]", "at market or has a limit, not both"),
        ("trades: [9 sold 65 NIFTY 24000 CE 01DEC NRML at 1]", "'9' is not a time of day; write it like 09:15"),
        ("trades: [09:16 sold 65 NIFTY 24000 CE 01DEC NRML]", "is not a trade; write it like 09:16 sold 65"),
        ("positions: [short 66 NIFTY 24000 CE 01DEC NRML]", "66 is not in whole lots of 65"),
        ("positions: [short 0 NIFTY 24000 CE 01DEC NRML]", "0 is not in whole lots of 65"),
        ("positions: [long 65 NIFTY NRML]", "NIFTY is an index, which nobody holds"),
        (
            "positions: [short 65 NIFTY 24000 CE 01DEC NRML, long 65 NIFTY 24000 CE 01DEC NRML]",
            "a contract stands here twice in one product; write its net quantity once",
        ),
        ("orders: [buy 65 NIFTY 24000 CE 01DEC NRML]", "cannot be working yet: write its limit, without ioc"),
        ("orders: [buy 65 NIFTY 24000 CE 01DEC NRML limit 1 ioc]", "cannot be working yet"),
        ("orders: [buy 0 NIFTY 24000 CE 01DEC NRML limit 1]", "0 is not in whole lots of 65"),
        ("trades: [09:16 sold 65 NIFTY 24000 CE 01DEC NRML at 1]", "a trade is done after the simulation begins"),
        ("yesterday: [14:00 buy 65 NIFTY 24000 CE 01DEC NRML limit 1]", "is not an order that is over; write it like"),
        ("yesterday: [9 buy 65 NIFTY 24000 CE 01DEC NRML limit 1 cancelled]", "'9' is not a time of day"),
        ("cahs: 5", "unknown key 'cahs'; did you mean 'cash'?"),
    ],
)
def test_what_cannot_be_meant_of_an_account_is_told_of(line: str, said: str) -> None:
    scenario, (finding,) = reports(of_account(line))
    assert scenario is None
    assert said in finding


# --- what happens


def test_a_trader_orders_changes_and_cancels() -> None:
    hands = read("""\
        trader:
          - 10:02 A buy 65 NIFTY 24000 CE 01DEC NRML limit 80 tag T1
          - 10:03 A change T1 limit 81
          - 10:04 A change T1 quantity 130
          - 10:05:30 B cancel T1
        """).setup.hands
    assert [(one.at, one.account, one.tag) for one in hands] == [
        (at(10, 2), "A", ""), (at(10, 3), "A", "T1"), (at(10, 4), "A", "T1"), (at(10, 5, 30), "B", "T1"),
    ]  # fmt: skip
    (market,) = read("trader: [10:02 A sell 65 NIFTY 24000 CE 01DEC NRML market ioc]").setup.hands
    assert market.ticket is not None
    assert (market.ticket.type, market.ticket.validity) == (OrderType.MARKET, Validity.IOC)
    assert hands[0].ticket is not None
    assert hands[0].ticket.tag == "T1"
    assert hands[1].change == Change(type=OrderType.LIMIT, price=Decimal(81))
    assert hands[2].change == Change(quantity=Decimal(130))
    assert hands[3].cancel is True


def test_faults_say_whom_what_and_when() -> None:
    faults = read("""\
        faults:
          - fault: outage
          - {fault: garbage, accounts: [B], calls: [place, orders], from: 10:00, to: 10:01, times: 3, text: oops}
          - {fault: row_dropped, contract: NIFTY 24000 CE 01DEC, seconds: 5}
          - {fault: not_switched, mail: yes}
        """).faults
    assert faults == (
        Fault(FaultKind.OUTAGE, details={}),
        Fault(
            FaultKind.GARBAGE, frozenset({"B"}), frozenset({Call.PLACE, Call.ORDERS}), at(10, 0), at(10, 1), 3,
            {"text": "oops"},
        ),
        Fault(FaultKind.ROW_DROPPED, details={"seconds": "5", "symbol": "NIFTY26D0124000CE"}),
        Fault(FaultKind.NOT_SWITCHED, details={"mail": True}),
    )  # fmt: skip


def test_fills_and_rules_are_the_exchanges() -> None:
    scenario = read("""\
        fills:
          - {share: 50%, delay: 2s, every: 1m, contracts: [NIFTY 24000 CE 01DEC], accounts: [A], from: 10:00, to: 10:05}
          - {share: 0%}
        rules:
          latencies: {receiving: 5 ms, cancelling: 20 to 60 ms}
          execution_band: 20%
          square_offs: [{at: 15:20, products: [MIS], underlyings: [NIFTY], on_expiry_only: yes}]
          margin: no
          stop_market_orders: yes
          changes: 10
          lock_blocks: opening
          lock_needs_flat: yes
        terminal: {skin: flutter, otp: sms}
        """)
    rules, fills = scenario.setup.rules, scenario.setup.fills
    assert fills == (
        FillRule(
            Decimal("0.5"), timedelta(seconds=2), timedelta(minutes=1), frozenset({CALL}), frozenset({"A"}),
            at(10, 0), at(10, 5),
        ),
        FillRule(Decimal(0)),
    )  # fmt: skip
    assert (rules.latencies.receiving, rules.latencies.cancelling) == (Span(5, 5), Span(20, 60))
    assert rules.execution_band == (BandStep(None, percent=Decimal(20)),)
    assert rules.square_offs == (SquareOff(at(15, 20), frozenset({"MIS"}), frozenset({"NIFTY"}), on_expiry_only=True),)
    assert (rules.checks_margin, rules.takes_stop_market, rules.most_changes) == (False, True, 10)
    assert (rules.lock_blocks, rules.lock_needs_flat) == (LockBlocks.OPENING, True)
    assert (scenario.terminal.skin, scenario.terminal.otp) == (Skin.FLUTTER, Channel.SMS)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("trader: [10:02 AA cancel T1]", "there is no account 'AA'; did you mean 'A'?"),
        ("trader: [10:02 A cancle T1]", "'cancle T1' is not an order; write it like buy 65"),
        ("faults: [{fault: outtage}]", "'outtage' is not a choice for 'fault'; did you mean 'outage'?"),
        ("faults: [{fault: slow, accounts: [C]}]", "there is no account 'C'; known are A, B"),
        ("faults: [{fault: slow, from: 25:00}]", "'25:00' is not a value for 'from'; since when"),
        ("fills: [{share: half}]", "'half' is not a value for 'share'; of an order's quantity"),
        ("faults: [{fault: slow, times: 0}]", "'0' is not a value for 'times'"),
        ("faults: [{fault: slow, seconds: 1.5}]", "'1.5' is not a value for 'seconds'"),
        ("faults: [{fault: outage, status: 42}]", "'42' is not a value for 'status'"),
        ("faults: [{fault: slow, from: 10:00, to: 09:00}]", "it is over before it begins"),
        ("fills: [{share: 50%, from: 10:00, to: 10:00}]", "it is over before it begins"),
        ("trader: [09:00 A cancel T1]", "a trader does something before the simulation begins; begin earlier"),
        ("ramp_every: 0s", "a ramp gives a price every so often"),
        ("rules: {changes: 1.5}", "'1.5' is not a value for 'changes'"),
        ("clock: {rate: 10}", "the rate is a number from 1 to 4, not 10.0"),
        ("rules: {latencies: {sending: 60 to 20 ms}}", "'60 to 20 ms' ends before it begins"),
        ("session: {open: 10:00, close: 09:00}", "the session closes before it opens"),
    ],
)
def test_what_cannot_happen_is_told_of(more: str, said: str) -> None:
    scenario, (finding,) = reports(BASE + more + "\n")
    assert scenario is None
    assert finding.startswith("14:")
    assert said in finding


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("- a\n- b\n", "1:1 the file is not a scenario; begin it with scenario: its-name"),
        ("a: b: c\n", None),
        ("", None),
        (BASE + "accounts: {}\n", "14:1 the key 'accounts' stands here a second time (first on line 11)"),
    ],
)
def test_what_is_no_scenario_is_told_of(text: str, finding: str | None) -> None:
    scenario, findings = reports(text)
    assert scenario is None
    assert finding is None or any(one.startswith(finding) for one in findings)
