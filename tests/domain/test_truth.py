"""Kleene's connectives over every combination, against a definition by what the unknown may turn out to be."""

from itertools import product

import pytest

from engine.domain.truth import Truth, conjunction, disjunction, negate

TRUTHS = (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)
SUITS = {Truth.TRUE: (True,), Truth.FALSE: (False,), Truth.UNKNOWN: (True, False)}


def over(operands: tuple[Truth, ...], pick: object) -> Truth:
    """The truth that every completion gives, UNKNOWN when they differ."""
    answers = {pick(completion) for completion in product(*(SUITS[one] for one in operands))}  # type: ignore[operator]
    return Truth.of(answers.pop()) if len(answers) == 1 else Truth.UNKNOWN


@pytest.mark.parametrize("operands", [pair for count in range(4) for pair in product(TRUTHS, repeat=count)], ids=str)
def test_a_connective_is_what_every_completion_gives(operands: tuple[Truth, ...]) -> None:
    assert conjunction(operands) is over(operands, all)
    assert disjunction(operands) is over(operands, any)


def test_not() -> None:
    assert [negate(one) for one in TRUTHS] == [Truth.FALSE, Truth.TRUE, Truth.UNKNOWN]


def test_over_nothing() -> None:
    assert conjunction(()) is Truth.TRUE
    assert disjunction(()) is Truth.FALSE


def test_operands_may_come_one_by_one() -> None:
    assert conjunction(iter([Truth.TRUE, Truth.UNKNOWN])) is Truth.UNKNOWN


@pytest.mark.parametrize("truth", TRUTHS)
def test_a_truth_is_no_bool(truth: Truth) -> None:
    with pytest.raises(TypeError, match="not a bool"):
        bool(truth)


@pytest.mark.parametrize(("known", "truth"), [(True, Truth.TRUE), (False, Truth.FALSE)])
def test_of_a_known_bool(known: bool, truth: Truth) -> None:
    assert Truth.of(known) is truth
