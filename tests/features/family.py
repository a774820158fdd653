"""Several accounts of one desk watched through a scenario: each with its books, and the rules about them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from engine.core.because import action_words
from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.core.group import GroupEvaluation, GroupResult, GroupState, evaluate_group
from engine.core.group_reading import MemberReading, reading_of
from engine.core.rearm import rearm_group
from engine.core.result import Result
from engine.domain.account import Account, Profile
from engine.domain.enums import MarkBasis, Mode
from engine.domain.snapshot import Snapshot
from engine.facts.group import Group
from engine.policy import ir, meaning, reference
from engine.policy.meaning import Trace, truth_of
from engine.policy.program import Program
from tests.features.books import Books
from tests.features.desk import NSE, POLL, Desk

SYMBOL = "SENSEX26NOV85000CE"


@dataclass
class Family:
    """desk: its policies and values; its own account is not used. slots: what the rules about groups came to."""

    desk: Desk
    accounts: dict[str, Account] = field(default_factory=dict)
    books: dict[str, Books] = field(default_factory=dict)
    states: dict[str, AccountState] = field(default_factory=dict)
    evaluations: dict[str, Evaluation] = field(default_factory=dict)
    readings: dict[str, MemberReading] = field(default_factory=dict)
    state: GroupState = field(default_factory=GroupState)
    slots: list[tuple[datetime, GroupEvaluation]] = field(default_factory=list)

    def open(self, name: str, labels: Mapping[str, str]) -> None:
        self.accounts[name] = Account(name, calendar=NSE, labels=labels, profile=Profile(poll=POLL))
        self.sell(name, Decimal(10_000), Decimal(100))

    def sell(self, name: str, units: Decimal, price: Decimal) -> None:
        self.books[name] = Books(date(2026, 11, 18))
        self.books[name].hold([["symbol", "sold", "last"], [SYMBOL, f"{units} @ {price}", str(price)]])

    def mode(self, policy: str, account: str, mode: Mode) -> None:
        found = self.accounts[account]
        self.accounts[account] = replace(found, modes={**found.modes, policy: mode})

    def read_depth(self) -> None:
        for name, account in self.accounts.items():
            self.accounts[name] = replace(account, profile=replace(account.profile, mark_basis=MarkBasis.DEPTH))
            self.books[name].quote(SYMBOL, "99.95", "100.05", "100")

    def restart(self) -> None:
        """Begin again with what is journalled: the states, and no reading."""
        self.readings = {}
        self.states = {name: replace(state, views=None) for name, state in self.states.items()}

    def read(self, name: str, now: datetime) -> None:
        program, account = self.desk.program, self.members[name]
        snapshot = self.books[name].reading(name, now)
        evaluation = self._evaluated(program, account, snapshot, now)
        self.evaluations[name], self.states[name] = evaluation, evaluation.next_state
        reading = reading_of(program, account, evaluation)
        if reading is not None:
            self.readings[name] = reading
        self._judge(program, now, name)

    def rearm(self, name: str, account: str) -> str:
        """Let a person rearm a rule in a member; return why that is refused, or nothing."""
        done = rearm_group(self.slots[-1][1], name, account)
        self.state = done.state
        return done.refusal

    @property
    def members(self) -> dict[str, Account]:
        """The accounts as they are, a mode of the whole desk in each that has none of its own."""
        desk = self.desk.account.modes
        return {name: replace(one, modes={**desk, **one.modes}) for name, one in self.accounts.items()}

    def was_judged(self, name: str) -> bool:
        """Whether a policy gave a verdict on its condition at some slot, about a group or in the desk's one account."""
        of_groups = [result for _, slot in self.slots for result in slot.results if result.policy.name == name]
        return self.desk.was_judged(name) or any(result.verdict is not None for result in of_groups)

    def orders_now(self, account: str) -> list[str]:
        """What the policy orders in an account at the last slot, or would, in words."""
        result = self.result(account)
        return list(action_words(result.policy, result.verdict, result.steps, self.members[account]))

    def result(self, account: str, name: str | None = None) -> Result:
        self.desk.it = name or self.desk.it
        return self._last().results[account]

    def group(self) -> Group:
        return self._last().group

    def acted_at(self, account: str) -> list[datetime]:
        return [now for now, slot in self.slots for one in slot.decisions if one.account == account]

    def _last(self) -> GroupResult:
        # A reading of an account outside the group leaves it as it was.
        return [one for _, slot in self.slots for one in slot.groups if one.policy.name == self.desk.it][-1]

    def _evaluated(self, program: Program, account: Account, snapshot: Snapshot, now: datetime) -> Evaluation:
        before, beside = self.states.get(account.id, AccountState()), self.state.blocks.get(account.id, ())
        evaluation = evaluate(program, account, snapshot, before, now, beside)
        slow = evaluate(replace(program, by_tree=True), account, snapshot, replace(before, views=None), now, beside)
        assert slow.next_state == evaluation.next_state
        assert reading_of(program, account, slow) == reading_of(program, account, evaluation)
        return evaluation

    def _judge(self, program: Program, now: datetime, ticked: str) -> None:
        evaluation = evaluate_group(program, self.members, self.readings, self.state, now, ticked)
        again = evaluate_group(program, self.members, self.readings, self.state, now)
        if evaluation.groups:
            assert again == evaluation, "which member was read last changes nothing while there is one group"
        for one in evaluation.groups:
            for result in one.results.values():
                check_by_reference(result)
        self.state = evaluation.next_state
        self.slots.append((now, evaluation))


def check_by_reference(result: Result) -> None:
    """Hold every sentence of a result to the independent interpreter."""
    if result.judged is None or result.trace is None:
        return
    case, bound = result.judged.case, result.judged.row.bound
    variables = {name: ("groups", row) for name, row in bound.items()}
    for part in ir.walk(case.policy.when):
        if isinstance(part, ir.Sentence):
            mine = meaning.evaluate(part, case.env, bound)
            other = reference.interpret(part.text, case.env, variables)
            assert mine.truth is truth_of(other), (part.text, mine.value, other)


def causes_of(trace: Trace | None) -> tuple[str, ...]:
    return getattr(trace.value, "causes", ()) if trace is not None else ()
