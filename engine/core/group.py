"""
The second step: rules about several accounts taken together, judged on what each member's last evaluation showed.

Pure, and apart from the accounts' own evaluation, so that none of them waits for another. The condition is of the
group; what follows from it (window, mode, latch, episode) is of each member by itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.core.at_once import is_past
from engine.core.blocks import Blocks, folded, unexpired
from engine.core.decide import Decision
from engine.core.decide import is_past as is_latch_past
from engine.core.env import AccountEnv, read_from
from engine.core.group_reading import MemberReading, asked_of, group_of, group_policies, has_fresh_books
from engine.core.newness import is_new_reading
from engine.core.renames import renamed_blocks, renamed_latches, renamed_rules
from engine.core.result import Case, Judged, Result, Row
from engine.core.rule_state import RuleState, Stamps, is_blank, is_over
from engine.core.slot import Outcome, Rules, Slot, joined
from engine.core.views import Views
from engine.core.watch import Watch, terms_of
from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.latch import Latch
from engine.domain.snapshot import Missing, Snapshot
from engine.domain.truth import Truth
from engine.facts.base import Catalogue, Part, View
from engine.facts.group import Group
from engine.facts.memory import DayMemory
from engine.policy import ir
from engine.policy.groups import members_of
from engine.policy.program import Policy, Program

MemberRule = tuple[str, str]
_NO_BOOK = Missing("a rule about a group looks at no account's book")


@dataclass(frozen=True, slots=True)
class GroupState:
    """
    What is remembered of the rules about groups, by policy and member; a value like `AccountState`.

    rearmed: as an account's. blocks: those that live in each member, the oldest first; they are that account's beside
    its own.
    """

    rules: Mapping[MemberRule, RuleState] = field(default_factory=lambda: MappingProxyType({}))
    latches: frozenset[Latch] = frozenset()
    rearmed: frozenset[Latch] = frozenset()
    blocks: Mapping[str, Blocks] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class GroupResult:
    """
    Where one policy stands in each member. results, views: by account, in the order of the desk.

    conditions: what `when` is for each member, whatever its mode.
    """

    policy: Policy
    group: Group
    results: Mapping[str, Result]
    views: Mapping[str, View] = field(compare=False, repr=False)
    conditions: Mapping[str, Callable[[], Truth]] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GroupEvaluation:
    """
    What the rules about groups came to at one instant.

    groups: one for each policy looked at, in file order. is_whole: whether all were, not only those of one account.
    """

    groups: tuple[GroupResult, ...]
    next_state: GroupState
    is_whole: bool = field(default=True, compare=False)

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result, by policy and member."""
        return tuple(result for one in self.groups for result in one.results.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What the rules that act now order, one decision for each member."""
        return tuple(result.decision for result in self.results if result.decision is not None)


def evaluate_group(
    program: Program,
    accounts: Mapping[str, Account],
    readings: Mapping[str, MemberReading],
    state: GroupState,
    now: datetime,
    ticked: str | None = None,
) -> GroupEvaluation:
    """
    Return what every policy about a group makes of its members at one instant.

    accounts: of the whole desk, by id. readings: the last of each that was read; in whatever order they came. ticked:
    the account that has just been evaluated, to look only at its groups; None for all.
    """
    accounts = {name: account.at(now) for name, account in accounts.items()}
    former = {policy.was: policy.name for policy in group_policies(program) if policy.was}
    rules, latches = dict(renamed_rules(state.rules, former)), renamed_latches(state.latches, former)
    rearmed = renamed_latches(state.rearmed, former)
    found: list[GroupResult] = []
    for policy in group_policies(program):
        members = {one.id: one for one in members_of(policy, accounts)}
        if not members or (ticked is not None and ticked not in members):
            continue
        views = {name: _view(account, policy, readings.get(name), now) for name, account in members.items()}
        group = group_of(policy, asked_of(program, policy), views, readings)
        shared = _Pass(program, policy, group, views, readings)
        results: dict[str, Result] = {}
        conditions: dict[str, Callable[[], Truth]] = {}
        for name, view in views.items():
            slot = _MemberSlot(shared, view, _remembered(policy, name, rules), latches, rearmed)
            outcome, conditions[name] = slot.of_group(), slot.condition
            result, moved = outcome.results[0], outcome.rules.get((policy.name, None))
            results[name] = result
            if moved is not None:
                rules[policy.name, name] = moved
            if moved is not None and (is_blank(moved) or is_over(moved, view.session.trading_date, now)):
                del rules[policy.name, name]
        today = max(view.session.trading_date for view in views.values())
        written = {one.decision.latch for one in results.values() if one.decision and one.decision.latch}
        latches = frozenset(latch for latch in latches | written if not is_latch_past(latch, today))
        kept = MappingProxyType(results), MappingProxyType(views), MappingProxyType(conditions)
        found.append(GroupResult(policy, group, *kept))
    blocks = {name: renamed_blocks(live, former) for name, live in state.blocks.items()}
    live = _blocks(program, accounts, found, blocks, rules, now)
    next_state = GroupState(MappingProxyType(rules), latches, rearmed & latches, live)
    return GroupEvaluation(tuple(found), next_state, is_whole=ticked is None)


def _blocks(
    program: Program,
    accounts: Mapping[str, Account],
    found: list[GroupResult],
    before: Mapping[str, Blocks],
    rules: Mapping[MemberRule, RuleState],
    now: datetime,
) -> Mapping[str, Blocks]:
    live: dict[str, Blocks] = {}
    for name, account in accounts.items():
        watched = {one.name for one in group_policies(program) if one.accounts.selects(name, account.labels)}
        own: dict[tuple[str, str | None], RuleState] = {
            (policy, None): rule for (policy, member), rule in rules.items() if member == name
        }
        results = [one.results[name] for one in found if name in one.results]
        blocks = folded(unexpired(before.get(name, ()), now), results, own, watched)
        if blocks:
            live[name] = blocks
    return MappingProxyType(live)


def _remembered(policy: Policy, account: str, rules: Mapping[MemberRule, RuleState]) -> Rules:
    state = rules.get((policy.name, account))
    return {} if state is None else {(policy.name, None): state}


def _view(account: Account, policy: Policy, reading: MemberReading | None, now: datetime) -> View:
    # Of an account only the clock, the session and the profile matter here; its figures come from its reading.
    taken_at = now if reading is None else reading.taken_at
    nothing = Snapshot(account.id, taken_at, _NO_BOOK, _NO_BOOK, _NO_BOOK, _NO_BOOK, _NO_BOOK)
    return View(account, nothing, DayMemory(), account.calendar.session_at(now), now, policy.demands)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One policy's group at one instant, for whichever member is looked at."""

    program: Program
    policy: Policy
    group: Group
    views: Mapping[str, View]
    readings: Mapping[str, MemberReading]

    def stamps(self, needs: frozenset[Part]) -> Stamps:
        """Return when each part that was read was taken, in every member."""
        found = [(name, part, self._taken_at(name, part)) for name, part in self.behind(needs)]
        return tuple((_stamp_name(name, part), taken_at) for name, part, taken_at in found if taken_at is not None)

    def behind(self, needs: frozenset[Part]) -> list[tuple[str, str]]:
        """Return the members' parts, as each of them reads them, in a fixed order."""
        return [
            (name, part)
            for name, view in self.views.items()
            for part in sorted(one.value for one in read_from(needs, view.account.profile) if one is not Part.CLOCK)
        ]

    def oldest(self, needs: frozenset[Part]) -> datetime | None:
        """Return when the oldest of the members' parts was taken; None when one was not read."""
        found = [self._taken_at(name, part) for name, part in self.behind(needs)]
        known = [taken_at for taken_at in found if taken_at is not None]
        return min(known) if known and len(known) == len(found) else None

    def _taken_at(self, name: str, part: str) -> datetime | None:
        return self.readings[name].stamps.get(part) if name in self.readings else None


def _stamp_name(account: str, part: str) -> str:
    return f"{account} {part}"


class _GroupEnv(AccountEnv):
    """Names in a rule about a group: the clock is the member's own, the figures are of all members."""

    def __init__(self, view: View, catalogue: Catalogue, values: Mapping[str, ir.Node], group: _Pass) -> None:
        super().__init__(view, catalogue, values)
        self._group = group

    def read_at(self, name: str) -> datetime | None:
        plural, _, field_name = name.partition(".")
        if plural not in self.catalogue.shared:
            return super().read_at(name)
        needs = self.catalogue.shared[plural].fields[field_name].needs
        return self.now if needs <= {Part.CLOCK} else self._group.oldest(needs)


class _MemberSlot(Slot):
    """One member of a group at one instant; of its own account only what a decision there needs."""

    def __init__(
        self, group: _Pass, view: View, rules: Rules, latches: frozenset[Latch], rearmed: frozenset[Latch]
    ) -> None:
        super().__init__(_watch(group, view.account), Views(view), rules, latches, rearmed)
        self._group, self._view = group, view

    def of_group(self) -> Outcome:
        """Return the one result of this member."""
        outcome = self.evaluate(self._group.policy)
        result = outcome.results[0]
        if result.mode is not Mode.OFF:
            return outcome
        return Outcome((replace(result, note="off here: it counts in the group and does not act"),), outcome.rules)

    def condition(self) -> Truth:
        """Return what `when` is of the group, whatever the mode here; unknown when the policy breaks."""
        return self.conditions(self._group.policy)[None]

    def _env(self, policy: Policy) -> AccountEnv:
        program = self._group.program
        return _GroupEnv(self._view, program.catalogue, {**program.values, **policy.lets}, self._group)

    def _evaluate(self, case: Case, known: Truth | None) -> Outcome:
        return joined([self._judge(case, row, known) for row in self._rows(case)])

    def _rows(self, case: Case) -> list[Row]:
        # It has no key: within a member the rule is one, as an account's.
        assert case.policy.for_each is not None
        return [Row(None, {case.policy.for_each.singular: self._group.group})]

    def _newly_read(self, judged: Judged, before: RuleState) -> dict[str, Any]:
        policy, stamps = judged.case.policy, self._group.stamps(judged.case.policy.needs)

        def behind(needs: frozenset[Part]) -> Iterable[str]:
            return [_stamp_name(*one) for one in self._group.behind(needs)]

        readings = [self._group.readings.get(name) for name in self._group.views]
        return {
            "stamps": stamps,
            "is_new": is_new_reading(judged.trace, policy.freshness, dict(stamps), before, self._view, behind),
            "beyond": is_past(judged.case, judged.row)
            and all(one is not None and one.is_two_sided for one in readings),
        }

    def _books_known(self, case: Case) -> bool:
        return has_fresh_books(self._view, self._group.readings.get(self._view.account.id))


def _watch(group: _Pass, account: Account) -> Watch:
    program, policy = group.program, group.policy
    terms = terms_of(policy, account)
    # A sample takes a reading of every member, so the slowest of them sets the pace.
    slowest = max(view.account.profile.poll for view in group.views.values())
    if policy.confirm.max_gap is None:
        terms = replace(terms, max_gap=3 * slowest)
    return Watch(
        account=account,
        program=program,
        policies=(policy,),
        groups=(),
        values=program.values,
        terms={policy.name: terms},
        by_name={policy.name: policy},
        former={},
        series=(),
    )
