"""How far a sentence is from its line: the side, the sign, the row that decides."""

from decimal import Decimal

import pytest

from engine.core.distance import Distance, distances
from engine.domain.values import Unknown, Value, unknown
from engine.policy import meaning
from tests.policy.toy import World, between, loaded, policy


def measured(when: str, facts: dict[str, Value] | None = None, **kinds: object) -> tuple[Distance, ...]:
    rule = loaded(policy(when)).require().policies[0]
    world = World(facts or {}, kinds, loaded(policy()).program.values)  # type: ignore[arg-type]
    return distances(meaning.evaluate(rule.when, world))


def rows(*losses: str) -> tuple[dict[str, Value], ...]:
    return tuple({"symbol": f"row {index}", "loss": Decimal(loss)} for index, loss in enumerate(losses))


@pytest.mark.parametrize(
    ("when", "loss", "by"),
    [
        ("loss >= 10k", "5820", "4180"),
        ("loss >= 10k", "10000", "0"),
        ("loss >= 10k", "12000", "-2000"),
        ("loss > 10k", "10000", "0"),
        ("mtm <= -10k", "-4000", "6000"),
        ("mtm < -10k", "-12000", "-2000"),
        ("loss == 10k", "9000", "1000"),
        ("loss == 10k", "11000", "1000"),
        ("not loss < 10k", "5820", "4180"),
        ("not loss < 10k", "12000", "-2000"),
        ("not not loss >= 10k", "5820", "4180"),
    ],
)
def test_a_comparison(when: str, loss: str, by: str) -> None:
    (one,) = measured(when, {"loss": Decimal(loss), "mtm": Decimal(loss)})
    assert one.by == Decimal(by)
    assert one.actual == Decimal(loss)


def test_what_cannot_be_measured_has_no_distance() -> None:
    (unknown_one,) = measured("loss >= 10k", {"loss": between("1", "2")})
    assert unknown_one.known_by is None
    assert unknown_one.by == Unknown(("no quote",), Decimal(9998), Decimal(9999))
    (yes_or_no,) = measured("stop_loss_hit", {"stop_loss_hit": False})
    assert (yes_or_no.by, yes_or_no.actual, yes_or_no.limit) == (None, False, True)
    (negated,) = measured("not broker_connected", {"broker_connected": True})
    assert (negated.actual, negated.limit) == (True, False)
    (unequal,) = measured("mtm != 0", {"mtm": Decimal(5)})
    assert unequal.by is None


def test_each_sentence_of_a_block_and_each_comparison_of_a_sentence() -> None:
    found = measured("{all: [loss >= 10k, 2k < drawdown < 9k]}", {"loss": Decimal(1), "drawdown": Decimal(3000)})
    assert [one.sentence for one in found] == ["loss >= 10k", "2k < drawdown < 9k", "2k < drawdown < 9k"]
    assert [one.pointer for one in found] == ["/when/all/0", "/when/all/1", "/when/all/1"]
    assert [one.by for one in found] == [Decimal(9999), Decimal(-1000), Decimal(-6000)]


def test_any_is_as_far_as_its_nearest_row() -> None:
    (one,) = measured("any(p.loss >= 5k for p in positions)", positions=rows("1000", "4500", "200"))
    assert (one.row, one.by) == ("row 1", Decimal(500))


def test_all_is_as_far_as_its_farthest_row() -> None:
    (one,) = measured(
        "{all: [open_positions > 0, all(p.loss >= 5k for p in positions)]}",
        {"open_positions": Decimal(2)},
        positions=rows("1000", "4500", "200"),
    )[1:]
    assert (one.row, one.by) == ("row 2", Decimal(4800))


def test_a_row_waits_for_what_is_not_met_yet() -> None:
    legs = tuple({**row, "lots": Decimal(10)} for row in rows("1000", "4500"))
    (one,) = measured("any(p.lots > 2 and p.loss >= 5k for p in positions)", positions=legs)
    assert (one.row, one.by, one.limit) == ("row 1", Decimal(500), Decimal(5000))


def test_rows_left_out_do_not_count_and_unknown_ones_are_shown_when_nothing_else_is() -> None:
    legs = tuple({**row, "is_short": short} for row, short in zip(rows("4900", "100"), (False, True), strict=True))
    (one,) = measured("any(p.loss >= 5k for p in positions if p.is_short)", positions=legs)
    assert (one.row, one.by) == ("row 1", Decimal(4900))
    dim = ({"symbol": "dim", "loss": unknown("no quote")},)
    (one,) = measured("any(p.loss >= 5k for p in positions)", positions=dim)
    assert isinstance(one.actual, Unknown)
    assert (one.row, one.by) == ("dim", None)


def test_over_no_rows_and_unread_rows_there_is_nothing_to_measure() -> None:
    for positions in ((), unknown("not read")):
        (one,) = measured("any(p.loss >= 5k for p in positions)", positions=positions)
        assert one.by is None
