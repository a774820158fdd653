"""A whole poll means the same to the engine and to what is written by hand; the replies are as Kite sends them."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bench import cycle
from bench.bodies import ALL_NEW, FEW_ORDERS, LEGS, SAME, SAME_ORDERS, Polls, polls_of
from bench.books import BOOKS, FLAT, Book, load_book
from bench.hand_cycle import Memory
from bench.report import text_of
from bench.table import Options
from engine.brokers.readings import Bodies, read
from engine.domain.snapshot import Book as Rows

ACCOUNTS = 30
TINY = Options(rounds=1, snapshots=5)


def rows(body: bytes) -> Any:
    data = json.loads(body)["data"]
    return data["net"] if isinstance(data, dict) else data


@pytest.fixture(scope="module")
def accounts() -> list[Polls]:
    return [polls_of(seed) for seed in range(ACCOUNTS)]


def test_the_replies_have_every_field_and_the_usual_size(accounts: list[Polls]) -> None:
    last = [account.before[-1] for account in accounts]
    assert {len(row) for poll in last for row in rows(poll.positions)} == {29}
    assert {len(row) for poll in last for row in rows(poll.orders)} == {34}
    assert abs(sum(len(rows(poll.positions)) for poll in last) / ACCOUNTS - LEGS) <= 2
    assert 65_000 <= sum(len(poll.orders) for poll in last) / ACCOUNTS <= 95_000


def test_what_orders_filled_is_what_positions_traded(accounts: list[Polls]) -> None:
    for poll in (poll for account in accounts for poll in (*account.before, account.measured[ALL_NEW])):
        filled: dict[tuple[str, str, str], int] = {}
        for order in rows(poll.orders):
            key = order["tradingsymbol"], order["product"], order["transaction_type"]
            filled[key] = filled.get(key, 0) + order["filled_quantity"]
        for row in rows(poll.positions):
            for side, field in (("BUY", "day_buy_quantity"), ("SELL", "day_sell_quantity")):
                assert filled.pop((row["tradingsymbol"], row["product"], side), 0) == row[field]
        assert not any(filled.values())


def test_each_kind_of_poll_differs_from_the_one_before_as_it_says(accounts: list[Polls]) -> None:
    changed = []
    for account in accounts:
        last, measured = account.before[-1], account.measured
        old = [json.dumps(row) for row in rows(last.orders)]
        few = [json.dumps(row) for row in rows(measured[FEW_ORDERS].orders)]
        changed.append(len(set(few) - set(old)))
        assert not set(old) & {json.dumps(row) for row in rows(measured[ALL_NEW].orders)}
        assert measured[SAME_ORDERS].orders == measured[SAME].orders == last.orders
        assert measured[SAME].positions == last.positions
        assert measured[SAME].positions is not last.positions
        moved = zip(rows(last.positions), rows(measured[SAME_ORDERS].positions), strict=True)
        assert all(one["last_price"] != other["last_price"] for one, other in moved)
        assert timedelta(seconds=2) <= measured[ALL_NEW].at - last.at <= timedelta(seconds=3)
    assert max(changed) <= 3
    assert any(changed)


def test_the_engine_reads_all_of_it(accounts: list[Polls]) -> None:
    reading = None
    for poll in accounts[0].before:
        bodies = Bodies(positions=poll.positions, orders=poll.orders, instruments=accounts[0].contracts)
        reading = read("kite", "A1", bodies, poll.at, reading)
        assert reading.failures == ()
        assert isinstance(reading.snapshot.positions, Rows)
        assert {leg.instrument.lot_size for leg in reading.snapshot.positions.rows} == {Decimal(75)}


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_all_say_the_same_of_every_kind_of_poll(book: Book) -> None:
    loaded = load_book(book)
    judge, sides = cycle.our_side(loaded.program), [*cycle.hands(book), *cycle.simple_evals(loaded)]
    fired: list[set[str]] = []
    for seed in range(ACCOUNTS):
        polls = cycle.asked_of(loaded.program, seed)
        assert tuple(polls) == cycle.WAYS
        expected = {way: judge(asked) for way, asked in polls.items()}
        fired.append(expected[ALL_NEW])
        for side in sides:
            assert {way: side.fired(polls[way]) for way in side.ways} == {way: expected[way] for way in side.ways}
    assert 0.05 <= sum(map(len, fired)) / (ACCOUNTS * len(book.rules)) <= 0.15
    assert len(set().union(*fired)) >= 15


def test_a_peak_is_held_for_three_seconds(accounts: list[Polls]) -> None:
    at = accounts[0].before[0].at
    memory = Memory()
    for seconds, mtm, peak in (
        (0, 100.0, 0.0),
        (2, 300.0, 0.0),
        (4, 200.0, 100.0),
        (6, 250.0, 200.0),
        (8, -9.0, 200.0),
    ):
        memory = memory.after(at + timedelta(seconds=seconds), mtm)
        assert memory.peak == peak


@pytest.fixture
def flat_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "BOOKS", (FLAT,))
    monkeypatch.setattr(cycle, "HOT", 2)


@pytest.mark.usefixtures("flat_only")
def test_a_run_tells_ratios_and_where_the_time_goes() -> None:
    whole, parts = cycle.tables(TINY)
    assert whole.wrong == ()
    assert {row["name"] for row in whole.rows} >= {cycle.BY_HAND_JSON, *map(cycle.ours, cycle.WAYS)}
    assert "goal" in text_of(whole)
    assert {row["size"] for row in parts.rows} == set(cycle.WAYS)


@pytest.mark.usefixtures("flat_only")
def test_without_orjson_the_rest_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "installed", lambda _name: None)
    whole, _ = cycle.tables(TINY)
    ratios = {row["name"]: row["ratio"] for row in whole.rows}
    assert "orjson is not installed" in whole.notes
    assert ratios[cycle.BY_HAND_JSON] == 1
    assert cycle.BY_HAND not in ratios


@pytest.mark.usefixtures("flat_only")
def test_a_side_that_is_wrong_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "simple_evals", lambda _loaded: [cycle.Side("silent", lambda _asked: {"none"})])
    whole, _ = cycle.tables(TINY)
    assert whole.wrong == ("silent differs on 5 of 5 accounts",)
