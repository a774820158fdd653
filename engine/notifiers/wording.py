"""Messages as one text: one as it is, several put together with their numbers, the gravest first. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Final

from engine.domain.enums import Severity
from engine.domain.message import Message, Text

_GRAVEST_FIRST: Final = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)
# Chats cut long texts off; what is cut off must be said by us.
_MOST_LINES: Final = 20
_MOST_OF_A_LINE: Final = 300


def text_of(messages: Sequence[Message], zone: tzinfo) -> Text:
    """Return the text of one or more messages, with times as they are in a zone."""
    ranked = sorted(messages, key=lambda one: (_GRAVEST_FIRST.index(one.severity), one.at))
    first = ranked[0]
    if len(ranked) == 1:
        lines = [*first.lines, f"at {first.at.astimezone(zone):%H:%M:%S %Z}"]
        return Text(_short(f"{first.severity.value.upper()} {first.title}"), _body(lines), first.severity)
    counts = Counter(one.severity for one in ranked)
    said = ", ".join(f"{counts[severity]} {severity.value}" for severity in _GRAVEST_FIRST if counts[severity])
    return Text(f"{first.severity.value.upper()} {len(ranked)} messages: {said}", _listed(ranked, zone), first.severity)


def _listed(messages: Sequence[Message], zone: tzinfo) -> str:
    alike: dict[tuple[Severity, str], list[Message]] = {}
    for one in messages:
        alike.setdefault((one.severity, one.title), []).append(one)
    lines = []
    for (severity, title), same in alike.items():
        times = f" ({len(same)} times)" if len(same) > 1 else ""
        lines.append(f"{same[-1].at.astimezone(zone):%H:%M:%S} {severity.value.upper()} {title}{times}")
        # Room for every matter comes before room for its reasons.
        if len(alike) <= _MOST_LINES // 2:
            lines.extend(same[-1].lines[:1])
    return _body(lines)


def _body(lines: Iterable[str]) -> str:
    shown = [_short(line) for line in lines if line]
    more = len(shown) - _MOST_LINES
    if more > 0:
        shown = [*shown[:_MOST_LINES], f"and {more} more"]
    return "\n".join(shown)


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= _MOST_OF_A_LINE else f"{line[: _MOST_OF_A_LINE - 1]}…"
