"""How far a condition is from its line: for every sentence the value, the limit and what lies between them."""

from dataclasses import dataclass
from decimal import Decimal

from engine.domain.kinds import Type
from engine.domain.numbers import CONTEXT
from engine.domain.values import Unknown, Value
from engine.policy.meaning import Trace


@dataclass(frozen=True, slots=True)
class Distance:
    """
    One sentence's distance.

    by: how far the left side must move until the sentence turns true, in its unit; zero or negative when it is true
    already, by how much it is past the line. None while unknown or where nothing can be measured.
    row: the nearest row when the sentence runs over rows.
    """

    sentence: str
    pointer: str
    actual: Value
    limit: Value
    by: Decimal | None
    type: Type
    row: str | None = None


def distances(trace: Trace) -> tuple[Distance, ...]:
    """Return the distance of every comparison in every sentence of a trace, in reading order."""
    if trace.kind == "sentence":
        return tuple(_in_sentence(trace, trace.children[0], None))
    return tuple(found for child in trace.children for found in distances(child))


def _in_sentence(sentence: Trace, node: Trace, row: str | None) -> list[Distance]:
    if node.kind == "compare":
        return [_of_comparison(sentence, node, row)]
    if node.kind in ("all", "any", "none", "not"):
        return [found for child in node.children for found in _in_sentence(sentence, child, row)]
    if node.kind == "aggregate" and node.type.kind.value == "yes/no":
        nearest = _nearest(sentence, node)
        if nearest is not None:
            return [nearest]
    return [Distance(sentence.text, sentence.pointer, node.value, limit=True, by=None, type=node.type, row=row)]


def _of_comparison(sentence: Trace, node: Trace, row: str | None) -> Distance:
    left, right = node.children
    return Distance(
        sentence.text,
        sentence.pointer,
        left.value,
        right.value,
        _gap(node.note, left.value, right.value),
        left.type,
        row,
    )


def _gap(operator: str, left: Value, right: Value) -> Decimal | None:
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    if operator in (">", ">="):
        return CONTEXT.subtract(right, left)
    if operator in ("<", "<="):
        return CONTEXT.subtract(left, right)
    return abs(CONTEXT.subtract(left, right)) if operator == "==" else None


def _nearest(sentence: Trace, aggregate: Trace) -> Distance | None:
    found: list[Distance] = []
    for row in aggregate.children:
        if row.note == "left out" or not row.children:
            continue
        found.extend(_in_sentence(sentence, row.children[-1], row.text))
    measured = [distance for distance in found if distance.by is not None]
    if measured:
        return min(measured, key=lambda distance: distance.by or Decimal(0))
    return next((distance for distance in found if isinstance(distance.actual, Unknown)), None)
