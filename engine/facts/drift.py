"""Our mark-to-market against the broker's own figure, per leg and for the account; it reports and decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.domain.numbers import CONTEXT, ONE
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, total, unknown
from engine.facts.base import View
from engine.facts.mark import believable
from engine.facts.parts import funds_of, legs_of, name_of
from engine.facts.pnl import mtm_at

# Brokers round each leg to the paisa before they send it; what is within that rounding says nothing.
TOLERANCE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Drift:
    """
    One figure on which the broker and the engine differ.

    scope: `leg` or `account`. name: `EXCHANGE:SYMBOL (PRODUCT)` or the account's id. difference: ours − reported.
    """

    scope: str
    name: str
    ours: Decimal
    reported: Decimal
    difference: Decimal


def drift(view: View) -> tuple[Drift, ...]:
    """
    Return the figures that differ by more than a paisa a leg, legs first, then the account.

    Ours is computed at the row's own last price, the one the broker used, not at our mark. What either side does not
    know is not compared; unread positions compare nothing.
    """
    legs = legs_of(view)
    if isinstance(legs, Unknown):
        return ()
    own = [(leg, _at_last_price(leg)) for leg in legs]
    return (*_of_legs(own), *_of_account(view, own))


def _of_legs(own: Iterable[tuple[Leg, Value]]) -> Iterable[Drift]:
    for leg, ours in own:
        yield from _beyond("leg", f"{name_of(leg.instrument)} ({leg.product})", ours, leg.reported_mtm, TOLERANCE)


def _of_account(view: View, own: list[tuple[Leg, Value]]) -> Iterable[Drift]:
    funds = funds_of(view)
    if not isinstance(funds, Unknown):
        ours = total(value for _, value in own)
        tolerance = CONTEXT.multiply(TOLERANCE, max(ONE, Decimal(len(own))))
        yield from _beyond("account", view.account.id, ours, funds.reported_mtm, tolerance)


def _at_last_price(leg: Leg) -> Value:
    price = believable(leg.instrument, leg.last_price)
    return mtm_at(leg, unknown(f"no last price of {name_of(leg.instrument)}") if price is None else price)


def _beyond(scope: str, name: str, ours: Value, reported: Decimal | None, tolerance: Decimal) -> Iterable[Drift]:
    if isinstance(ours, Decimal) and reported is not None:
        difference = CONTEXT.subtract(ours, reported)
        if difference.copy_abs() > tolerance:
            yield Drift(scope, name, ours, reported, difference)
