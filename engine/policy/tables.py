"""What may be asked of a table, and what an author who asks it wrongly is told."""

from engine.domain.kinds import Kind
from engine.policy import ir
from engine.policy.findings import Report, suggestion
from engine.policy.sentence import Problem, SentenceError
from engine.policy.type_rules import described
from engine.policy.yaml_text import Node


def as_in(name: str, table: ir.Table) -> str:
    """Return a call of a table as an author writes it."""
    return f"{name}('{table.keys[0]}')"


def without_key(name: str, table: ir.Table, at: ir.Span) -> SentenceError:
    """Return the error for a table that stands alone."""
    hint = f"say which, as in {as_in(name, table)}"
    return SentenceError(Problem("table-without-key", f"'{name}' is a table, not one value", hint, at))


def check_key(name: str, table: ir.Table, key: ir.Node) -> None:
    """Refuse a key of another kind than text or a choice, and one that cannot be there. Raises: SentenceError."""
    if key.type.kind not in (Kind.TEXT, Kind.ENUM):
        message = f"the keys of {name} are texts, this is {described(key.type)}"
        raise SentenceError(Problem("type-mismatch", message, f"as in {as_in(name, table)}", key.at))
    strange = [one for one in table.keys if key.type.kind is Kind.ENUM and one not in key.type.members]
    if strange:
        hint = suggestion(strange[0], key.type.members) or f"one of {', '.join(key.type.members)}"
        message = f"'{strange[0]}', a key of {name}, is not one of the choices"
        raise SentenceError(Problem("unknown-word", message, hint, key.at))
    if isinstance(key, ir.Literal) and key.value not in table.keys and table.default is None:
        hint = suggestion(str(key.value), table.keys) or f"it has {', '.join(table.keys)}; default: is for all others"
        raise SentenceError(Problem("unknown-entry", f"{name} has no entry for {key.text}", hint, key.at))


def is_as_full(name: str, own: ir.Node, desk: ir.Node, node: Node, report: Report) -> bool:
    """Return whether an account's value stands in for the desk's: a table for a table, with each of its keys."""
    if not isinstance(own, ir.Table) and not isinstance(desk, ir.Table):
        return True
    if not isinstance(own, ir.Table) or not isinstance(desk, ir.Table):
        what, other = ("a table", "one value") if isinstance(own, ir.Table) else ("one value", "a table")
        message = f"'{name}' is {what} here and {other} on the desk"
        report.error("type-mismatch", node.place, message, "an override keeps the form of the value")
        return False
    missing = [key for key in desk.keys if key not in own.keys]
    if own.default is None and (missing or desk.default is not None):
        lacking = f"entry for '{missing[0]}'" if missing else "default"
        hint = f"the desk's has one: add {missing[0]}: or default:" if missing else "the desk's has one: add default:"
        report.error("unknown-entry", node.place, f"this '{name}' has no {lacking}", hint)
        return False
    return True
