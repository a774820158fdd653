"""What is known of a condition before any reading: ranges, rows of any number, P&L at zero."""

import pytest

from engine.domain.truth import Truth
from engine.policy import guard
from engine.policy.expression import parse_condition
from tests.policy.toy import CATALOGUE, scope

SCOPE = scope("loss_limit: 10,000 INR\nfloor: -5,000 INR\nday_limit: 2% of capital\nresult: 1 * mtm\n")


def decided(text: str) -> Truth:
    return guard.decided(parse_condition(text, SCOPE), CATALOGUE, SCOPE.values)


def alternatives(text: str) -> list[Truth]:
    found = guard.flat_book_alternatives(parse_condition(text, SCOPE), CATALOGUE, SCOPE.values)
    return [truth for _, truth in found]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("loss >= 0", Truth.TRUE),
        ("loss > 0", Truth.UNKNOWN),
        ("loss < 0", Truth.FALSE),
        ("mtm < 0", Truth.UNKNOWN),
        ("drawdown + loss >= 0", Truth.TRUE),
        ("-loss > 0", Truth.FALSE),
        ("loss >= floor", Truth.TRUE),
        ("loss >= loss_limit", Truth.UNKNOWN),
        ("loss >= day_limit", Truth.UNKNOWN),
        ("day_limit > 0", Truth.TRUE),
        ("0 <= loss < 5k", Truth.UNKNOWN),
        ("loss >= 0 or stop_file", Truth.TRUE),
        ("loss < 0 and stop_file", Truth.FALSE),
        ("loss < 0 or stop_file", Truth.UNKNOWN),
        ("time <= 24:00", Truth.TRUE),
        ("count(positions) >= 0", Truth.TRUE),
        ("count(positions) > 0", Truth.UNKNOWN),
        ("sum(p.loss for p in legs) >= 0", Truth.TRUE),
        ("sum(p.mtm for p in legs) >= 0", Truth.UNKNOWN),
        ("min(p.loss for p in legs) < 0", Truth.FALSE),
        ("any(p.loss < 0 for p in legs)", Truth.FALSE),
        ("all(p.loss >= 0 for p in legs)", Truth.TRUE),
        ("any(p.loss >= 0 for p in legs)", Truth.UNKNOWN),
        ("all(p.loss < 0 for p in legs)", Truth.UNKNOWN),
        ("any(p.is_short for p in legs if p.loss < 0)", Truth.FALSE),
        ("count(p.is_short for p in legs if p.loss < 0) > 0", Truth.FALSE),
        ("sum(p.mtm for p in legs if p.loss < 0) == 0", Truth.TRUE),
        ("known(mtm)", Truth.UNKNOWN),
        ("not known(mtm)", Truth.UNKNOWN),
        ("known(5k)", Truth.TRUE),
        ("known(loss >= 0)", Truth.TRUE),
        ("known(min(0 INR for p in positions))", Truth.UNKNOWN),
        ("age(mtm) >= 0s", Truth.TRUE),
        ("weekday in [MON]", Truth.UNKNOWN),
        ("weekday != MON", Truth.UNKNOWN),
        ("mtm / 0 > 5", Truth.UNKNOWN),
    ],
)
def test_decided_for_every_reading(text: str, truth: Truth) -> None:
    assert decided(text) is truth


@pytest.mark.parametrize(
    ("text", "truths"),
    [
        ("loss >= loss_limit", [Truth.FALSE]),
        ("mtm <= loss_limit", [Truth.TRUE]),
        ("stop_file", []),
        ("stop_file or loss >= loss_limit", [Truth.FALSE]),
        ("stop_file and mtm <= loss_limit", [Truth.UNKNOWN]),
        ("(stop_file or loss >= 1k) and mtm <= 5k", [Truth.UNKNOWN, Truth.FALSE]),
        ("result <= loss_limit", [Truth.TRUE]),
        ("known(mtm) and loss >= 5k", [Truth.FALSE]),
        ("not known(loss >= loss_limit)", [Truth.FALSE]),
        ("all(p.loss >= 5k for p in positions)", [Truth.FALSE]),
        ("all(p.loss <= 5k for p in positions)", [Truth.TRUE]),
        ("any(p.loss >= 5k for p in positions if p.is_short)", [Truth.FALSE]),
    ],
)
def test_alternatives_on_a_flat_book(text: str, truths: list[Truth]) -> None:
    assert alternatives(text) == truths


def test_too_many_alternatives_are_taken_together_and_stay_bounded() -> None:
    pair = "(loss >= 5k or stop_file)"
    assert alternatives(" and ".join([pair] * 12)) == [Truth.UNKNOWN]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("all(p.loss >= 5k for p in positions)", True),
        ("all(p.loss >= 5k for p in positions) and open_positions > 0", False),
        ("all(p.loss >= 5k for p in positions) and stop_file", True),
        ("all(p.loss >= 5k for p in positions) and loss >= 5k", False),
        ("any(p.loss >= 5k for p in positions)", False),
        ("all(p.loss >= 5k for p in positions) and known(capital)", True),
    ],
)
def test_all_over_no_rows(text: str, holds: bool) -> None:
    assert guard.holds_over_no_rows(parse_condition(text, SCOPE), CATALOGUE, SCOPE.values) is holds
