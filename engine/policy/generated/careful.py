"""
What the generated function calls where a fact is not known: the same operations with three truth values and bounds.

True and False are known; anything else that stands where a yes or no is expected is not.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from engine.domain import values
from engine.domain.numbers import ZERO, seconds_of
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, merge_causes, unknown

Answer = bool | None

# What stands for a reduction that could not be made: it is no number, so whatever uses it raises.
NOT_MADE: Final = Unknown(("left to the tree evaluator",))
_ANSWERS: Final[Mapping[Truth, Answer]] = MappingProxyType({Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None})


def all_of(*answers: Any) -> Answer:
    """Return whether all are true; one that is false decides."""
    result: Answer = True
    for answer in answers:
        if answer is False:
            return False
        if answer is not True:
            result = None
    return result


def any_of(*answers: Any) -> Answer:
    """Return whether one is true; one that is decides."""
    result: Answer = False
    for answer in answers:
        if answer is True:
            return True
        if answer is not False:
            result = None
    return result


def opposite(answer: Any) -> Answer:
    """Return the opposite; of what is not known nothing is."""
    if answer is True:
        return False
    return True if answer is False else None


def made(reduction: Any) -> Any:
    """Return a reduction. Raises: LookupError when it could not be made."""
    return not_known() if reduction is NOT_MADE else reduction


def some_or_unknown(extreme: Value | None) -> Value:
    """Return the least or greatest of some rows, unknown when there was none."""
    return unknown("over no rows") if extreme is None else extreme


def time_since(now: datetime, moment: Any) -> Value:
    """Return how long ago an instant was, in seconds."""
    if isinstance(moment, datetime):
        return max(ZERO, seconds_of(now - moment))
    return Unknown(merge_causes((moment,)), low=ZERO)


def not_known() -> Any:
    """Leave the answer to the tree evaluator. Raises: LookupError."""
    raise LookupError("not known")


def _judged(symbol: str, known: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Answer]:
    def judge(left: Any, right: Any) -> Answer:
        if left.__class__ is Unknown:
            if left.is_open:
                return None
        elif right.__class__ is not Unknown:
            return known(left, right)
        elif right.is_open:
            return None
        return _ANSWERS[values.compare(symbol, left, right)]

    return judge


_KNOWN: Final = MappingProxyType(
    {
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "==": operator.eq,
        "!=": operator.ne,
    }
)
# How each comparison is spelt in the generated text.
COMPARISONS: Final = MappingProxyType(
    {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least", "==": "equal", "!=": "different"}
)
# What is called instead of a function that raises.
INSTEAD_OF: Final = MappingProxyType(
    {
        "add": "sum_of",
        "subtract": "difference",
        "multiply": "product",
        "divide": "quotient",
        "minus": "negative",
        "since": "time_since",
        "some": "some_or_unknown",
    }
)
OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        **{word: _judged(symbol, _KNOWN[symbol]) for symbol, word in COMPARISONS.items()},
        "all_of": all_of,
        "any_of": any_of,
        "opposite": opposite,
        "made": made,
        "some_or_unknown": some_or_unknown,
        "time_since": time_since,
        "sum_of": values.add,
        "difference": values.subtract,
        "product": values.multiply,
        "quotient": values.divide,
        "negative": values.negative,
    }
)
