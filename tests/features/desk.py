"""One account watched through a scenario: its policies, its books, every slot so far; the steps speak to this."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from engine.core.because import action_words
from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, Evaluation, Result, evaluate
from engine.core.rearm import rearm
from engine.core.rule_state import Step
from engine.domain.account import Account, Profile
from engine.domain.block import Block
from engine.domain.enums import MarkBasis, Mode, Verdict
from engine.domain.kinds import show
from engine.domain.snapshot import Snapshot
from engine.domain.values import Unknown
from engine.facts.base import Catalogue
from engine.facts.catalogue import CATALOGUE
from engine.policy import meaning
from engine.policy.expression import parse_expression
from engine.policy.load import Source, load
from engine.policy.meaning import Trace
from engine.policy.program import Program
from engine.policy.scope import Scope
from engine.runtime.calendars import calendar_for
from engine.runtime.policy_files import LATER
from engine.runtime.resources import resource_dir
from engine.runtime.rulebooks import rulebook_for
from tests.features.books import Books

SHIPPED = resource_dir("policies")
NSE, NOBODY = calendar_for("NSE"), rulebook_for("none")
POLL = timedelta(seconds=2)
# What a scenario about something else leaves out of its policy.
ORDINARY = {
    "title": "a rule of this scenario",
    "severity": "critical",
    "accounts": "all",
    "because": '"Loss {loss}"',
    "then": "[block_entries]",
}


@cache
def compiled(sources: tuple[tuple[str, str], ...]) -> Program:
    loaded = load([Source(name, text.encode()) for name, text in sources], CATALOGUE, LATER)
    assert not loaded.has_errors, [f"{finding.place.line}: {finding.message}" for finding in loaded.findings]
    return loaded.program


@dataclass
class Slot:
    """One evaluation and what it was made of."""

    now: datetime
    snapshot: Snapshot
    before: AccountState
    evaluation: Evaluation


@dataclass
class Desk:
    """it: the policy the scenario speaks of. state: what the next slot starts from. refusal: of the last rearming."""

    books: Books = field(default_factory=lambda: Books(date(2026, 11, 18)))
    account: Account = field(
        default_factory=lambda: Account("A1", calendar=NSE, profile=Profile(poll=POLL), rulebook=NOBODY)
    )
    policies: dict[str, str] = field(default_factory=dict)
    values: str = field(default_factory=lambda: (SHIPPED / "values.yaml").read_text(encoding="utf-8"))
    calendar: str = field(default_factory=lambda: (SHIPPED / "calendar.yaml").read_text(encoding="utf-8"))
    catalogue: Catalogue = CATALOGUE
    slots: list[Slot] = field(default_factory=list)
    it: str = ""
    state: AccountState = field(default_factory=AccountState)
    refusal: str = ""

    # --- the desk

    def policy(self, text: str) -> None:
        """Add or replace a policy; required keys that the text leaves out are ordinary ones."""
        name = re.search(r"^policy: (\S+)", text, re.MULTILINE)
        assert name is not None, "a policy starts with policy: name"
        own = r"(?:  (?:- )?  )?" if re.search("^levels:", text, re.MULTILINE) else ""
        missing = [key for key in ORDINARY if not re.search(rf"^{own}{key}:", text, re.MULTILINE)]
        self.policies[name[1]] = "\n".join([text, *(f"{key}: {ORDINARY[key]}" for key in missing)])
        self.it = name[1]

    def ship(self, name: str) -> None:
        self.policies[name] = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
        self.it = name

    def amend(self, name: str, key: str, text: str) -> None:
        """Write one key of a policy anew, as an author would."""
        kept = [line for line in self.policies[name].splitlines() if not line.startswith(f"{key}:")]
        self.policies[name] = "\n".join([*kept, f"{key}: {text}"])

    def value(self, name: str, text: str) -> None:
        assert re.search(rf"^{name}:", self.values, re.MULTILINE), f"no desk value {name}"
        self.values = re.sub(rf"^{name}:.*$", f"{name}: {text}", self.values, flags=re.MULTILINE)

    def mode(self, name: str, mode: Mode) -> None:
        """Set the mode of a policy, or of each level of a ladder."""
        levels = [policy.name for policy in self.program.policies if policy.name.startswith(f"{name}/")]
        modes = dict.fromkeys(levels or [name], mode)
        self.account = replace(self.account, modes={**self.account.modes, **modes})

    def read_depth(self) -> None:
        self.account = replace(self.account, profile=replace(self.account.profile, mark_basis=MarkBasis.DEPTH))

    # --- time

    def at(self, clock: str) -> datetime:
        clock = clock if clock.count(":") == 2 else f"{clock}:00"
        return datetime.combine(self.books.day, datetime.strptime(clock, "%H:%M:%S").time(), tzinfo=self.account.zone)  # noqa: DTZ007

    def read(self, now: datetime) -> None:
        """Take a reading and evaluate it."""
        self._evaluate(self.books.reading(self.account.id, now), now)

    def wait(self, now: datetime) -> None:
        """Evaluate without a new reading."""
        self._evaluate(self.slots[-1].snapshot, now)

    def again(self) -> Evaluation:
        """Evaluate the last slot once more, from the same state."""
        last = self.slots[-1]
        return evaluate(self.program, self.account, last.snapshot, last.before, last.now)

    @property
    def program(self) -> Program:
        files = (("values.yaml", self.values), *((f"{name}.yaml", text) for name, text in self.policies.items()))
        files = (*files, ("calendar.yaml", self.calendar)) if self.calendar else files
        program = compiled(files)
        return program if self.catalogue is CATALOGUE else replace(program, catalogue=self.catalogue)

    def _evaluate(self, snapshot: Snapshot, now: datetime) -> None:
        before, program = self.state, self.program
        evaluation = evaluate(program, self.account, snapshot, before, now)
        # In every scenario, at every slot: the generated functions change nothing but the time it takes.
        slow = evaluate(replace(program, by_tree=True), self.account, snapshot, replace(before, views=None), now)
        assert slow.next_state == evaluation.next_state
        assert slow.results == evaluation.results
        assert slow.decisions == evaluation.decisions
        self.slots.append(Slot(now, snapshot, before, evaluation))
        self.state = evaluation.next_state

    def restart(self) -> None:
        """Forget what only saves work, as an engine does that is started on its journalled state."""
        self.state = replace(self.state, views=None)

    def rearm(self, name: str, row: str | None) -> None:
        """Rearm a policy, or try to; `row` is part of the row's key."""
        evaluation = self.slots[-1].evaluation
        keys = [key for _, key in self.state.rules if row is not None and f":{row}:" in f":{key}:"]
        done = rearm(evaluation, name, keys[0] if keys else row)
        self.state, self.refusal = done.state, done.refusal

    # --- what came of it

    def results(self, name: str | None = None, slot: Slot | None = None) -> list[Result]:
        found = (slot or self.slots[-1]).evaluation.results
        return [result for result in found if result.policy.name == (name or self.it)]

    def result(self, name: str | None = None, row: str | None = None) -> Result:
        """The policy's only result at the last slot, or that of the row whose key holds `row`."""
        self.it = name or self.it
        found = [result for result in self.results() if row is None or f":{row}:" in f":{result.row}:"]
        assert len(found) == 1, [(result.policy.name, result.row, result.verdict) for result in self.results()]
        return found[0]

    def acted_at(self, name: str | None = None) -> list[datetime]:
        return [slot.now for slot in self.slots for result in self.results(name, slot) if result.decision is not None]

    def asked_at(self, step: Step) -> list[datetime]:
        return [slot.now for slot in self.slots for result in self.results(None, slot) if step in result.steps]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that live after the last slot and what was done by hand since."""
        return self.state.blocks

    def orders_now(self) -> list[str]:
        """What the policy orders at the last slot, or would, in words."""
        result = self.result()
        return list(action_words(result.policy, result.verdict, result.steps, self.account))

    def causes(self) -> tuple[str, ...]:
        value = self.result().trace.value if self.result().trace else None
        return value.causes if isinstance(value, Unknown) else ()

    def causes_within(self) -> set[str]:
        """Every cause of an unknown value anywhere below the condition, also where `known` has answered for it."""

        def walk(trace: Trace) -> Iterator[str]:
            yield from trace.value.causes if isinstance(trace.value, Unknown) else ()
            for child in trace.children:
                yield from walk(child)

        trace = self.result().trace
        return set(walk(trace)) if trace is not None else set()

    def distances(self) -> list[str]:
        """How far each sentence of the policy is from its line, as a person reads it."""
        money = [(one.by, one.type) for one in self.result().distances if one.by is not None]
        return [show(by, type_, self.account.currency, self.account.zone) for by, type_ in money]

    def fact(self, name: str) -> str:
        """What a fact or a call is at the last slot, as a person reads it."""
        node = parse_expression(name, Scope(self.catalogue, LATER, {}))
        value = meaning.evaluate(node, AccountEnv(self.slots[-1].evaluation.view, self.catalogue, {})).value
        return show(value, node.type, self.account.currency, self.account.zone)

    def was_judged(self, name: str) -> bool:
        """Whether a policy, or a level of it, gave a verdict on its condition at some slot."""
        seen = [result for slot in self.slots for result in slot.evaluation.results]
        return any(one.verdict is not None for one in seen if one.policy.name.partition("/")[0] == name)

    def play(self, line: str) -> None:
        """
        Take the readings a line spells, from 10:00:00 or two seconds after the last one.

        T, F, U: true, false, unknown, then the second; `U2…U10` is every poll from one to the other.
        """
        start = self.slots[-1].now + POLL if self.slots else self.at("10:00:00")
        for truth, second in _readings(line):
            if truth == "U":
                self.books.price(self.books.positions[0]["symbol"], None)
            else:
                self.books.mtm(Decimal(-10_500 if truth == "T" else -5_000))
            self.read(start + timedelta(seconds=second))

    @property
    def verdict(self) -> Verdict | None:
        return self.result().verdict


def _readings(line: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for truth, first, last in re.findall(r"\b([TFU])(\d*)(?:…[TFU](\d+))?", line):
        found += [(truth, second) for second in range(int(first or 0), int(last or first or 0) + 1, 2)]
    return found
