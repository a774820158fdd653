"""The rows `underlyings`: each with a leg carried or traded today, and the fields of one."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.domain.instrument import Instrument
from engine.domain.kinds import BOOL, MONEY, TEXT, count_of
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Order
from engine.domain.values import Unknown, Value, unknown
from engine.facts.base import FieldSpec, Part, RowSpec, Sign, View
from engine.facts.counting import at_least_zero, count_true
from engine.facts.functions import spot
from engine.facts.leg_set_fields import shared_fields
from engine.facts.leg_sets import By, LegSet, any_over, leg_sets, perhaps
from engine.facts.leg_values import expires_today
from engine.facts.parts import is_today, name_of, orders_of

_POSITIONS = frozenset({Part.POSITIONS})

Placed = tuple[Instrument, bool | Unknown]


def orders_today(view: View, one: LegSet) -> Value:
    """Return how many orders were placed today on an underlying; one whose symbol does not tell its own may count."""
    placed = _placed(view)
    if isinstance(placed, Unknown):
        return at_least_zero(placed)
    answers: list[Value] = [was for _, was in placed.get(one.underlying, ())] if one.underlying is not None else []
    for instrument, was in placed.get(None, ()):
        is_own = instrument.key == one.contract
        answers.append(was if is_own else perhaps(was, f"underlying of {name_of(instrument)} not known"))
    return count_true(answers)


def told_underlying(one: LegSet) -> Value:
    """Return the underlying's name; Unknown where the contract's symbol does not tell it."""
    if one.underlying is not None:
        return one.underlying
    return unknown(f"underlying of {':'.join(one.contract or ())} not known")


def is_blocked(view: View, one: LegSet) -> Value:
    """Return whether an enforced block of entries is about an underlying; Unknown where it may be about another."""
    about = {block.underlying for block in view.blocks if block.is_enforced}
    if one.underlying is None and about and None not in about:
        return told_underlying(one)
    return None in about or one.underlying in about


def _placed(view: View) -> Mapping[str | None, list[Placed]] | Unknown:
    found: Mapping[str | None, list[Placed]] | Unknown = view.settled("placed by underlying", _all_placed)
    return found


def _all_placed(view: View) -> Mapping[str | None, list[Placed]] | Unknown:
    orders = orders_of(view)
    if isinstance(orders, Unknown):
        return orders
    found: dict[str | None, list[Placed]] = {}
    for order in orders:
        found.setdefault(order.instrument.underlying, []).append((order.instrument, _was_placed(view, order)))
    return found


def _was_placed(view: View, order: Order) -> bool | Unknown:
    at = order.placed_at
    return unknown(f"when order {order.id} was placed is not known") if at is None else is_today(view, at)


UNDERLYING_FIELDS = (
    FieldSpec(
        name="name",
        type=TEXT,
        doc="The underlying's name; unknown for a contract whose symbol does not tell it.",
        path="underlying",
        compute=lambda _, one: told_underlying(one),
        needs=_POSITIONS,
        example="any(u.name == 'NIFTY' and u.short_lots > 20 for u in underlyings)",
    ),
    *shared_fields("underlyings"),
    FieldSpec(
        name="expires_today",
        type=BOOL,
        doc="Whether a contract of it that was carried, held or traded today expires on the trading date; of a "
        "contract that names only its month the exchange's rule tells the day.",
        compute=lambda view, one: any_over(view, one, expires_today),
        needs=_POSITIONS | {Part.CLOCK},
        example="any(u.expires_today and u.short_lots > 20 for u in underlyings)",
    ),
    FieldSpec(
        name="spot",
        type=MONEY,
        doc="The price of the underlying itself, from its quote.",
        compute=lambda view, one: told_underlying(one) if one.underlying is None else spot(view, one.underlying),
        needs=frozenset({Part.QUOTES}),
        example="any(u.spot < 24_000 and u.short_puts > 0 for u in underlyings if u.name == 'NIFTY')",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="orders_today",
        type=count_of("orders"),
        doc="How many orders were placed on it today, whatever became of them.",
        compute=orders_today,
        needs=_POSITIONS | {Part.ORDERS},
        example="any(u.orders_today > 100 for u in underlyings)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="is_blocked",
        type=BOOL,
        doc="Whether an enforced block of entries is about it, its own or one of every underlying.",
        compute=is_blocked,
        needs=frozenset({Part.LINK}),
        example="any(u.is_blocked and u.short_lots > 0 for u in underlyings)",
    ),
)

UNDERLYING_ROWS = (
    RowSpec(
        plural="underlyings",
        singular="underlying",
        doc="One row for each underlying of which a leg was carried or traded today. A contract whose symbol does not "
        "tell its underlying may belong to any of them, and may make one of its own: what it adds is not certain.",
        rows=lambda view: leg_sets(view, By.UNDERLYING),
        key=lambda one: one.key,
        needs=_POSITIONS,
        fields=MappingProxyType({field.name: field for field in UNDERLYING_FIELDS}),
        latches=("day", "week"),
        may_doubt=True,
    ),
)
