"""What came of a node of a typed tree, and of everything below it: the reasons of a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.domain.kinds import Type
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, merge_causes


@dataclass(frozen=True, slots=True)
class Trace:
    """
    One node's result with the reasons below it.

    kind: sentence, all, any, none, not, compare, in, fact, field, value, cases, literal, arithmetic, call, answer,
    aggregate, row.
    text: the author's words. read_at: when the data behind a fact or field was taken. note: what the value hides.
    """

    kind: str
    text: str
    value: Value
    type: Type
    children: tuple["Trace", ...] = ()
    read_at: datetime | None = None
    note: str = ""
    pointer: str = ""

    @property
    def truth(self) -> Truth:
        """The result of a condition."""
        return truth_of(self.value)


def truth_of(value: Value) -> Truth:
    """Return the truth of a yes/no value."""
    return Truth.UNKNOWN if isinstance(value, Unknown) else Truth.of(bool(value))


def value_of(truth: Truth, sources: Iterable[Trace], cause: str = "the bounds still allow both answers") -> Value:
    """Return a truth as a yes/no value; what is unknown is so for what its sources are, or `cause`."""
    if truth is Truth.UNKNOWN:
        return Unknown(merge_causes(source.value for source in sources) or (cause,))
    return truth is Truth.TRUE
