"""What an action demands of the policy it stands in; and no sentence may be always true or impossible."""

from datetime import timedelta

from engine.domain.truth import Truth
from engine.facts.base import RowSpec
from engine.facts.catalogue import CATALOGUE
from engine.policy import guard, ir
from engine.policy.findings import Place, Report
from engine.policy.literals import parse_duration
from engine.policy.program import ActionCall, Once
from engine.policy.scope import Scope
from engine.policy.shape import locate, plain, steps_of
from engine.policy.values import place_in
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Scalar

_NEVER_NEGATIVE = ("loss", "drawdown", "profit")
_SUBJECTS = frozenset(rows.singular for rows in CATALOGUE.subjects)


def is_open(sentence: ir.Sentence, scope: Scope, scalar: Scalar, report: Report) -> bool:
    """Return whether a sentence and each comparison in it can be both true and false; report the first otherwise."""
    decided = guard.decided_part(sentence, scope.catalogue, scope.values)
    if decided is None:
        return True
    part, truth = decided
    code, words = ("always-true", "always true") if truth is Truth.TRUE else ("impossible", "never true")
    text = sentence.text[part.at[0] : part.at[0] + part.at[1]] or sentence.text
    message = f"'{text}' is {words}, whatever the account does"
    report.error(code, place_in(scalar, part.at), message, _never_negative(part))
    return False


def _never_negative(node: ir.Node) -> str | None:
    for part in ir.walk(node):
        name = part.name if isinstance(part, ir.FactRef) else part.field if isinstance(part, ir.FieldRef) else ""
        if name in _NEVER_NEGATIVE:
            return f"'{name}' is never negative: compare it with a positive limit"
    return None


def check_actions(
    root: MappingNode,
    then: tuple[ActionCall, ...],
    once: Once | None,
    cooldown: timedelta | None,
    for_each: RowSpec | None,
    report: Report,
) -> None:
    """Report every key that is missing because an action needs it, at the first action that does."""
    told: set[str] = set()
    for call in then:
        for key, hint in _missing(root, call, once, cooldown, for_each):
            if key not in told:
                told.add(key)
                message = f"'{call.name}' cannot be undone, so the policy must say '{key}'"
                report.error(f"needs-{key.replace('_', '-')}", _place(root, call.pointer), message, f"add {hint}")
    _check_once(root, once, for_each, report)
    _check_rests(root, report)
    _check_order(root, then, report)
    _check_kill(root, then, report)
    if root.get("where") is not None and root.get("for_each") is None:
        chosen = str(plain(root.get("where") or root))
        row = next((rows.singular for rows in CATALOGUE.subjects if f"{rows.singular}." in chosen), "position")
        hint = f"add for_each: {row}, or move the condition into `when`"
        report.error(
            "where-without-rows", root.key_place("where"), "'where' chooses rows, but there is no for_each", hint
        )


def _missing(
    root: MappingNode, call: ActionCall, once: Once | None, cooldown: timedelta | None, for_each: RowSpec | None
) -> list[tuple[str, str]]:
    keys, spec = root.keys(), call.spec
    latch = _latch(for_each)
    missing = []
    if spec.irrevocable and "confirm" not in keys:
        missing.append(("confirm", "confirm: {samples: 2, at_least: 3s}, or confirm: at once"))
    if spec.irrevocable and "on_unknown" not in keys:
        missing.append(("on_unknown", "on_unknown: {alert: after 10s}, or on_unknown: wait"))
    if "once" in keys:
        if spec.needs_latch and once is not None and once.scope == "episode":
            missing.append(("once", f"{latch}; a latch per episode forgets too soon"))
    elif spec.needs_latch:
        missing.append(("once", latch))
    elif spec.repeats_need_rest and cooldown is None:
        missing.append(("once", f"{latch}, or a cooldown"))
    return missing


def _place(root: MappingNode, pointer: str) -> Place:
    return locate(root, steps_of(pointer))[1]


def _check_rests(root: MappingNode, report: Report) -> None:
    for path in (("cooldown",), ("confirm", "max_gap")):
        node, _ = locate(root, path)
        if isinstance(node, Scalar) and parse_duration(node.text) == 0:
            what = " is no rest at all" if path[0] == "cooldown" else ": no second reading could ever be in time"
            report.error("wrong-value", node.place, f"{path[-1]}: {node.text}{what}", "write a time such as 10s")
    node, _ = locate(root, ("on_unknown", "fire"))
    if isinstance(node, Scalar) and parse_duration(node.text.removeprefix("after ")) == 0:
        message = f"fire: {node.text} acts at the first reading in which something is missing"
        report.error("wrong-value", node.place, message, "write a time such as after 30s")


def _check_order(root: MappingNode, then: tuple[ActionCall, ...], report: Report) -> None:
    """Warn of what ends our hands or eyes before the positions are closed."""
    exits = [index for index, call in enumerate(then) if call.spec.exits]
    for index, call in enumerate(then):
        ends = call.name == "kill_switch" or (call.name == "logout" and call.arguments["when"] == "now")
        if ends and exits and index < exits[-1]:
            report.warning(
                "dangerous-order",
                _place(root, call.pointer),
                f"'{call.name}' stands before '{then[exits[-1]].name}': nothing could be closed after it",
                "put the exits first",
            )


def _check_kill(root: MappingNode, then: tuple[ActionCall, ...], report: Report) -> None:
    """Warn of a switch that is thrown on open positions."""
    for call in then:
        if "even_if_open" in call.arguments:
            message = "the kill switch is thrown even if positions stay open: nobody may be able to close them then"
            hint = "leave even_if_open out; it is then thrown by itself as soon as the book is flat"
            report.warning("kill-while-open", _place(root, call.pointer), message, hint)


def _check_once(root: MappingNode, once: Once | None, for_each: RowSpec | None, report: Report) -> None:
    if once is None or once.scope not in _SUBJECTS or (for_each is not None and not for_each.latches):
        return
    wanted = for_each.singular if for_each is not None else "account"
    if once.scope != wanted:
        node, _ = locate(root, ["once"])
        message = f"the latch is per {once.scope}, the rule gives one verdict per {wanted}"
        report.error("once-scope", node.place, message, f"write {_latch(for_each, once.period)}")


def _latch(for_each: RowSpec | None, period: str = "") -> str:
    """Return the latch to write for a rule, of the period wished for where it has one."""
    if for_each is None:
        return f"once: per account per {period or 'day'}"
    lasting = period if period in for_each.latches else next(iter(for_each.latches), "day")
    return f"once: per {for_each.singular}{f' per {lasting}' if lasting else ''}"
