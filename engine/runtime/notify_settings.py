"""How a desk tells people: its channels by `notify:` of `rekha.yaml`, and their addresses by the environment."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from engine.domain.numbers import span_of
from engine.domain.secret import Secret
from engine.errors import MisuseError
from engine.policy.findings import Report, suggestion
from engine.policy.literals import parse_duration
from engine.policy.program import Program
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence

PING: Final = "REKHA_PING"


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """
    channels: by name, in the order in which they join when nobody answers; without any nobody is told.

    otherwise: by channel the one that is taken when it fails. repeat: between two tellings of what nobody answers.
    ping: between two calls of the address in REKHA_PING; None for none.
    """

    channels: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repeat: timedelta = timedelta(minutes=2)
    ping: timedelta | None = None


NOBODY_TOLD: Final = NotifySettings()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where messages go, never shown. ping: None when nobody is called."""

    channels: Mapping[str, Secret] = field(repr=False)
    ping: Secret | None = field(default=None, repr=False)


def read_notify(desk: MappingNode) -> NotifySettings:
    """Return what a sound desk file says of it."""
    node = desk.get("notify")
    if not isinstance(node, MappingNode):
        return NOBODY_TOLD
    otherwise = node.get("otherwise")
    entries = otherwise.entries if isinstance(otherwise, MappingNode) else ()
    return NotifySettings(
        channels=tuple(one.text for one in _names(node.get("channels"))),
        otherwise=MappingProxyType({one.key.text: one.value.text for one in entries if isinstance(one.value, Scalar)}),
        repeat=_span(node.get("repeat")) or NOBODY_TOLD.repeat,
        ping=_span(node.get("ping")),
    )


def check_notify(desk: MappingNode, program: Program, report: Report) -> None:
    """Report each channel that is named and is none of the desk's; a desk without `notify` tells nobody."""
    node = desk.get("notify")
    if not isinstance(node, MappingNode):
        return
    channels = _names(node.get("channels"))
    known = [one.text for one in channels]
    variables: dict[str, str] = {}
    for one in channels:
        other = variables.setdefault(variable_of(one.text), one.text)
        if other != one.text:
            message = f"the addresses of '{one.text}' and of '{other}' would both be {variable_of(one.text)}"
            report.error("same-variables", one.place, message, "let their names differ in a letter or digit")
    otherwise = node.get("otherwise")
    for entry in otherwise.entries if isinstance(otherwise, MappingNode) else ():
        for scalar in (entry.key, entry.value):
            if isinstance(scalar, Scalar) and scalar.text not in known:
                message = f"'{scalar.text}' is none of this desk's channels"
                report.error("unknown-channel", scalar.place, message, suggestion(scalar.text, known))
    for name, policies in _asked(program).items():
        if name not in known:
            message = f"{policies[0]}{_and_more(policies)} would tell '{name}', which is none of this desk's channels"
            hint = suggestion(name, known) or f"add it to channels, and its address as {variable_of(name)}"
            report.error("unknown-channel", node.key_place("channels"), message, hint)


def variable_of(channel: str) -> str:
    """Return the environment variable that holds a channel's address: `telegram` → `REKHA_NOTIFY_TELEGRAM`."""
    return f"REKHA_NOTIFY_{re.sub('[^A-Z0-9]', '_', channel.upper())}"


def read_addresses(settings: NotifySettings, environment: Mapping[str, str]) -> Addresses:
    """Return where messages go. Raises: MisuseError naming every variable that is not set."""
    wanted = {name: variable_of(name) for name in settings.channels}
    names = [*wanted.values(), *([PING] if settings.ping is not None else [])]
    missing = [name for name in names if not environment.get(name, "").strip()]
    if missing:
        raise MisuseError(f"not set in the environment: {', '.join(missing)}; messages go to the addresses they hold")
    found = {name: Secret(environment[variable].strip()) for name, variable in wanted.items()}
    ping = None if settings.ping is None else Secret(environment[PING].strip())
    return Addresses(MappingProxyType(found), ping)


def _asked(program: Program) -> Mapping[str, list[str]]:
    """Return the channels that policies name, each with who does."""
    found: dict[str, list[str]] = {}
    for policy in program.policies:
        for call in policy.then:
            for name in call.arguments["channels"] if call.name == "notify" else ():
                if policy.ladder not in found.setdefault(name, []):
                    found[name].append(policy.ladder)
    return found


def _and_more(names: Iterable[str]) -> str:
    more = len(tuple(names)) - 1
    return f" and {more} more" if more else ""


def _names(node: Node | None) -> list[Scalar]:
    return [one for one in node.items if isinstance(one, Scalar)] if isinstance(node, Sequence) else []


def _span(node: Node | None) -> timedelta | None:
    seconds = parse_duration(node.text) if isinstance(node, Scalar) else None
    return None if seconds is None else span_of(seconds)
