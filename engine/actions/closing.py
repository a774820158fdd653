"""From one exit action and a book to target quantities: which legs, how much of each, in whole lots."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import product
from typing import Any, Final, Protocol

from engine.actions.base import Arguments, Measure, Unit
from engine.actions.targets import Target, Targets, Undecided, key_of
from engine.domain.enums import InstrumentKind
from engine.domain.numbers import CONTEXT, HUNDRED, ONE, ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, bounds, merge_causes, multiply

# What the brokers call products that are closed the same day; a share held under any other is delivery.
_INTRADAY: Final = frozenset({"MIS", "INTRADAY", "CO", "BO"})
_CASH: Final = frozenset({InstrumentKind.EQUITY, InstrumentKind.INDEX})


class ExitBook(Protocol):
    """What exits are sized from: the legs of one account at one instant, and what the facts say of each."""

    def legs(self) -> tuple[Leg, ...] | Unknown:
        """Return the open legs."""
        ...

    def this(self) -> Leg | Unknown:
        """Return the leg the rule is about."""
        ...

    def naked(self, leg: Leg) -> Value:
        """Return the sold units of an option that nothing covers; zero for anything else."""
        ...

    def is_hedge(self, leg: Leg) -> bool | Unknown:
        """Return whether a leg is a bought option where an option is sold, or was today."""
        ...

    def chosen(self, where: Any, leg: Leg, naked: Value | None) -> bool | Unknown:
        """
        Return whether a condition chooses a leg.

        naked: None for the leg as it is; else for that part of it of which so many units are naked.
        """
        ...

    def price(self, leg: Leg) -> Value:
        """Return what one unit is worth."""
        ...

    def loss(self, leg: Leg) -> Value:
        """Return the leg's loss of the day."""
        ...


@dataclass(frozen=True, slots=True)
class _Closing:
    """How many units of a leg an action is about. certain, possible: at least and at most. causes: of the doubt."""

    leg: Leg
    certain: Decimal
    possible: Decimal
    causes: tuple[str, ...] = ()

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        if self.certain == self.possible:
            return ()
        return (Undecided(key_of(self.leg), "; ".join(self.causes) or "whether it is meant is not known"),)


def targets_of(name: str, arguments: Arguments, book: ExitBook) -> Targets:
    """
    Return the targets of `exit_position`, `square_off` or `reduce` on a book; a book that is Unknown leaves all open.

    Legs keep their side and only shrink. Delivery is touched only where it is included.
    """
    if name == "exit_position":
        leg = book.this()
        return _nothing_known(leg) if isinstance(leg, Unknown) else _exits((_Closing(leg, *_both(_size(leg))),))
    legs = book.legs()
    if isinstance(legs, Unknown):
        return _nothing_known(legs)
    closings = tuple(one for leg in legs if (one := _closing(leg, arguments, book)) is not None)
    return _reduced(closings, arguments, book) if name == "reduce" else _exits(closings)


def is_delivery(leg: Leg) -> bool:
    """Return whether a leg is a holding, or sold out of one: a share that no product closes the same day."""
    return leg.instrument.kind in _CASH and leg.product.upper() not in _INTRADAY


def _nothing_known(cause: Unknown) -> Targets:
    return Targets(undecided=(Undecided((), cause.cause),))


def _both(units: Decimal) -> tuple[Decimal, Decimal]:
    return units, units


def _size(leg: Leg) -> Decimal:
    return leg.net_quantity.copy_abs()


# -- which legs, and how much of each ---------------------------------------------------------------------------------


def _closing(leg: Leg, arguments: Arguments, book: ExitBook) -> _Closing | None:
    """Return what an action means of a leg, None for nothing of it."""
    if not leg.is_open or (is_delivery(leg) and arguments.get("include") != "delivery"):
        return None
    kind = _is_of_kind(leg, arguments.get("what", "all"), book)
    if kind is False:
        return None
    found = _chosen(leg, arguments.get("where"), book)
    if isinstance(kind, Unknown):
        found = _Closing(leg, ZERO, found.possible, (*kind.causes, *found.causes))
    return found if found.possible else None


def _is_of_kind(leg: Leg, what: str, book: ExitBook) -> bool | Unknown:
    if what == "hedges":
        return book.is_hedge(leg)
    return leg.is_short if what == "shorts" else True


def _chosen(leg: Leg, where: Any, book: ExitBook) -> _Closing:
    size = _size(leg)
    if where is None:
        return _Closing(leg, *_both(size))
    naked = book.naked(leg)
    fewest, most = _within(naked, size)
    if fewest == most and fewest in (ZERO, size):
        answer = book.chosen(where, leg, None)
        causes = merge_causes((answer,))
        return _Closing(leg, size if answer is True else ZERO, ZERO if answer is False else size, causes)
    # Part of it may be covered: asked once for the naked part and once for the rest.
    bare, rest = book.chosen(where, leg, naked), book.chosen(where, leg, ZERO)
    sizes = [
        CONTEXT.add(units if first else ZERO, CONTEXT.subtract(size, units) if second else ZERO)
        for units, first, second in product((fewest, most), _truths(bare), _truths(rest))
    ]
    return _Closing(leg, min(sizes), max(sizes), merge_causes((bare, rest, naked)))


