"""How much of which leg an exit closes, with what is not known of a leg given case by case."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from engine.actions.base import Measure, Unit
from engine.actions.closing import targets_of
from engine.actions.targets import Target, Targets, key_of
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, unknown
from tests.facts.build import d, future, leg, option

CALL, PUT = option(24000), option(23500, Right.PUT)
SHORT = leg(CALL, sold=(225, 100), last=120)
SMALL = leg(PUT, sold=(75, 90), last=80)
LONG = leg(option(24500), bought=(150, 20), last=20)
FUTURE = leg(future(), bought=(75, 24000), last=24010)
HALF = Measure(d(50), Unit.PERCENT)


@dataclass
class Book:
    """Legs, and by symbol what is said of them; a condition is a function of a leg and its naked units."""

    rows: tuple[Leg, ...] | Unknown
    naked_units: dict[str, Value] = field(default_factory=dict)
    losses: dict[str, Value] = field(default_factory=dict)
    hedges: dict[str, bool | Unknown] = field(default_factory=dict)
    about: Leg | Unknown = field(default_factory=lambda: unknown("no row"))

    def legs(self) -> tuple[Leg, ...] | Unknown:
        return self.rows

    def this(self) -> Leg | Unknown:
        return self.about

    def naked(self, one: Leg) -> Value:
        return self.naked_units.get(one.instrument.symbol, -one.net_quantity if one.is_short_option else d(0))

    def is_hedge(self, one: Leg) -> bool | Unknown:
        return self.hedges.get(one.instrument.symbol, False)

    def chosen(self, where: Any, one: Leg, naked: Value | None) -> bool | Unknown:
        answer: bool | Unknown = where(one, self.naked(one) if naked is None else naked)
        return answer

    def price(self, one: Leg) -> Value:
        return one.last_price if one.last_price is not None else unknown("no price")

    def loss(self, one: Leg) -> Value:
        return self.losses.get(one.instrument.symbol, d(0))


def left(targets: Targets) -> dict[str, Decimal]:
    return {target.leg[1]: target.net for target in targets.legs}


def doubted(targets: Targets) -> dict[str, str]:
    return {one.leg[1] if one.leg else "": one.cause for one in targets.undecided}


def is_naked(_: Leg, naked: Value) -> bool:
    return naked != 0


def reduce(book: Book, by: Measure = HALF, pick: str = "all", **more: Any) -> Targets:
    return targets_of("reduce", {"pick": pick, "by": by, **more}, book)


def test_a_book_that_cannot_be_read_leaves_everything_open() -> None:
    for name, arguments in (("square_off", {"what": "all"}), ("exit_position", {"which": "this"})):
        found = targets_of(name, arguments, Book(unknown("not read"), about=unknown("not read")))
        assert (found.legs, doubted(found)) == ((), {"": "not read"})


@pytest.mark.parametrize(
    ("naked", "net", "told"),
    [
        pytest.param(d(225), 0, False, id="wholly naked"),
        pytest.param(d(75), -150, False, id="partly covered"),
        pytest.param(d(0), None, False, id="covered"),
        pytest.param(Unknown(("which long covers",), d(75), d(225)), -150, True, id="at least a lot of it"),
        pytest.param(Unknown(("which long covers",), d(0), None), None, True, id="perhaps nothing of it"),
        pytest.param(d(70), -150, False, id="rounded up to a lot"),
    ],
)
def test_only_what_is_naked(naked: Value, net: int | None, told: bool) -> None:
    book = Book((SHORT,), {SHORT.instrument.symbol: naked})
    found = targets_of("square_off", {"what": "all", "where": is_naked}, book)
    assert left(found) == ({} if net is None else {SHORT.instrument.symbol: net})
    assert doubted(found) == ({SHORT.instrument.symbol: "which long covers"} if told else {})


def test_what_is_covered_is_the_rest() -> None:
    book = Book((SHORT,), {SHORT.instrument.symbol: d(75)})
    found = targets_of("square_off", {"what": "all", "where": lambda one, naked: naked == 0}, book)
    assert left(found) == {SHORT.instrument.symbol: -75}


def test_a_condition_that_is_not_decided_is_named_and_closes_nothing() -> None:
    def where(one: Leg, _: Value) -> bool | Unknown:
        return unknown("no quote") if one is LONG else one.is_short

    found = targets_of("square_off", {"what": "all", "where": where}, Book((SHORT, LONG, FUTURE)))
    assert left(found) == {SHORT.instrument.symbol: 0}
    assert doubted(found) == {LONG.instrument.symbol: "no quote"}


def test_a_leg_that_may_be_a_hedge_is_named() -> None:
    book = Book((LONG, FUTURE), hedges={LONG.instrument.symbol: unknown("was anything sold")})
    found = targets_of("square_off", {"what": "hedges"}, book)
    assert (left(found), doubted(found)) == ({}, {LONG.instrument.symbol: "was anything sold"})


def test_a_row_that_is_gone_is_left_alone() -> None:
    flat = leg(CALL, sold=(75, 100), bought=(75, 90))
    assert targets_of("square_off", {"what": "all"}, Book((flat,))) == Targets()


@pytest.mark.parametrize(
    ("by", "net"),
    [
        (Measure(d(1), Unit.PERCENT), -150),
        (Measure(d(33), Unit.PERCENT), -150),
        (Measure(d(34), Unit.PERCENT), -75),
        (HALF, -75),
        (Measure(d(100), Unit.PERCENT), 0),
        (Measure(d(2), Unit.LOTS), -75),
        (Measure(d(9), Unit.LOTS), 0),
    ],
)
def test_a_part_is_whole_lots_and_at_least_that_much(by: Measure, net: int) -> None:
    assert left(reduce(Book((SHORT,)), by)) == {SHORT.instrument.symbol: net}


def test_without_the_lot_size_a_percent_is_of_units_and_lots_cannot_be_told() -> None:
    odd = leg(option(24000, lot=None), sold=(225, 100), last=120)
    assert left(reduce(Book((odd,)))) == {odd.instrument.symbol: -112}
    found = reduce(Book((odd,)), Measure(d(1), Unit.LOTS))
    assert (left(found), doubted(found)) == (
        {},
        {odd.instrument.symbol: f"lot size of {odd.instrument.symbol} not known"},
    )


def test_the_largest_margin_is_the_short_units_at_their_strike() -> None:
    assert left(reduce(Book((SMALL, SHORT, LONG, FUTURE)), pick="largest margin")) == {SHORT.instrument.symbol: -75}
    # 75 × 24,010 against 75 × 23,500.
    assert left(reduce(Book((SMALL, FUTURE)), pick="largest margin")) == {FUTURE.instrument.symbol: 0}
    assert reduce(Book((LONG,)), pick="largest margin") == Targets()


def test_a_margin_that_cannot_be_told_is_named_and_holds_up_nothing() -> None:
    unread = Instrument("NFO", "ODD", InstrumentKind.OPTION, lot_size=d(75))
    book = Book((SMALL, leg(unread, sold=(75, 90))))
    found = reduce(book, pick="largest margin")
    assert left(found) == {SMALL.instrument.symbol: 0}
    assert doubted(found) == {"ODD": "strike of ODD not known"}


def test_of_equals_the_first_by_key() -> None:
    one, other = leg(CALL, sold=(75, 100), product="MIS"), leg(CALL, sold=(75, 100), product="NRML")
    losses: dict[str, Value] = {CALL.symbol: d(500)}
    for rows in ((one, other), (other, one)):
        found = reduce(Book(rows, losses=losses), pick="largest loss")
        assert [target.leg for target in found.legs] == [key_of(one)]


def test_nothing_is_picked_where_nothing_has_lost() -> None:
    assert reduce(Book((SHORT, LONG)), pick="largest loss") == Targets()


def test_a_loss_that_may_be_larger_is_named() -> None:
    low = Unknown(("no bid",), d(0), d(400))
    high = Unknown(("no bid",), d(0), d(900))
    for bound, told in ((low, {}), (high, {LONG.instrument.symbol: "no bid"})):
        losses: dict[str, Value] = {SHORT.instrument.symbol: d(500), LONG.instrument.symbol: bound}
        found = reduce(Book((LONG, SHORT), losses=losses), pick="largest loss")
        assert (left(found), doubted(found)) == ({SHORT.instrument.symbol: -75}, told)


@pytest.mark.parametrize(("present", "net"), [(75, 76), (75, -1), (-75, -76), (-75, 1), (0, 1)])
def test_a_target_never_raises_or_turns_a_position(present: int, net: int) -> None:
    with pytest.raises(ValueError, match="is not between"):
        Target(("NFO", "A", "NRML", 1), d(present), d(net))
