"""Counting and comparing with three values: a row that is not decided widens the count, it does not leave it."""

from collections.abc import Iterable, Sequence
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


def some(number: Value) -> bool | Unknown:
    """Return whether a number is more than zero."""
    return number > ZERO if isinstance(number, Decimal) else holds(">", number, ZERO)


def count_true(values: Iterable[Value]) -> Value:
    """Return how many values are true; undecided ones make it an interval."""
    certain = 0
    open_: list[Unknown] = []
    for answer in values:
        if answer is True:
            certain += 1
        elif isinstance(answer, Unknown):
            open_.append(answer)
    return counted(certain, open_)


def counted(certain: int, open_: Sequence[Unknown]) -> Value:
    """Return a count of which so many are certain and those in `open_` not decided."""
    return interval(Decimal(certain), Decimal(certain + len(open_)), merge_causes(open_))


def any_true(values: Iterable[Value]) -> bool | Unknown:
    """Return whether one value is true; one that is decides, else an undecided one leaves it unknown."""
    open_: list[Unknown] = []
    for answer in values:
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            open_.append(answer)
    return Unknown(merge_causes(open_)) if open_ else False


def at_least_zero(cause: Unknown) -> Unknown:
    """Return the unknown of something that cannot be negative."""
    return Unknown(cause.causes, ZERO, None)


def words(members: type[Enum], *without: Enum) -> Type:
    """Return the closed vocabulary of an Enum less the members no author should have to know."""
    left_out = {str(member.value) for member in without}
    full = choice(members)
    return Type(full.kind, members=tuple(word for word in full.members if word not in left_out))
