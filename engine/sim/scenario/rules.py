"""What the broker and the exchange of a scenario allow, and what the broker does by itself."""

from dataclasses import fields

from engine.domain.numbers import exact
from engine.sim.exchange.setup import BandStep, Latencies, Rules, Span, SquareOff
from engine.sim.exchange.words import Key, LockBlocks
from engine.sim.scenario.day import Day
from engine.sim.scenario.part import Part, percent


def rules_of(part: Part, day: Day, no_market_orders: frozenset[Key]) -> Rules:
    """Return the rules under a key; what is left out is as everywhere."""
    usual = Rules()
    band = part.read("execution_band", percent, None)
    return Rules(
        latencies=_latencies(part.within("latencies")),
        execution_band=usual.execution_band if band is None else (BandStep(None, percent=band),),
        square_offs=tuple(_square_off(one, day) for one in part.parts("square_offs")),
        no_market_orders=no_market_orders,
        takes_stop_market=part.is_yes("stop_market_orders"),
        most_changes=part.read("changes", _count, usual.most_changes),
        checks_margin=part.is_yes("margin", otherwise=True),
        lock_blocks=part.read("lock_blocks", LockBlocks, usual.lock_blocks),
        lock_needs_flat=part.is_yes("lock_needs_flat"),
    )


def _count(text: str) -> int:
    return int(exact(text))


def _latencies(part: Part) -> Latencies:
    usual = Latencies()
    return Latencies(**{one.name: part.read(one.name, _span, getattr(usual, one.name)) for one in fields(Latencies)})


def _span(text: str) -> Span:
    numbers = [int(word) for word in text.removesuffix("ms").split("to")]
    if numbers[-1] < numbers[0]:
        raise ValueError(f"'{text}' ends before it begins")
    return Span(numbers[0], numbers[-1])


def _square_off(part: Part, day: Day) -> SquareOff:
    return SquareOff(
        at=part.read("at", day.at, day.at("15:20")),
        products=frozenset(part.each("products", str)),
        underlyings=frozenset(part.each("underlyings", str)),
        on_expiry_only=part.is_yes("on_expiry_only"),
    )
