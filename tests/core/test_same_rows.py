"""A book whose rows are the very objects of the reading before is judged as one with equal rows, and sooner."""

from dataclasses import replace
from decimal import Decimal
from operator import is_
from random import Random
from typing import Any

import pytest

from engine.core.reconcile import ReconcileState, reconcile
from engine.domain.enums import InstrumentKind, OrderStatus
from engine.domain.snapshot import Book, Missing, Quote, Snapshot
from tests.core.test_reconcile import CALL, PUT, SPOT, at, fill, leg, order

# Five seconds before midnight in India.
NIGHT = 14 * 3600 + 1800 - 5
SHARE = replace(CALL, symbol="INFY", kind=InstrumentKind.EQUITY)
SOLD, BACK = fill(1, -150), fill(2, 75, order_id="2")
LEGS: tuple[tuple[Any, ...], ...] = (
    (),
    (leg(-150, last_price=Decimal(100)),),
    (leg(-150, last_price=Decimal(300)), leg(-75, opening=-75, of=PUT)),
    (leg(-75, day_buy_quantity=Decimal(75), day_sell_quantity=Decimal(150)), leg(5, of=SHARE)),
    (leg(-150, product="MIS"),),
    (leg(-150, opening=-150), leg(0, of=PUT)),
    (leg(-150, day_sell_quantity=Decimal(75)),),
    (leg(-150, opening=-150, last_price=Decimal(100)), leg(-150, opening=-150, last_price=Decimal(300))),
)
ORDERS: tuple[tuple[Any, ...], ...] = (
    (),
    (order(1),),
    (replace(order(1, 150, OrderStatus.FILLED), placed_at=at(0)),),
    (replace(order(1, 150, OrderStatus.FILLED), placed_at=at(0)), order(2)),
)
FILLS: tuple[tuple[Any, ...], ...] = (
    (), (SOLD,), (SOLD, BACK), (replace(SOLD, filled_at=None),),
    (fill(1, -75),), (fill(1, -75, filled_at=at(NIGHT + 6)),),
)  # fmt: skip
NIFTY = Quote(*SPOT, Decimal(24000))
QUOTES: tuple[tuple[Any, ...], ...] = (
    (),
    (NIFTY,),
    *((Quote("NFO", CALL.symbol, price), NIFTY) for price in (None, Decimal(100), Decimal(300))),
)


def day(seed: int) -> list[Snapshot]:
    """Readings of which most books show the rows they showed before; some were read late, some calls failed."""
    random = Random(seed)
    pools = [random.sample(pool, random.randint(1, len(pool))) for pool in (LEGS, ORDERS, FILLS, QUOTES)]
    seconds, readings = random.choice((0, 0, NIGHT)), []
    books = [random.choice(pool) for pool in pools]
    for _ in range(random.randint(2, 9)):
        seconds += random.choice((0, 2, 2, 2, 2, 20))
        books = [random.choice(pool) if random.random() < 0.3 else old for pool, old in zip(pools, books, strict=True)]
        parts: list[Any] = [Book(rows, at(seconds - random.choice((0,) * 8 + (1, 3)))) for rows in books]
        parts = [Missing("no answer") if random.random() < 0.06 else part for part in parts]
        readings.append(Snapshot("A1", at(seconds), *parts[:3], Missing("not read"), parts[3]))
    return readings


def copied(snapshot: Snapshot) -> Snapshot:
    """The same reading with rows that are equal and no object of another reading."""
    parts = {name: getattr(snapshot, name) for name in ("positions", "orders", "fills", "quotes")}
    copies = {
        name: part if isinstance(part, Missing) else replace(part, rows=tuple(replace(row) for row in part.rows))
        for name, part in parts.items()
    }
    return replace(snapshot, **copies)


def judged(readings: list[Snapshot]) -> list[tuple[Snapshot, ReconcileState]]:
    results: list[tuple[Snapshot, ReconcileState]] = []
    believed, state = None, ReconcileState()
    for one in readings:
        believed, state = reconcile(believed, one, state)
        results.append((believed, state))
    return results


@pytest.mark.parametrize("first", range(0, 4000, 500))
def test_shared_rows_equal_rows_and_rows_judged_anew_are_judged_alike(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(first, first + 500):
        readings = day(seed)
        copies = [copied(one) for one in readings]
        shared, equal = judged(readings), judged(copies)
        with monkeypatch.context() as patch:
            patch.setattr("engine.core.reconcile.same_marks", is_)
            anew = judged(copies)
        assert shared == equal == anew, seed


def test_of_a_book_that_did_not_change_nothing_is_made_anew() -> None:
    rows = LEGS[1], ORDERS[3], FILLS[1]

    def reading(seconds: int) -> Snapshot:
        parts = [Book(one, at(seconds)) for one in rows]
        return Snapshot("A1", at(seconds), *parts, Missing("not read"), Missing("not read"))  # type: ignore[arg-type]

    (first, before), (second, after) = judged([reading(0), reading(2)])
    assert (first, second) == (reading(0), reading(2))
    assert after.evidence is before.evidence
    assert after.positions.believed is before.positions.believed
    assert after.orders.believed is before.orders.believed
    assert after.positions.believed_at == at(2)


def test_rows_of_another_reading_than_the_state_tells_of_are_judged_anew() -> None:
    readings = [
        Snapshot("A1", at(n), Book(rows, at(n)), Missing("no"), Missing("no"), Missing("no"), Missing("no"))
        for n, rows in ((0, LEGS[6]), (2, LEGS[1]), (4, LEGS[6]))
    ]
    *_, (_, state) = judged(readings[:2])
    believed, _ = reconcile(readings[0], readings[2], state)
    assert isinstance(believed.positions, Missing)
