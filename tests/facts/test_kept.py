"""What is kept from one view to the next is what the next would have found, whatever the time in between."""

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.enums import OrderStatus, Side
from engine.domain.snapshot import Missing, Snapshot
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.catalogue import CATALOGUE
from engine.facts.drift import drift
from tests.facts.build import (
    CE,
    DEPTH,
    LAST,
    NOT_READ,
    NOW,
    after,
    at,
    d,
    fact,
    fill,
    leg,
    option,
    order,
    quote,
    snapshot,
    view,
)

OTHER = option(24500)
OPEN = leg(sold=(75, 100), last=180)
SOLD = fill("E1", Side.SELL, 75, 100, "09:20:05")
CARRIED = leg(opening=-150, settled=100, bought=(50, 120), last=180)
UNSTAMPED = order(updated=None, filled=50)
FROZEN = [
    quote(last=180, bid=179, ask=181, as_of=at("10:58:00")),
    quote(option(24500), last=50, bid=49, ask=51, as_of=NOW.replace(second=3)),
]

BOOKS = [
    pytest.param(LAST, snapshot([OPEN], [order()], [SOLD]), {}, id="a stop that filled"),
    pytest.param(LAST, snapshot([OPEN], [order(status=OrderStatus.TRIGGER_PENDING)]), {}, id="a stop that waits"),
    pytest.param(LAST, snapshot([OPEN], [order(status=OrderStatus.NEW)], NOT_READ), {}, id="a stop that rests"),
    pytest.param(LAST, snapshot([CARRIED], [order(updated=None)], NOT_READ), {}, id="a fill without a stamp"),
    pytest.param(
        LAST, snapshot([CARRIED], [UNSTAMPED], NOT_READ), {"stop_loss_share": d(50)}, id="a part without a stamp"
    ),
    pytest.param(LAST, snapshot([leg(last=180), leg(option(24500), sold=(75, 9))]), {}, id="no last price"),
    pytest.param(LAST, snapshot([OPEN], doubted=((OPEN.key, "it jumped"),)), {}, id="a doubted price"),
    pytest.param(LAST, snapshot(NOT_READ, NOT_READ, NOT_READ, NOT_READ), {}, id="nothing read"),
    pytest.param(DEPTH, snapshot([OPEN], [order()], [SOLD], [quote(last=180, bid=179, ask=181)]), {}, id="depth"),
    pytest.param(DEPTH, snapshot([OPEN], quotes=FROZEN), {}, id="a frozen quote beside one ahead of its answer"),
]


def everything(seen: View) -> dict[Any, Any]:
    """Every fact, every field of every row, and the drift."""
    found: dict[Any, Any] = {name: spec.compute(seen) for name, spec in CATALOGUE.facts.items()}
    for plural, spec in CATALOGUE.rows.items():
        rows = spec.rows(seen)
        found[plural] = rows
        for row in () if isinstance(rows, Unknown) else rows:
            found |= {(plural, spec.key(row), name): one.compute(seen, row) for name, one in spec.fields.items()}
    found["drift"] = drift(seen)
    return found


def next_view(seen: View, seconds: int) -> View:
    """The view of the very same rows, read again later, with the same day in memory."""
    again: Snapshot = after(seen.snapshot, seconds)
    memory = replace(seen.memory, observed_at=again.taken_at)
    return View(seen.account, again, memory, seen.session, again.taken_at, seen.demands)


def carried(later: View, **values: dict[Any, Any]) -> View:
    """The same view with nothing worked out but what it is given."""
    nothing: dict[str, Any] = {"cache": {}, "kept_values": {}, "settled_values": {}, "held_values": {}}
    return replace(later, **nothing | values)


@pytest.mark.parametrize("seconds", [1, 2, 5])
@pytest.mark.parametrize(("account", "reading", "demands"), BOOKS)
def test_what_was_kept_is_what_would_be_found(
    account: Any, reading: Snapshot, demands: dict[str, Any], seconds: int
) -> None:
    seen = view(reading, account, **demands)
    everything(seen)
    assert seen.kept_values
    later = next_view(seen, seconds)
    kept = carried(
        later, kept_values=seen.kept_values, settled_values=seen.settled_values, held_values=seen.held_values
    )
    assert everything(kept) == everything(later)


@pytest.mark.parametrize(("account", "reading", "demands"), BOOKS)
def test_what_was_settled_is_what_would_be_found_at_other_prices(
    account: Any, reading: Snapshot, demands: dict[str, Any]
) -> None:
    seen = view(reading, account, **demands)
    everything(seen)
    later = next_view(seen, 2)
    if not isinstance(later.snapshot.positions, Missing):
        rows = tuple(replace(row, last_price=d(7), reported_mtm=d(5)) for row in later.snapshot.positions.rows)
        positions = replace(later.snapshot.positions, rows=rows)
        later = replace(later, snapshot=replace(later.snapshot, positions=positions, quotes=NOT_READ, doubted=()))
    settled = carried(later, settled_values=seen.settled_values, held_values=seen.held_values)
    assert everything(settled) == everything(carried(later))


@pytest.mark.parametrize("orders", [NOT_READ, [], [order("N1", OTHER)], [order(status=OrderStatus.NEW, updated=None)]])
@pytest.mark.parametrize(("account", "reading", "demands"), BOOKS)
def test_what_was_held_is_what_would_be_found_with_other_orders(
    account: Any, reading: Snapshot, demands: dict[str, Any], orders: Any
) -> None:
    seen = view(reading, account, **demands)
    everything(seen)
    assert seen.held_values
    other = after(snapshot(NOT_READ, orders), 2).orders
    later = replace(next_view(seen, 2), snapshot=replace(after(seen.snapshot, 2), orders=other))
    memory = replace(later.memory, stops_seen=frozenset({"N1"}), stop_hits=(), tracks=())
    later = replace(later, memory=memory)
    assert everything(carried(later, held_values=seen.held_values)) == everything(carried(later))


def test_a_fill_without_a_stamp_is_dated_anew_until_it_is_remembered() -> None:
    seen = view(snapshot([CARRIED], [UNSTAMPED], NOT_READ), stop_loss_share=d(50))
    assert fact("stop_loss.filled_at", seen) == NOW
    later = next_view(seen, 2)
    assert fact("stop_loss.filled_at", replace(later, kept_values=seen.kept_values)) == later.now


def test_how_far_a_quote_lies_behind_is_asked_anew() -> None:
    seen = view(snapshot([OPEN], quotes=FROZEN), DEPTH)
    later = next_view(seen, 2)
    found = [fact("mtm", one) for one in (seen, replace(later, kept_values=seen.kept_values))]
    assert [one.cause for one in found] == [
        f"quote of NFO:{CE.symbol} is {span} behind the newest quote (limit 1m)" for span in ("2m", "2m2s")
    ]


def test_money_is_read_anew() -> None:
    seen = view(snapshot())
    assert isinstance(fact("margin_used", seen), Unknown)
    poorer = replace(next_view(seen, 2), kept_values=seen.kept_values)
    told = replace(poorer, snapshot=replace(poorer.snapshot, funds=Missing("no answer")))
    assert fact("margin_used", told).cause == "funds not read: no answer"
