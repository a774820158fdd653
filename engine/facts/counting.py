"""Counting and comparing with three values: a row that is not decided widens the count, it does not leave it."""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

from engine.domain.kinds import Type, choice
from engine.domain.numbers import ZERO
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, compare, interval, merge_causes


def holds(operator: str, left: Value, right: Value) -> bool | Unknown:
    """Return a comparison as a yes/no value, Unknown with the causes of its operands."""
    truth = compare(operator, left, right)
    return Unknown(merge_causes((left, right))) if truth is Truth.UNKNOWN else truth is Truth.TRUE


def count_true(values: Iterable[Value]) -> Value:
    """Return how many values are true; undecided ones make it an interval."""
    answers = tuple(values)
    certain = sum(answer is True for answer in answers)
    open_ = sum(isinstance(answer, Unknown) for answer in answers)
    return interval(Decimal(certain), Decimal(certain + open_), merge_causes(answers))


def any_true(values: Iterable[Value]) -> bool | Unknown:
    """Return whether one value is true; one that is decides, else an undecided one leaves it unknown."""
    answers = tuple(values)
    if any(answer is True for answer in answers):
        return True
    causes = merge_causes(answers)
    return Unknown(causes) if causes else False


def at_least_zero(cause: Unknown) -> Unknown:
    """Return the unknown of something that cannot be negative."""
    return Unknown(cause.causes, ZERO, None)


def words(members: type[Enum], *without: Enum) -> Type:
    """Return the closed vocabulary of an Enum less the members no author should have to know."""
    left_out = {str(member.value) for member in without}
    full = choice(members)
    return Type(full.kind, members=tuple(word for word in full.members if word not in left_out))
