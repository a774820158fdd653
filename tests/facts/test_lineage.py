"""Stop-losses on sold options by lineage: what is one, what only looks like one, and what cannot be told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.enums import OrderStatus, OrderType
from engine.domain.values import Unknown
from engine.facts.lineage import judge, stop_hits, was_stop
from tests.facts.build import (
    CE,
    NOT_READ,
    NOW,
    after,
    at,
    bounds,
    d,
    fact,
    fill,
    leg,
    option,
    order,
    snapshot,
    view,
)
from tests.facts.stop_cases import (
    BUY,
    CARRIED,
    HIT,
    HITS,
    LIMIT,
    NOT_HITS,
    SALE,
    SELL,
    SOLD,
    STOPPED,
    UNDECIDED,
    Case,
    plain,
)


def seen_in(case: Case, **demands: Any) -> Any:
    return view(snapshot(case.legs, case.orders, case.fills), memory=case.memory, **demands)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in HITS.items()])
def test_a_stop_loss_hit(case: Case) -> None:
    seen = seen_in(case)
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss_hits", seen) == d(1)
    assert fact("stop_loss.order_id", seen) == "S1"


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in NOT_HITS.items()])
def test_a_look_alike_does_not_hit(case: Case) -> None:
    seen = seen_in(case)
    assert fact("stop_loss_hit", seen) is False
    assert fact("stop_loss_hits", seen) == d(0)
    assert fact("stop_loss.order_id", seen) == Unknown(("no stop-loss has filled today",))


@pytest.mark.parametrize(("case", "cause"), [pytest.param(*pair, id=name) for name, pair in UNDECIDED.items()])
def test_missing_evidence_is_unknown_and_named(case: Case, cause: str) -> None:
    seen = seen_in(case)
    value = fact("stop_loss_hit", seen)
    assert isinstance(value, Unknown)
    assert cause in value.causes
    assert isinstance(fact("stop_loss_hits", seen), Unknown)
    assert isinstance(fact("stop_loss.symbol", seen), Unknown)


def test_the_evidence_is_kept() -> None:
    hit = stop_hits(view(plain()))[0]
    assert (hit.order_id, hit.symbol, hit.filled_at) == ("S1", CE.symbol, at("10:30:00"))
    assert (hit.quantity, hit.price, hit.share, hit.reduced) == (d(75), d(150), d(100), d(75))
    assert hit.evidence == "a stop by its type in the order book"


def test_the_facts_of_the_latest_hit() -> None:
    other = option(23000)
    later = [leg(other, sold=(150, 80), bought=(150, 120)), STOPPED]
    orders = [order(), order("S2", other, quantity=150, updated="10:45:00", average_price=d(121))]
    fills = [SOLD, HIT, fill("E2", SELL, 150, 80, "09:20:00", other), fill("S2", BUY, 150, 120, "10:45:00", other)]
    seen = view(snapshot(later, orders, fills))
    assert fact("stop_loss_hits", seen) == d(2)
    assert fact("stop_loss.symbol", seen) == other.symbol
    assert fact("stop_loss.filled_at", seen) == at("10:45:00")
    assert fact("stop_loss.quantity", seen) == d(150)
    assert fact("stop_loss.price", seen) == d(121)


def test_a_hit_without_a_price_still_hits() -> None:
    seen = view(snapshot([CARRIED], [order()], NOT_READ))
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss.price", seen) == Unknown(("fill price of order S1 not told",))


def test_a_part_fill_is_a_warning_until_it_reaches_the_policys_share() -> None:
    part = NOT_HITS["part fill below the share"]
    assert fact("stop_loss_partial", seen_in(part)) == d(1)
    low_enough = seen_in(part, stop_loss_share=d(30))
    assert fact("stop_loss_hit", low_enough) is True
    assert fact("stop_loss_partial", low_enough) == d(0)


def test_a_stop_larger_than_its_short_keeps_by_how_much_that_shrank() -> None:
    hit = stop_hits(seen_in(HITS["stop larger than the short it closed"]))[0]
    assert (hit.share, hit.quantity, hit.reduced) == (d(100), d(300), d(75))


def test_a_growing_fill_turns_the_warning_into_a_hit() -> None:
    first = snapshot(
        [leg(sold=(75, 100), bought=(25, 150), last=150)],
        [SALE, order(status=OrderStatus.PARTIALLY_FILLED, filled=25, updated="10:59:59")],
        [SOLD, fill("S1", BUY, 25, 150, "10:59:59")],
    )
    before = view(first)
    assert fact("stop_loss_hit", before) is False
    assert fact("stop_loss_partial", before) == d(1)
    rest = fill("S1", BUY, 50, 151, "11:00:01")
    full = after(plain(fills=[SOLD, fill("S1", BUY, 25, 150, "10:59:59"), rest]), 2)
    seen = view(full, memory=before.memory)
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss_partial", seen) == d(0)
    assert fact("stop_loss.filled_at", seen) == at("11:00:01")


@pytest.mark.parametrize("later", [
    pytest.param({"orders": NOT_READ}, id="orders not read"),
    pytest.param({"orders": []}, id="order gone from the book"),
    pytest.param({"legs": NOT_READ, "fills": NOT_READ}, id="positions and trades not read"),
])  # fmt: skip
def test_once_true_true_for_the_day(later: dict[str, Any]) -> None:
    memory = view(plain()).memory
    seen = view(after(plain(**later), 2), memory=memory)
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss.order_id", seen) == "S1"


def test_a_hit_does_not_live_into_the_next_day() -> None:
    memory = view(plain()).memory
    tomorrow = NOW + timedelta(days=1)
    session = replace(
        view(plain()).session, trading_date=date(2026, 11, 24), opens_at=at("09:15:00", date(2026, 11, 24))
    )
    seen = view(snapshot([], [order()], [], taken_at=tomorrow), memory=memory, session=session)
    assert seen.memory.stop_hits == ()
    assert fact("stop_loss_hit", seen) is False


def test_one_undecided_order_leaves_the_count_between() -> None:
    other = option(23000)
    seen = view(
        snapshot(
            [STOPPED, leg(other, sold=(75, 80), bought=(75, 120))],
            [SALE, order(), order("X1", other, type_=OrderType.UNKNOWN)],
            [SOLD, HIT, fill("E2", SELL, 75, 80, "09:20:00", other), fill("X1", BUY, 75, 120, "10:40:00", other)],
        )
    )
    assert fact("stop_loss_hit", seen) is True
    assert bounds(fact("stop_loss_hits", seen)) == (d(1), d(2))


def test_two_stops_that_fill_in_the_same_second_both_hit() -> None:
    halves = [order("S1"), order("S2")]
    fills = [fill("E1", SELL, 150, 100, "09:20:05"), HIT, fill("S2", BUY, 75, 151, "10:30:00")]
    seen = view(snapshot([leg(sold=(150, 100), bought=(150, 150))], halves, fills))
    assert fact("stop_loss_hits", seen) == d(2)


def test_was_stop_remembers_a_stop_an_earlier_reading_saw() -> None:
    waiting = order(status=OrderStatus.TRIGGER_PENDING, trigger_price=d(148))
    first = view(snapshot([leg(sold=(75, 100), last=90)], [SALE, waiting], [SOLD]))
    triggered = order(type_=LIMIT, trigger_price=d(148))
    seen = view(after(plain(orders=[SALE, triggered]), 2), memory=first.memory)
    assert was_stop(seen, triggered) is True
    assert fact("stop_loss_hit", seen) is True
    assert stop_hits(seen)[0].evidence == "seen as a stop in an earlier reading"


def test_a_sale_is_never_judged() -> None:
    assert judge(view(plain()), SALE) is None