def _within(units: Value, size: Decimal) -> tuple[Decimal, Decimal]:
    low, high = bounds(units)
    return max(ZERO, low or ZERO), size if high is None else min(high, size)


def _truths(answer: bool | Unknown) -> tuple[bool, ...]:
    return (True, False) if isinstance(answer, Unknown) else (answer,)


# -- how much ---------------------------------------------------------------------------------------------------------


def _exits(closings: Iterable[_Closing]) -> Targets:
    """Return the targets that close what is certain, and name what is not."""
    given = tuple(closings)
    legs = tuple(sorted(_target(one.leg, one.certain) for one in given if one.certain))
    return Targets(legs, tuple(sorted(open_ for one in given for open_ in one.undecided)))


def _reduced(closings: tuple[_Closing, ...], arguments: Arguments, book: ExitBook) -> Targets:
    certain = tuple(one for one in closings if one.certain)
    # A leg that may be meant could have been the one to pick: it is named, and does not hold up what is certain.
    open_ = [undecided for one in closings for undecided in one.undecided]
    if arguments["pick"] != "all":
        measure = {"largest margin": _margin, "largest loss": _loss}[arguments["pick"]]
        certain, doubts = _largest([(one, measure(one, book)) for one in certain])
        open_ += doubts
    legs: list[Target] = []
    for one in certain:
        units = _portion(one, arguments["by"])
        if units is None:
            open_.append(Undecided(key_of(one.leg), f"lot size of {one.leg.instrument.symbol} not known"))
        else:
            legs.append(_target(one.leg, min(units, one.certain)))
    return Targets(tuple(sorted(legs)), tuple(sorted(set(open_))))


def _largest(measured: list[tuple[_Closing, Value]]) -> tuple[tuple[_Closing, ...], list[Undecided]]:
    """Return the leg whose certain measure is the largest, and those that may be larger; of equals the first by key."""
    ranked = sorted(measured, key=lambda pair: (CONTEXT.minus(_least(pair[1])), key_of(pair[0].leg)))
    if not ranked:
        return (), []
    (first, most), *others = ranked
    least = _least(most)
    doubts = [
        Undecided(key_of(one.leg), "; ".join(value.causes))
        for one, value in (others if least > ZERO else ranked)
        if isinstance(value, Unknown) and (value.high is None or value.high > least)
    ]
    return ((first,) if least > ZERO else ()), doubts


def _least(value: Value) -> Decimal:
    low = bounds(value)[0]
    return ZERO if low is None else max(ZERO, low)


def _margin(one: _Closing, book: ExitBook) -> Value:
    """Return what stands for the margin of a leg: short quantity × strike, × price for futures; a long takes none."""
    leg = one.leg
    units = CONTEXT.multiply(one.certain, leg.factor)
    if leg.instrument.kind is InstrumentKind.FUTURE:
        return multiply(units, book.price(leg))
    if not leg.is_short:
        return ZERO
    strike = leg.instrument.strike
    if strike is not None:
        return CONTEXT.multiply(units, strike)
    if leg.instrument.kind in _CASH:
        return multiply(units, book.price(leg))
    return Unknown((f"strike of {leg.instrument.symbol} not known",), ZERO, None)


def _loss(one: _Closing, book: ExitBook) -> Value:
    return book.loss(one.leg)


def _portion(one: _Closing, by: Measure) -> Decimal | None:
    """Return the units of a share, at least one; None where lots are asked for and their size is not known."""
    if by.unit is Unit.LOTS:
        lot = _lot(one.leg)
        return None if lot is None else CONTEXT.multiply(by.value, lot)
    return CONTEXT.divide(CONTEXT.multiply(one.certain, by.value), HUNDRED)


def _target(leg: Leg, units: Decimal) -> Target:
    """Return the target after so many units are closed, rounded up to whole lots and never more than there are."""
    size, lot = _size(leg), _lot(leg) or ONE
    lots = CONTEXT.divide(units, lot).to_integral_value(ROUND_CEILING, CONTEXT)
    left = CONTEXT.subtract(size, min(size, CONTEXT.multiply(lots, lot)))
    return Target(key_of(leg), leg.net_quantity, left if leg.net_quantity > ZERO else CONTEXT.minus(left))


def _lot(leg: Leg) -> Decimal | None:
    size = leg.instrument.lot_size
    if size is not None and size > ZERO:
        return size
    return ONE if leg.instrument.kind in _CASH else None
