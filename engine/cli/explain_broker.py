"""`rekha explain broker`: what is known of a broker, each line with its source and whether the broker says it."""

from collections.abc import Iterator
from datetime import time

from engine.domain.capabilities import Capabilities
from engine.domain.numbers import canonical
from engine.domain.rulebook import OrderLimits, Rulebook
from engine.domain.truth import Truth
from engine.runtime.rulebooks import rulebook_for

_WORDS = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "not known"}
_WIDTH = 17


def described(broker: str) -> Iterator[str] | None:
    """Return the lines of what is known of a broker; None for one nobody looked up."""
    rulebook = rulebook_for(broker)
    return None if rulebook.limits is None else _lines(rulebook)


def _lines(rulebook: Rulebook) -> Iterator[str]:
    known = rulebook.capabilities
    yield f"{known.broker}: what is known of it, read on {known.read_on}; verified is what the broker itself says"
    yield "can"
    for word, line in known.lines.items():
        yield from _line(word.value, _WORDS[line.is_there], line.source, verified=line.verified, note=line.note)
    yield "takes"
    yield from _limits("orders", rulebook.limits)
    yield from _limits("calls of any kind", rulebook.calls)
    if known.tag is not None:
        form = f"up to {known.tag.longest} of {known.tag.characters}"
        yield from _line("tags", form, known.tag.source, verified=known.tag.verified)
    yield "does by itself"
    for rule in rulebook.square_offs or ():
        products, segments = ", ".join(sorted(rule.products)), ", ".join(sorted(one.value for one in rule.segments))
        when = _clock(rule.at) if rule.before_close is None else f"{rule.before_close.seconds // 60}m before the close"
        yield from _line("squares off", f"{products} in {segments}, {when}", "", verified=rule.verified)
    yield from _profile(known)


def _profile(known: Capabilities) -> Iterator[str]:
    if known.session_end is not None:
        told = known.session_end
        at = _clock(known.session_ends_at)
        yield from _line("ends a session", f"{at}; {told.words}", told.source, verified=told.verified)
    if known.day_basis is not None:
        told = known.day_basis
        yield "counts the day"
        yield from _line("from", told.words, told.source, verified=told.verified)
    switch = known.kill_switch
    if switch is not None:
        yield "kill switch"
        yield from _line("how", switch.how, switch.source, verified=switch.verified)
        yield f"  {'requires flat':<{_WIDTH}} {_WORDS[switch.requires_flat]}"
        yield f"  {'blocks API orders':<{_WIDTH}} {_WORDS[switch.blocks_api_orders]}"
        yield f"  {'undone same day':<{_WIDTH}} {_WORDS[switch.undone_same_day]}"


def _limits(name: str, limits: OrderLimits | None) -> Iterator[str]:
    if limits is not None:
        spans = (("second", limits.per_second), ("minute", limits.per_minute), ("day", limits.per_day))
        told = ", ".join(f"{canonical(count)} a {span}" for span, count in spans if count is not None)
        yield from _line(name, told, "", verified=limits.verified)


def _line(name: str, told: str, source: str, *, verified: bool, note: str = "") -> Iterator[str]:
    yield f"  {name:<{_WIDTH}} {told} ({'verified' if verified else 'not verified'})"
    for more in (note, source and f"source: {source}"):
        if more:
            yield f"  {'':<{_WIDTH}}   {more}"


def _clock(at: time | None) -> str:
    return "" if at is None else f"{at:%H:%M}"
