"""What the engine goes by at an instant: one policy set and the desk's accounts as they stand to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from engine.domain.account import Account
from engine.policy.program import Program


@dataclass(frozen=True, slots=True)
class InForce:
    """
    A whole checked set that everything decided at one instant is decided by.

    accounts: of the desk, by id. spots: underlyings whose own price it asks for by name. files: the texts it was read
    from, by the name of their file.
    """

    program: Program
    accounts: Mapping[str, Account]
    spots: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


class Programs(Protocol):
    """Where the set in force comes from; another one takes its place between two evaluations, never within one."""

    def current(self) -> InForce:
        """Return what is in force now."""
        ...


@dataclass(frozen=True, slots=True)
class Unchanging:
    """A set that stays in force."""

    in_force: InForce

    def current(self) -> InForce:
        """Return it."""
        return self.in_force
