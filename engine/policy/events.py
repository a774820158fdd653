"""A desk's `calendar.yaml`, and windows round its events: what they mean, and what is wrong with them."""

import re
from datetime import date, time, timedelta
from types import MappingProxyType

from engine.domain.events import Around, Events, Occasion
from engine.domain.numbers import span_of
from engine.policy.event_names import no_event
from engine.policy.events_shape import EVENT_DAY, EVENT_SPAN
from engine.policy.findings import Report
from engine.policy.literals import parse_literal
from engine.policy.program import Window
from engine.policy.scope import Scope
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence


def compile_events(root: MappingNode, report: Report) -> Events:
    """Return a desk's calendar; what cannot be read is reported and left out."""
    years = frozenset(int(item.text) for item in _scalars(root.get("years")) if re.fullmatch("[0-9]{4}", item.text))
    events = root.get("events")
    occasions: dict[str, tuple[Occasion, ...]] = {}
    for entry in events.entries if isinstance(events, MappingNode) else ():
        read = [_occasion(item, years, report) for item in _scalars(entry.value)]
        occasions[entry.key.text] = tuple(one for one in read if one is not None)
    return Events(years, MappingProxyType(occasions))


def _occasion(item: Scalar, years: frozenset[int], report: Report) -> Occasion | None:
    if not re.fullmatch(EVENT_DAY, item.text):
        return None
    day, _, clock = item.text.partition(" ")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        report.error("wrong-value", item.place, f"there is no day {day}", "write year-month-day, as in 2026-12-24")
        return None
    if years and on.year not in years:
        hint = f"add {on.year} to years once all its events stand here"
        report.error("year-not-held", item.place, f"{day} is in none of this calendar's years", hint)
        return None
    hour, minute, second = (int(part) for part in (*clock.split(":"), "0", "0")[:3]) if clock else (0, 0, 0)
    return Occasion(on, time(hour, minute, second) if clock else None)


def compile_event_window(node: MappingNode, scope: Scope, report: Report) -> Window:
    """Return the window round an event that a policy names under `during`."""
    name, ends = node.get("event"), [_span(node.get(key)) for key in ("from", "to")]
    if not isinstance(name, Scalar) or not name.text or ends[0] is None or ends[1] is None:
        return Window()
    occasions = scope.events.occasions.get(name.text)
    if occasions is None and scope.events_unread:
        return Window()
    if occasions is None:
        report.error("unknown-event", name.place, *no_event(name.text, tuple(scope.events.occasions)))
        return Window()
    whole = next((occasion for occasion in occasions if occasion.at is None), None)
    if whole is not None:
        hint = f"write it as {whole.on} 10:00 in calendar.yaml, or ask event_day('{name.text}') in when"
        report.error("event-without-time", name.place, f"'{name.text}' has no time of day on {whole.on}", hint)
        return Window()
    texts = [end.text for end in (node.get("from"), node.get("to")) if isinstance(end, Scalar)]
    said = f"{texts[0]} to {texts[1]} of {name.text}"
    if ends[0] >= ends[1]:
        message = f"'during' runs from {said}: it is never open"
        report.error("empty-window", node.key_place("from"), message, "from must be before to")
        return Window()
    return Window(said, around=Around(ends[0], ends[1], occasions, scope.events.years))


def _span(node: Node | None) -> timedelta | None:
    if not isinstance(node, Scalar) or not re.fullmatch(EVENT_SPAN, node.text):
        return None
    literal = parse_literal(node.text.lstrip("+-"))
    size = span_of(literal.value) if literal is not None else timedelta(0)
    return -size if node.text.startswith("-") else size


def _scalars(node: Node | None) -> list[Scalar]:
    return [item for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else []
