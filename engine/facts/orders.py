"""Facts about an account's orders of the day: how many there are, and which stop-losses filled or rest unfilled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from engine.domain.enums import OrderStatus
from engine.domain.kinds import BOOL, INSTANT, MONEY, TEXT, count_of
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg, Order
from engine.domain.values import Unknown, Value, interval, merge_causes, unknown
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.counting import any_true, at_least_zero, counted
from engine.facts.coverage import is_sold_option, sold_options
from engine.facts.index import Orders
from engine.facts.lineage import stop_hits, undecided_stops
from engine.facts.memory import StopHit
from engine.facts.parts import Key, orders_of, placed_today, working_orders
from engine.facts.standing import rests_for, stops_by_contract

_UNKNOWN = OrderStatus.UNKNOWN
_REJECTED = OrderStatus.REJECTED
_MINUTE = timedelta(minutes=1)
_ORDERS = frozenset({Part.ORDERS})
_LINEAGE = frozenset({Part.ORDERS, Part.POSITIONS, Part.FILLS})


@dataclass(frozen=True, slots=True)
class _Statuses:
    """How many orders may still trade, how many were rejected, and those of which neither is known."""

    working: int
    rejected: int
    open_: tuple[Unknown, ...]


def is_working(order: Order) -> bool | Unknown:
    """Return whether an order may still trade; Unknown for a status we do not hold."""
    return status_unknown(order) if order.status is _UNKNOWN else order.is_working


def status_unknown(order: Order) -> Unknown:
    """Return why the status of an order is not known, with the broker's own word."""
    return unknown(f"status of order {order.id} is not known ({order.status_text or 'no word'})")


def stop_loss_hit(view: View) -> Value:
    """Return whether a stop-loss on a sold option has filled today; true stays true for the day."""
    if _full_hits(view):
        return True
    causes = merge_causes(_open_questions(view))
    return Unknown(causes) if causes else False


def stop_loss_hits(view: View) -> Value:
    """Return how many stop-losses on sold options have filled today."""
    return _hit_count(view, len(_full_hits(view)))


def stop_loss_partial(view: View) -> Value:
    """Return how many stop-losses have filled in part, below the share that counts as a hit."""
    return _hit_count(view, len(stop_hits(view)) - len(_full_hits(view)))


def stop_triggered_unfilled(view: View) -> Value:
    """Return whether a stop on an open sold option has triggered and rests unfilled."""
    sold = sold_options(view)
    return Unknown(sold.causes) if isinstance(sold, Unknown) else any_true(_rests(view).values())


def leg_stop_rests(view: View, leg: Leg) -> bool | Unknown:
    """Return whether a stop of this sold option has triggered and rests unfilled; no for anything else."""
    known = _rests(view).get(leg.key)
    if known is not None:
        return known
    sold = is_sold_option(leg)
    return False if sold is False else _stop_rests(view, leg, sold, stops_by_contract(view))


def _rests(view: View) -> Mapping[Key, bool | Unknown]:
    found: Mapping[Key, bool | Unknown] = view.settled("stop rests by leg", _all_rests)
    return found


def _all_rests(view: View) -> Mapping[Key, bool | Unknown]:
    legs, stops = sold_options(view), stops_by_contract(view)
    return {} if isinstance(legs, Unknown) else {leg.key: _stop_rests(view, leg, sold, stops) for leg, sold in legs}


def _stop_rests(view: View, leg: Leg, sold: bool | Unknown, stops: Orders | Unknown) -> bool | Unknown:
    if isinstance(stops, Unknown):
        return stops
    orders = stops.get(leg.instrument.key)
    if orders is None:
        return False
    rests = any_true([rests_for(view, order, leg) for order in orders])
    return sold if isinstance(sold, Unknown) and rests is True else rests


def latest_hit(view: View) -> StopHit | Unknown:
    """Return the stop-loss that filled last; Unknown when none has, or none is known to have."""
    hits = _full_hits(view)
    if hits:
        return hits[-1]
    causes = merge_causes(_open_questions(view))
    return Unknown(causes) if causes else unknown("no stop-loss has filled today")


def _full_hits(view: View) -> tuple[StopHit, ...]:
    return tuple(hit for hit in stop_hits(view) if hit.share >= view.demands.stop_loss_share)


def _open_questions(view: View) -> tuple[Unknown, ...]:
    orders = orders_of(view)
    return (orders,) if isinstance(orders, Unknown) else undecided_stops(view)


def _hit_count(view: View, known: int) -> Value:
    orders = orders_of(view)
    low = Decimal(known)
    if isinstance(orders, Unknown):
        return Unknown(orders.causes, low, None)
    questions = undecided_stops(view)
    return interval(low, Decimal(known + len(questions)), merge_causes(questions))


def open_orders(view: View) -> Value:
    """Return the number of orders that may still trade."""
    statuses = _statuses(view)
    return at_least_zero(statuses) if isinstance(statuses, Unknown) else counted(statuses.working, statuses.open_)


def rejections(view: View) -> Value:
    """Return the number of orders that were rejected."""
    statuses = _statuses(view)
    return at_least_zero(statuses) if isinstance(statuses, Unknown) else counted(statuses.rejected, statuses.open_)


