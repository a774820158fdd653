"""What an account does differently: its own values and modes, each perhaps until a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from engine.domain.enums import Mode


@dataclass(frozen=True, slots=True)
class Override:
    """
    One setting of an account that differs.

    policy: whose, empty for a desk value. value: the name of the value, empty for the mode. setting: the compiled
    expression, or the Mode. until: the last trading date on which it holds, None for ever. reason: as written.
    """

    policy: str
    value: str
    setting: Any
    until: date | None = None
    reason: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether it holds on a trading date."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Settings:
    """What some overrides come to: desk values, modes by policy, and values by policy."""

    values: Mapping[str, Any]
    modes: Mapping[str, Mode]
    lets: Mapping[str, Mapping[str, Any]]


def settings_of(overrides: Iterable[Override]) -> Settings:
    """Return what overrides come to; of two for the same thing the later one counts."""
    values: dict[str, Any] = {}
    modes: dict[str, Mode] = {}
    lets: dict[str, dict[str, Any]] = {}
    for one in overrides:
        if not one.policy:
            values[one.value] = one.setting
        elif not one.value:
            modes[one.policy] = one.setting
        else:
            lets.setdefault(one.policy, {})[one.value] = one.setting
    frozen = {name: MappingProxyType(own) for name, own in lets.items()}
    return Settings(MappingProxyType(values), MappingProxyType(modes), MappingProxyType(frozen))
