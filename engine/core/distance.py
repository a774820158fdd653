"""How far a condition is from its line: for every sentence the value, the limit and what lies between them."""

from dataclasses import dataclass
from decimal import Decimal

from engine.domain.kinds import DURATION, Kind, Type
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.truth import Truth, negate
from engine.domain.values import Unknown, Value, subtract
from engine.policy.meaning import Trace

_NEGATED = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Distance:
    """
    One sentence's distance.

    by: how far the left side must move to reach its line, as a quantity of `by_type`; negative when it is past it, by
    how much. None where nothing can be measured; while a side is unknown, Unknown with the bounds that are certain.
    holds: whether the comparison is true; at by 0 a `>` or `<` is not.
    row: the row that decides when the sentence runs over rows: the nearest for `any`, the farthest for `all`.
    """

    sentence: str
    pointer: str
    actual: Value
    limit: Value
    by: Value | None
    type: Type
    holds: Truth
    row: str | None = None

    @property
    def by_type(self) -> Type:
        """What `by` is measured in: between two times of day lies a duration."""
        return DURATION if self.type.kind is Kind.TIME else self.type

    @property
    def known_by(self) -> Decimal | None:
        """`by` when it is known exactly, else None."""
        return self.by if isinstance(self.by, Decimal) else None


def distances(trace: Trace) -> tuple[Distance, ...]:
    """Return the distance of every comparison in every sentence of a trace, in reading order."""
    if trace.kind == "sentence":
        return tuple(_in_sentence(trace, trace.children[0]))
    return tuple(found for child in trace.children for found in distances(child))


def _in_sentence(sentence: Trace, node: Trace, row: str | None = None, *, negated: bool = False) -> list[Distance]:
    if node.kind == "compare":
        return [_of_comparison(sentence, node, row, negated=negated)]
    if node.kind in ("all", "any", "none", "not"):
        turned = negated != (node.kind in ("none", "not"))
        return [found for child in node.children for found in _in_sentence(sentence, child, row, negated=turned)]
    if node.kind == "aggregate" and node.type.kind is Kind.BOOL:
        deciding = _deciding(sentence, node, negated=negated)
        if deciding is not None:
            return [deciding]
    holds = negate(node.truth) if negated else node.truth
    return [Distance(sentence.text, sentence.pointer, node.value, not negated, None, node.type, holds, row)]


def _of_comparison(sentence: Trace, node: Trace, row: str | None, *, negated: bool) -> Distance:
    left, right = node.children
    operator = _NEGATED[node.note] if negated else node.note
    return Distance(
        sentence.text,
        sentence.pointer,
        left.value,
        right.value,
        _gap(operator, left.value, right.value) if left.type.is_numeric else None,
        left.type,
        negate(node.truth) if negated else node.truth,
        row,
    )


def _gap(operator: str, left: Value, right: Value) -> Value | None:
    if operator in (">", ">=", "<", "<="):
        gap = subtract(right, left) if operator in (">", ">=") else subtract(left, right)
        return None if isinstance(gap, Unknown) and gap.low is None and gap.high is None else gap
    if operator == "==" and isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.subtract(left, right).copy_abs()
    return None


def _deciding(sentence: Trace, aggregate: Trace, *, negated: bool) -> Distance | None:
    rows = [
        _in_sentence(sentence, row.children[-1], row.text, negated=negated)
        for row in aggregate.children
        if row.note != "left out" and row.children
    ]
    measured = [
        (one.known_by, index, one)
        for index, row in enumerate(rows)
        for one in _last_unmet(row)
        if one.known_by is not None
    ]
    if measured:
        every_row = aggregate.text.startswith("all") != negated
        return (max if every_row else min)(measured, key=lambda item: item[:2])[2]
    return next((one for row in rows for one in row if isinstance(one.actual, Unknown)), None)


def _last_unmet(row: list[Distance]) -> list[Distance]:
    """Return the comparison a row still waits for, the last when none: the limit is usually written last."""
    measured = [one for one in row if one.known_by is not None]
    unmet = [one for one in measured if one.known_by is not None and one.known_by > ZERO]
    return (unmet or measured)[-1:]
