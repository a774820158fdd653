"""How many positions in a row lost: each closing of the day by its trades, newest first, on the day's own basis."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from engine.domain.kinds import count_of
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Fill, Leg
from engine.domain.values import Unknown, Value, interval, merge_causes, multiply, negative, subtract
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.counting import at_least_zero, holds
from engine.facts.parts import fills_of, legs_of, name_of
from engine.facts.path import trades_of, walk
from engine.facts.pnl import opening_value

_FIRST = datetime.min.replace(tzinfo=UTC)
# When a position ended, with what tells apart those that ended in one instant; and what it made.
Closing = tuple[tuple[datetime, int, str], Value]


def losing_streak(view: View) -> Value:
    """
    Return how many of the positions closed today lost, one after the other up to the newest.

    A carried position counts from the previous settlement. Unknown, at least 0, while the trades are, and where they
    do not tell the day of a contract that may have been closed.
    """
    legs, fills = legs_of(view), fills_of(view)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    if isinstance(fills, Unknown):
        return at_least_zero(fills) if any(map(_may_have_closed, legs)) else ZERO
    untold = [leg for leg in legs if _may_have_closed(leg) and walk(view, leg) is None]
    if untold:
        names = ", ".join(name_of(leg.instrument) for leg in untold)
        return Unknown((f"the trades do not tell the day of {names}",), ZERO, None)
    closings = [closing for leg in legs if _may_have_closed(leg) for closing in _closings(view, leg)]
    return _streak(sorted(closings, key=lambda one: one[0], reverse=True))


def _streak(closings: Iterable[Closing]) -> Value:
    sure = most = 0
    open_: list[Unknown] = []
    for _, made in closings:
        lost = holds("<", made, ZERO)
        if lost is False:
            break
        most += 1
        if isinstance(lost, Unknown):
            open_.append(lost)
        elif not open_:
            sure += 1
    return interval(Decimal(sure), Decimal(most), merge_causes(open_))


def _may_have_closed(leg: Leg) -> bool:
    long = leg.opening_quantity > ZERO or leg.day_buy_quantity > ZERO
    short = leg.opening_quantity < ZERO or leg.day_sell_quantity > ZERO
    return long and short


def _closings(view: View, leg: Leg) -> Iterable[Closing]:
    net = leg.opening_quantity
    made = negative(opening_value(leg))
    for fill in trades_of(view, leg):
        signed = CONTEXT.multiply(fill.quantity, fill.side.sign)
        after = CONTEXT.add(net, signed)
        turns = net != ZERO and (after == ZERO or (after > ZERO) != (net > ZERO))
        if turns:
            yield _stamp(fill), subtract(made, _worth(leg, CONTEXT.minus(net), fill.price))
            made = negative(_worth(leg, after, fill.price))
        else:
            made = subtract(made, _worth(leg, signed, fill.price))
        net = after


def _worth(leg: Leg, signed: Decimal, price: Decimal) -> Value:
    return multiply(CONTEXT.multiply(signed, leg.factor), price)


def _stamp(fill: Fill) -> tuple[datetime, int, str]:
    return fill.filled_at or _FIRST, len(fill.id), fill.id


STREAK_FACTS = (
    FactSpec(
        name="losing_streak",
        type=count_of("positions"),
        doc="How many positions closed today lost, one after the other up to the newest; a carried one counts from the "
        "previous settlement, charges excluded. One that broke even or won ends the streak.",
        example="losing_streak >= 5",
        compute=losing_streak,
        needs=frozenset({Part.POSITIONS, Part.FILLS}),
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)
