"""
Prices over a day, as a trader tells them: `09:15 101.5, 10:00 110 → 10:30 130`.

A time with a price is a step: the price is that from then on, however far it jumps. An arrow before it is a ramp from
the price before. `no bids` or `no offers` after a price leaves that side empty until the next price.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from engine.domain.numbers import CONTEXT, exact, rounded
from engine.sim.exchange.setup import Tick
from engine.sim.exchange.words import Contract
from engine.sim.scenario.day import TIME, Day

_PRICE: Final = r"\d+(\.\d+)?"
_POINT: Final = rf"{TIME} +{_PRICE}( +no +(bids|offers))?"
_ARROW: Final = r"(→|->)"
PRICES: Final = rf"^ *{_POINT}( *(,|{_ARROW}) *{_POINT})* *$"

_STEP = re.compile(
    rf" *(?P<join>,|{_ARROW})? *(?P<at>{TIME}) +(?P<price>{_PRICE})(?: +no +(?P<without>bids|offers))? *"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A price at an instant. is_ramp: it is reached evenly from the one before. without: the side that is empty."""

    at: datetime
    price: Decimal
    is_ramp: bool = False
    without: str = ""


def points_of(text: str, day: Day) -> tuple[Point, ...]:
    """Return the points of a path in order of time. Raises: ValueError when it is none, or goes back in time."""
    points: list[Point] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or bool(found["join"]) is not bool(points):
            shown = text[at : at + 30].strip()
            raise ValueError(
                f"prices cannot be read from '{shown}' on; write them like 09:15 101.5, 10:00 110 → 10:30 130"
            )
        joined = found["join"] or ","
        point = Point(day.at(found["at"]), exact(found["price"]), joined != ",", found["without"] or "")
        if not point.price:
            raise ValueError(f"the price at {found['at']} is nought; a market stands above it")
        if points and point.at <= points[-1].at:
            raise ValueError(f"{found['at']} does not come after the time before it; prices stand in order of time")
        points.append(point)
        at = found.end()
    if not points:
        raise ValueError("prices are empty; write them like 09:15 101.5, 10:00 110 → 10:30 130")
    return tuple(points)


def ticks_of(contract: Contract, points: tuple[Point, ...], every: timedelta) -> Iterator[Tick]:
    """Yield the ticks of a contract: one at each point, and on a ramp one as often as `every`."""
    yield _tick(contract, points[0].at, points[0].price, points[0].without)
    for before, point in pairwise(points):
        if point.is_ramp:
            yield from _between(contract, before, point, every)
        yield _tick(contract, point.at, point.price, point.without)


def _between(contract: Contract, before: Point, point: Point, every: timedelta) -> Iterator[Tick]:
    span = point.at - before.at
    for number in range(1, -(-span // every)):
        gone = CONTEXT.divide(Decimal(number * (every // _UNIT)), Decimal(span // _UNIT))
        price = CONTEXT.add(before.price, CONTEXT.multiply(CONTEXT.subtract(point.price, before.price), gone))
        yield _tick(contract, before.at + number * every, price, before.without)


_UNIT = timedelta(milliseconds=1)


def _tick(contract: Contract, at: datetime, price: Decimal, without: str) -> Tick:
    ticks = rounded(CONTEXT.divide(price, contract.tick_size), 0)
    return Tick(
        at=at,
        key=contract.key,
        last_price=CONTEXT.multiply(ticks, contract.tick_size),
        bids=() if without == "bids" else None,
        asks=() if without == "offers" else None,
        volume=contract.lot_size,
    )