def orders_today(view: View) -> Value:
    """Return the number of orders placed today."""
    orders = orders_of(view)
    if isinstance(orders, Unknown):
        return at_least_zero(orders)
    placed = placed_today(view)
    if all(placed):
        return Decimal(len(placed))
    open_ = [unknown(f"when order {order.id} was placed is not known") for order in orders if order.placed_at is None]
    return counted(sum(placed), open_)


def order_rate(view: View) -> Value:
    """Return how many orders were placed in the last minute; one without a stamp leaves it open upwards."""
    orders = orders_of(view)
    if isinstance(orders, Unknown):
        return at_least_zero(orders)
    since = view.now - _MINUTE
    stamps = [order.placed_at for order in orders]
    open_ = [unknown(f"when order {order.id} was placed is not known") for order in orders if order.placed_at is None]
    return counted(sum(at is not None and at > since for at in stamps), open_)


def _statuses(view: View) -> _Statuses | Unknown:
    found: _Statuses | Unknown = view.settled("statuses", _counted_statuses)
    return found


def _counted_statuses(view: View) -> _Statuses | Unknown:
    orders, working = orders_of(view), working_orders(view)
    if isinstance(orders, Unknown):
        return orders
    if isinstance(working, Unknown):
        return working
    open_ = [status_unknown(order) for order in working if order.status is _UNKNOWN]
    rejected = [order.status for order in orders].count(_REJECTED)
    return _Statuses(len(working) - len(open_), rejected, tuple(open_))


def _of_latest(pick: Callable[[StopHit], Value]) -> Callable[[View], Value]:
    def compute(view: View) -> Value:
        hit = latest_hit(view)
        return hit if isinstance(hit, Unknown) else pick(hit)

    return compute


def _price(hit: StopHit) -> Value:
    return hit.price if hit.price is not None else unknown(f"fill price of order {hit.order_id} not told")


ORDER_FACTS = (
    FactSpec(
        name="open_orders",
        type=count_of("orders"),
        doc="How many orders may still trade, stops that wait for their trigger included.",
        example="open_orders > 20",
        compute=open_orders,
        needs=_ORDERS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="orders_today",
        type=count_of("orders"),
        doc="How many orders were placed today, whatever became of them.",
        example="orders_today > 200",
        compute=orders_today,
        needs=_ORDERS,
        only_grows=True,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="order_rate",
        type=count_of("orders"),
        doc="How many orders were placed in the last 60 seconds, whatever became of them.",
        example="order_rate > 60",
        compute=order_rate,
        needs=_ORDERS | {Part.CLOCK},
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="rejections",
        type=count_of("orders"),
        doc="How many orders of today were rejected by the broker or the exchange.",
        example="rejections >= 5",
        compute=rejections,
        needs=_ORDERS,
        only_grows=True,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="stop_loss_hit",
        type=BOOL,
        doc="Whether a stop-loss order on a sold option has filled today: a buy stop on a contract that was sold when "
        "it was placed, and that it bought back. The share a policy asks for is that of each "
        "order, not of the short: a slice of an iceberg or a stop for a part of the short counts once it fills. Once "
        "true it stays true for the day.",
        example="loss >= 10k and stop_loss_hit",
        compute=stop_loss_hit,
        needs=_LINEAGE,
    ),
    FactSpec(
        name="stop_loss_hits",
        type=count_of("orders"),
        doc="How many stop-loss orders on sold options have filled today.",
        example="stop_loss_hits >= 3",
        compute=stop_loss_hits,
        needs=_LINEAGE,
        only_grows=True,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="stop_loss_partial",
        type=count_of("orders"),
        doc="How many stop-loss orders on sold options have filled in part only, below the share that counts as a hit.",
        example="stop_loss_partial > 0",
        compute=stop_loss_partial,
        needs=_LINEAGE,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="stop_loss.order_id",
        type=TEXT,
        doc="The order number of the stop-loss that filled last today.",
        example="stop_loss.order_id == '250720000007242'",
        compute=_of_latest(lambda hit: hit.order_id),
        needs=_LINEAGE,
    ),
    FactSpec(
        name="stop_loss.symbol",
        type=TEXT,
        doc="The contract of the stop-loss that filled last today.",
        example="stop_loss.symbol == 'NIFTY26NOV24000CE'",
        compute=_of_latest(lambda hit: hit.symbol),
        needs=_LINEAGE,
    ),
    FactSpec(
        name="stop_loss.filled_at",
        type=INSTANT,
        doc="When the stop-loss that filled last today did.",
        example="since(stop_loss.filled_at) < 30m",
        compute=_of_latest(lambda hit: hit.filled_at),
        needs=_LINEAGE,
    ),
    FactSpec(
        name="stop_loss.quantity",
        type=count_of("units"),
        doc="How many units the stop-loss that filled last today bought back.",
        example="stop_loss.quantity >= 500",
        compute=_of_latest(lambda hit: hit.quantity),
        needs=_LINEAGE,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="stop_loss.price",
        type=MONEY,
        doc="The average price at which the stop-loss that filled last today did.",
        example="stop_loss.price > 200",
        compute=_of_latest(_price),
        needs=_LINEAGE,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="stop_triggered_unfilled",
        type=BOOL,
        doc="Whether a stop on an open sold option has triggered and rests in the market without filling, as in a gap; "
        "a stop changed into a limit order before it triggered does not.",
        example="loss >= 10k and stop_triggered_unfilled",
        compute=stop_triggered_unfilled,
        needs=frozenset({Part.ORDERS, Part.POSITIONS}),
    ),
)
