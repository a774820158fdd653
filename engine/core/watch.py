"""A program as one account watches it: its policies, modes and limits, and the generated functions they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from json import dumps
from types import MappingProxyType
from typing import Any

from engine.core.env import AccountEnv, kept_as
from engine.core.rule_state import Terms
from engine.core.views import Views
from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.values import unknown
from engine.facts.base import Demands
from engine.policy import ir, meaning
from engine.policy.generated.conditions import Conditions, generate
from engine.policy.generated.terms import Constant, is_fixed
from engine.policy.needs import freshness_of, needs_of
from engine.policy.past import histories
from engine.policy.program import Policy, Program
from engine.policy.scope import Later, Scope

# What a limit that moves is while nothing is read yet; nobody sees it.
_LATER = unknown("worked out at each reading")


@dataclass(frozen=True, eq=False)
class Group:
    """
    The policies that make the same demands of facts, and their generated form for this account.

    constants: its limits, in the order the generated function takes them. moving: those that follow the reading (2 % of
    capital), by position.
    """

    demands: Demands
    conditions: Conditions
    constants: tuple[Any, ...]
    moving: Mapping[int, Constant]


@dataclass(frozen=True, eq=False)
class Series:
    """A series a policy asks history of, and the policy in whose terms it is read."""

    node: ir.Node
    policy: Policy


@dataclass(frozen=True, eq=False)
class Watch:
    """
    What of a program concerns one account.

    policies: those that watch it, in file order, `off` ones too; none about a group of accounts. values: desk values as
    they are on this account. former: names of today by the former name. series: what history is asked of, each once.
    """

    account: Account
    program: Program
    policies: tuple[Policy, ...]
    groups: tuple[Group, ...]
    values: Mapping[str, ir.Node]
    terms: Mapping[str, Terms] = field(repr=False)
    by_name: Mapping[str, Policy] = field(repr=False)
    former: Mapping[str, str] = field(repr=False)
    series: tuple[Series, ...] = field(repr=False)

    def mode_of(self, policy: Policy) -> Mode:
        """Return the mode in force here."""
        return self.account.modes.get(policy.name, policy.mode)

    def terms_of(self, policy: Policy) -> Terms:
        """Return what of a policy its rule obeys here."""
        return self.terms[policy.name]

    def env(self, policy: Policy, views: Views) -> AccountEnv:
        """Return where a policy's names get their values at a reading."""
        values = {**self.values, **policy.lets} if policy.lets else self.values
        return AccountEnv(views.of(policy.demands), self.program.catalogue, values)


def watch_of(program: Program, account: Account) -> Watch:
    """Return a program as an account watches it; worked out once for each account."""
    found: Watch | None = program.memo.get(("watch", account.id))
    if found is None or found.account is not account:
        found = _watch(program, account)
        program.memo["watch", account.id] = found
    return found


def _watch(program: Program, account: Account) -> Watch:
    own = (policy for policy in program.policies if not policy.is_of_group)
    watching = (policy for policy in own if policy.accounts.selects(account.id, account.labels))
    values = {**program.values, **account.values}
    policies = tuple(_here(policy, account, program, values) for policy in watching)
    awake: dict[Demands, list[Policy]] = {}
    for policy in policies:
        if account.modes.get(policy.name, policy.mode) is not Mode.OFF:
            awake.setdefault(policy.demands, []).append(policy)
    return Watch(
        account=account,
        program=program,
        policies=policies,
        groups=tuple(_group(program, account, tuple(found), demands, values) for demands, found in awake.items()),
        values=values,
        terms={policy.name: terms_of(policy, account) for policy in policies},
        by_name={policy.name: policy for policy in policies},
        series=_series([policy for found in awake.values() for policy in found], values),
        former={policy.was: policy.name for policy in policies if policy.was},
    )


def _series(policies: list[Policy], values: Mapping[str, ir.Node]) -> tuple[Series, ...]:
    found: dict[tuple[str, str], Series] = {}
    for policy in policies:
        own = {**values, **policy.lets}
        for past in histories(policy.trees, own):
            names = [own.get(part.name) for part in ir.walk(past.series) if isinstance(part, ir.ValueRef)]
            key = kept_as(repr(ir.canonical_form(past.series)), policy.demands), repr(names)
            found.setdefault(key, Series(past.series, policy))
    return tuple(found.values())


def _here(policy: Policy, account: Account, program: Program, values: Mapping[str, ir.Node]) -> Policy:
    """Return a policy as it is on an account: with the values that differ there, and what these are read from."""
    lets = {**policy.lets, **account.lets.get(policy.name, {})}
    if lets == policy.lets and not account.values:
        return policy
    scope = Scope(program.catalogue, Later(), {**values, **lets})
    return replace(
        policy,
        lets=MappingProxyType(lets),
        needs=policy.needs | needs_of(policy.trees, scope, policy.for_each),
        freshness=MappingProxyType(freshness_of((policy.when, policy.where), scope)),
    )


def _own_lets(policy: Policy, account: Account) -> tuple[str, ...]:
    own = account.lets.get(policy.name, {})
    return tuple(dumps([policy.name, name, ir.canonical_form(node)], default=str) for name, node in own.items())


def _group(
    program: Program, account: Account, policies: tuple[Policy, ...], demands: Demands, values: Mapping[str, ir.Node]
) -> Group:
    # Accounts with the same policies share the function; what differs between them are its arguments.
    differing = tuple(key for policy in policies for key in _own_lets(policy, account))
    key = ("conditions", tuple(policy.name for policy in policies), differing)
    if key not in program.memo:
        program.memo[key] = generate(policies, program.catalogue)
    conditions: Conditions = program.memo[key]
    fixed: list[Any] = []
    moving: dict[int, Constant] = {}
    for index, constant in enumerate(conditions.constants):
        own = {**values, **constant.lets}
        if is_fixed(constant.node, own):
            fixed.append(meaning.fixed_value(constant.node, own))
        else:
            fixed.append(_LATER)
            moving[index] = constant
    return Group(demands, conditions, tuple(fixed), moving)


def terms_of(policy: Policy, account: Account) -> Terms:
    """Return what of a policy its rule obeys on an account."""
    poll: timedelta = account.profile.poll
    return Terms(
        confirm=policy.confirm,
        max_gap=policy.confirm.max_gap if policy.confirm.max_gap is not None else 3 * poll,
        on_unknown=policy.on_unknown,
        cooldown=policy.cooldown,
        has_clear_when=policy.clear_when is not None,
        fingerprint=policy.fingerprint,
        mode=account.modes.get(policy.name, policy.mode),
    )
