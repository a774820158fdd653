"""Whether an action of a `for_each` policy keeps to the row and what belongs to it; anything wider must say so."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.facts.base import RowSpec
from engine.policy import ir
from engine.policy.findings import Place, Report
from engine.policy.program import ActionCall

# A row that is a whole account, or several: `all` means all of its own book.
_WHOLE = frozenset({"account", "group"})
# What reaches the whole account, whatever it is told.
_ACCOUNT_WIDE = frozenset({"kill_switch", "logout", "sync"})
_CHOOSES = frozenset({"square_off", "reduce"})

# By kind of row: which fields of a position must equal which of the row for the position to belong to it.
_BELONGS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "underlying": (("underlying", "name"),),
        "expiry": (("underlying", "underlying"), ("expiry", "date")),
        "order": (("symbol", "symbol"),),
        "fill": (("symbol", "symbol"),),
    }
)


def is_kept_to_row(call: ActionCall, for_each: RowSpec | None, place: Place, report: Report) -> bool:
    """Return whether an action reaches no further than the row it is about; report it otherwise."""
    if for_each is None or for_each.singular in _WHOLE:
        return True
    row = for_each.singular
    if call.name in _ACCOUNT_WIDE:
        hint = f"drop for_each and ask any(… for {row[0]} in {for_each.plural})"
        return _refused(f"{call.name} reaches the whole account", hint, row, place, report)
    if call.name == "cancel_orders" and call.arguments["which"] != "this":
        hint = "write cancel_orders: this" if row in ("order", "position") else f"drop for_each and ask about {row}s"
        return _refused("this cancels those of the whole account", hint, row, place, report)
    if call.name not in _CHOOSES or call.arguments.get("scope") == "account":
        return True
    where, belongs = call.arguments.get("where"), _BELONGS.get(row, ())
    if belongs and where is not None and set(belongs) <= _equals(where, row):
        return True
    return _refused(f"{call.name} reaches further", _how(call, row, belongs), row, place, report)


def _how(call: ActionCall, row: str, belongs: tuple[tuple[str, str], ...]) -> str:
    wider = f"say {call.name}: {{…, scope: account}} if you mean the whole account"
    if not belongs:
        return f"use exit_position: this, or {wider}" if row == "position" else wider
    ties = " and ".join(f"position.{theirs} == {row}.{ours}" for theirs, ours in belongs)
    return f"add where: {ties}, or {wider}"


def _refused(why: str, hint: str, row: str, place: Place, report: Report) -> bool:
    report.error("wider-than-row", place, f"a rule about one {row} may act only on it; {why}", hint)
    return False


def _equals(where: ir.Node, row: str) -> set[tuple[str, str]]:
    """Return the (field of a position, field of the row) pairs that must be equal for a condition to hold."""
    match where:
        case ir.Sentence(body=body):
            return _equals(body, row)
        case ir.Junction(kind="all", operands=operands):
            return {pair for operand in operands for pair in _equals(operand, row)}
        case ir.Compare(operator="==", left=ir.FieldRef() as one, right=ir.FieldRef() as other):
            if (one.variable, other.variable) == (row, "position"):
                one, other = other, one
            return {(one.field, other.field)} if (one.variable, other.variable) == ("position", row) else set()
        case _:
            return set()
