"""From a file's nodes to one compiled policy: each key read in the type its shape promises, every mistake reported."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from hashlib import sha256
from json import dumps
from types import MappingProxyType

from engine.domain.enums import Mode, Severity
from engine.domain.kinds import MONEY, Kind
from engine.domain.numbers import HUNDRED, span_of
from engine.facts.base import Demands, RowSpec
from engine.policy import ir
from engine.policy.because import compile_because
from engine.policy.demands import check_actions, is_open
from engine.policy.events import compile_event_window
from engine.policy.examples import compile_examples
from engine.policy.expression import parse_condition
from engine.policy.findings import Report
from engine.policy.groups import check_group, check_is_of_group
from engine.policy.literals import parse_duration, parse_literal, parse_time
from engine.policy.named_values import compile_values
from engine.policy.needs import freshness_of, needs_of, needs_of_exits
from engine.policy.past import histories
from engine.policy.program import ActionCall, Confirm, Once, OnUnknown, Policy, Selector, Template, Window
from engine.policy.reach import read_blast_radius, read_wakes
from engine.policy.scope import Scope
from engine.policy.sentence import SentenceError, flatten
from engine.policy.shape import plain
from engine.policy.then import compile_then
from engine.policy.type_rules import described
from engine.policy.units import settled
from engine.policy.values import compile_value, report_sentence
from engine.policy.yaml_text import TAGGED, Node, Scalar, Sequence
from engine.policy.yaml_text import Mapping as MappingNode

_SETTLED_MARGIN = timedelta(minutes=1)
_LONGEST = Decimal(366 * 86_400)


@dataclass(frozen=True, slots=True)
class _Source:
    """The file being compiled, and where its findings go."""

    root: MappingNode
    report: Report

    def text(self, key: str, default: str = "") -> str:
        node = self.root.get(key)
        return " ".join(node.text.split()) if isinstance(node, Scalar) else default

    def duration(self, node: Node | None) -> timedelta | None:
        if not isinstance(node, Scalar):
            return None
        seconds = parse_duration(node.text.removeprefix("after "))
        if seconds is not None and seconds > _LONGEST:
            hint = "a rule remembers its day; 366 days are the most"
            self.report.error("wrong-value", node.place, f"'{node.text[:60]}' is too long", hint)
            return None
        return None if seconds is None else span_of(seconds)


def compile_policy(root: MappingNode, scope: Scope, report: Report) -> Policy | None:
    """
    Return the policy a file means, or None when it lacks what a policy needs; findings say why.

    scope: the catalogue and the desk values. Shapes are already checked: what has the wrong shape is skipped here.
    """
    source = _Source(root, report)
    lets_node, desk_values = root.get("let"), scope.values
    if isinstance(lets_node, MappingNode):
        scope = compile_values(lets_node, scope, report)
    elif lets_node is not None:
        scope = replace(scope, values_unread=True)
    lets = {name: node for name, node in scope.values.items() if name not in desk_values}
    for_each = _for_each(root, scope)
    inner = scope.binding(for_each.singular, for_each) if for_each is not None else scope
    when = compile_condition(root.get("when"), inner, report)
    where = compile_condition(root.get("where"), inner, report) if for_each is not None else None
    clear_when = compile_condition(root.get("clear_when"), inner, report)
    confirm = _confirm(source, inner)
    # A group's actions are of each member's own book, in which there is no group.
    own = scope if for_each is not None and for_each.spans_accounts else inner
    then = compile_then(root.get("then"), own, for_each, report)
    conditions = [node for node in (when, where, clear_when, confirm.at_once_beyond) if node is not None]
    because = compile_because(root.get("because"), inner, conditions, report)
    once = _once(source.text("once"))
    cooldown = source.duration(root.get("cooldown"))
    check_actions(root, then, once, cooldown, for_each, report)
    check_group(root, for_each, report)
    read = {"when": when, "where": where, "clear_when": clear_when, "because": because}
    if any(made is None and (key in root.keys() or key == "when") for key, made in read.items()):
        return None
    if when is None or because is None or not then:
        return None
    try:
        severity, mode = Severity(source.text("severity")), Mode(source.text("mode", "dry_run"))
    except ValueError:
        return None
    told = _told_and_chosen(because, then)
    asks_history = bool(histories([*conditions, *told], scope.values))
    demands = replace(_demands(source), max_gap=confirm.max_gap if asks_history else None)
    return Policy(
        name=source.text("policy"),
        title=source.text("title"),
        severity=severity,
        mode=mode,
        accounts=_selector(root.get("accounts")),
        during=_window(root.get("during"), inner, report),
        for_each=for_each,
        where=where,
        when=when,
        clear_when=clear_when,
        confirm=confirm,
        on_unknown=_on_unknown(source),
        once=once,
        cooldown=cooldown,
        then=then,
        because=because,
        lets=MappingProxyType(lets),
        demands=demands,
        needs=needs_of([*conditions, *told], scope, for_each) | needs_of_exits(then),
        freshness=MappingProxyType(freshness_of((when, where), scope)),
        fingerprint=_fingerprint(when, where, confirm, for_each),
        file=root.place.file,
        description=source.text("description"),
        owner=source.text("owner"),
        tags=_texts(root.get("tags")),
        required=source.text("required") in ("yes", "true"),
        was=source.text("was") or None,
        blast_radius=read_blast_radius(root.get("blast_radius"), report),
        wakes=read_wakes(root.get("on"), report),
        examples=compile_examples(root.get("examples"), inner, report),
        place=(root.get("policy") or root).place,
    )


def _told_and_chosen(because: Template, then: tuple[ActionCall, ...]) -> list[ir.Node]:
    """What the reason and the actions read besides the conditions: it must be asked for as well."""
    chosen = [call.arguments["where"] for call in then if "where" in call.arguments]
    return [*(piece[1] for piece in because.pieces if isinstance(piece, tuple)), *chosen]


def compile_condition(node: Node | None, scope: Scope, report: Report) -> ir.Node | None:
    """Return a sentence or a block of them as one typed tree; None with findings when any part cannot be read."""
    if node is None or isinstance(node, Sequence):
        return None
    if isinstance(node, Scalar):
        return _sentence(node, scope, report)
    if len(node.entries) != 1 or node.entries[0].key.text not in ("all", "any", "none"):
        return None
    entry = node.entries[0]
    if not isinstance(entry.value, Sequence):
        return None
    parts = [compile_condition(item, scope, report) for item in entry.value.items]
    # A block of nothing says nothing; its shape is reported.
    if not parts or any(part is None for part in parts):
        return None
    return ir.Junction(kind=entry.key.text, operands=tuple(part for part in parts if part is not None))


def _sentence(node: Scalar, scope: Scope, report: Report) -> ir.Node | None:
    if node.style == TAGGED or node.text == "":
        return None
    try:
        body = parse_condition(node.text, scope)
        check_is_of_group(body, scope)
    except SentenceError as error:
        report_sentence(error, node, report)
        return None
    sentence = ir.Sentence(text=flatten(node.text), pointer=node.place.path, body=body)
    return sentence if is_open(sentence, scope, node, report) else None


def _for_each(root: MappingNode, scope: Scope) -> RowSpec | None:
    # Any kind of row is bound, also a misspelt one or one that comes later: that is told of at the key and only there.
    node = root.get("for_each")
    kinds = (*scope.catalogue.rows.values(), *scope.catalogue.shared.values())
    singulars = [rows.singular for rows in kinds]
    close = get_close_matches(node.text, singulars, n=1) if isinstance(node, Scalar) else []
    if node is not None and not close:
        asked = str([plain(root.get(key) or node) for key in ("where", "when", "once", "because")])
        close = [one for one in singulars if f"{one}." in asked or f"per {one} " in asked] or ["position"]
    return scope.catalogue.singular(close[0]) if close else None


def _confirm(source: _Source, scope: Scope) -> Confirm:
    node = source.root.get("confirm")
    if isinstance(node, Scalar) and node.text == "at once":
        return Confirm(samples=1)
    if not isinstance(node, MappingNode):
        return Confirm()
    samples = node.get("samples")
    count = int(samples.text) if isinstance(samples, Scalar) and re.fullmatch("[1-9][0-9]{0,2}", samples.text) else 2
    return Confirm(
        samples=count,
        at_least=source.duration(node.get("at_least")) or timedelta(0),
        max_gap=source.duration(node.get("max_gap")),
        at_once_beyond=_money_line(node.get("at_once_beyond"), scope, source.report),
    )


def _money_line(node: Node | None, scope: Scope, report: Report) -> ir.Node | None:
    if not isinstance(node, Scalar) or not node.text:
        return None
    line = compile_value(node, scope, report)
    try:
        check_is_of_group(line, scope) if line is not None else None
    except SentenceError as error:
        report_sentence(error, node, report)
        return None
    line = None if line is None else settled(line, MONEY, scope.values)
    if line is not None and line.type.kind is not Kind.MONEY:
        hint = "as in at_once_beyond: 200% of loss_limit"
        report.error("type-mismatch", node.place, f"at_once_beyond needs money, this is {described(line.type)}", hint)
        return None
    return line


def _on_unknown(source: _Source) -> OnUnknown:
    node = source.root.get("on_unknown")
    if not isinstance(node, MappingNode):
        return OnUnknown()
    return OnUnknown(*(source.duration(node.get(key)) for key in ("alert", "block_entries", "fire")))


def _once(text: str) -> Once | None:
    match = re.fullmatch(r"per (\w+)(?: per (day|week))?", text)
    return Once(match[1], match[2] or "") if match else None


def _window(node: Node | None, scope: Scope, report: Report) -> Window:
    if isinstance(node, Scalar) and node.text == "settled_hours":
        return Window("settled_hours", margin=_SETTLED_MARGIN)
    if isinstance(node, MappingNode) and node.get("event") is not None:
        return compile_event_window(node, scope, report)
    if isinstance(node, MappingNode):
        ends = [node.get(key) for key in ("from", "to")]
        start, end = (parse_time(end.text) if isinstance(end, Scalar) else None for end in ends)
        if start is not None and end is not None:
            texts = [end.text for end in ends if isinstance(end, Scalar)]
            return Window(f"{texts[0]} to {texts[1]}", start=start, end=end)
    return Window()


def _selector(node: Node | None) -> Selector:
    if isinstance(node, Sequence):
        return Selector(ids=_texts(node))
    labels = node.get("labels") if isinstance(node, MappingNode) else None
    if isinstance(labels, MappingNode):
        pairs = {entry.key.text: entry.value.text for entry in labels.entries if isinstance(entry.value, Scalar)}
        return Selector(labels=MappingProxyType(pairs))
    return Selector()


def _demands(source: _Source) -> Demands:
    stop = source.root.get("stop_loss")
    share = stop.get("share") if isinstance(stop, MappingNode) else None
    percent = parse_literal(share.text) if isinstance(share, Scalar) else None
    return Demands(
        max_age=source.duration(source.root.get("max_age")),
        stop_loss_share=percent.value if percent is not None else HUNDRED,
    )


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()


def _fingerprint(when: ir.Node, where: ir.Node | None, confirm: Confirm, for_each: RowSpec | None) -> str:
    form = [
        ir.canonical_form(when),
        None if where is None else ir.canonical_form(where),
        [confirm.samples, str(confirm.at_least), str(confirm.max_gap)],
        None if confirm.at_once_beyond is None else ir.canonical_form(confirm.at_once_beyond),
        None if for_each is None else for_each.plural,
    ]
    return sha256(dumps(form, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
