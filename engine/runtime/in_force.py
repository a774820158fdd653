"""What the engine goes by at an instant: one policy set and the desk's accounts as they stand to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.overrides import Override
from engine.policy.program import Policy, Program


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


def in_dry_run(in_force: InForce) -> InForce:
    """Return a set of which nothing is enforced: what would be is decided in dry run."""
    policies = tuple(_milder(one) for one in in_force.program.policies)
    accounts = {
        name: replace(
            account,
            modes=MappingProxyType({policy: _mild(mode) for policy, mode in account.modes.items()}),
            overrides=tuple(_milder_override(one) for one in account.overrides),
        )
        for name, account in in_force.accounts.items()
    }
    program = replace(in_force.program, policies=policies)
    return replace(in_force, program=program, accounts=MappingProxyType(accounts))


def _mild(mode: Mode) -> Mode:
    return Mode.DRY_RUN if mode is Mode.ENFORCE else mode


def _milder(policy: Policy) -> Policy:
    return replace(policy, mode=_mild(policy.mode))


def _milder_override(override: Override) -> Override:
    return replace(override, setting=_mild(override.setting)) if isinstance(override.setting, Mode) else override
