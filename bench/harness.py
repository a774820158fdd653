"""Rounds that interleave all cases, CPU time, and ratios taken inside a round; what is measured lives elsewhere."""

import gc
from collections.abc import Sequence
from statistics import median
from time import process_time_ns
from typing import Any, NamedTuple

from bench.days import Seen
from bench.subject import Ready

LEAST_NS = 20_000_000
# A pass that takes longer than this is made in every third round only.
SLOW_NS = 500_000_000
_SLOW_EVERY = 3


class Case(NamedTuple):
    """A book made ready, and what it is given of each day."""

    name: str
    ready: Ready
    inputs: Sequence[Any]


class Goal(NamedTuple):
    """What is aimed at: at most so many times what another case takes."""

    name: str
    at_most: float
    against: str


class Row(NamedTuple):
    """One case: CPU microseconds for one account, ratio to the baseline, whether its goal is met (None without one)."""

    name: str
    microseconds: float
    ratio: float
    goal: float | None = None
    ok: bool | None = None


class Measured(NamedTuple):
    """By case, CPU microseconds for one account in each round; None for a round a slow case sat out."""

    rounds: dict[str, list[float | None]]

    def microseconds(self, name: str) -> float:
        """Return the median of a case's rounds."""
        return median(value for value in self.rounds[name] if value is not None)

    def ratio(self, name: str, against: str) -> float:
        """Return the median over the rounds of the ratio of two cases in the same round."""
        pairs = zip(self.rounds[name], self.rounds[against], strict=True)
        return median(one / other for one, other in pairs if one is not None and other is not None)

    def row(self, name: str, baseline: str, goals: Sequence[Goal] = ()) -> Row:
        """Return a case as a row, with the goal that is set against the baseline."""
        ratio = self.ratio(name, baseline)
        goal = next((goal.at_most for goal in goals if goal.name == name and goal.against == baseline), None)
        return Row(name, self.microseconds(name), ratio, goal, None if goal is None else ratio <= goal)


def cases_of(readies: Sequence[tuple[str, Ready]], days: Sequence[Seen]) -> list[Case]:
    """Return a case for each, its facts made of the days."""
    return [Case(name, ready, [ready.facts_for(day) for day in days]) for name, ready in readies]


def differing(ready: Ready, expected: Sequence[set[str]], days: Sequence[Seen]) -> int:
    """Return on how many days other policies fire than should."""
    return sum(ready.fired(ready.facts_for(day)) != names for names, day in zip(expected, days, strict=True))


def measure(cases: Sequence[Case], rounds: int) -> Measured:
    """Return what each case takes; every round runs all of them, each time beginning with another one."""
    repeats, every = {}, {}
    for case in cases:
        once = max(1, _pass(case, 1))
        repeats[case.name] = -(-LEAST_NS // once)
        every[case.name] = _SLOW_EVERY if once > SLOW_NS else 1
    measured = Measured({case.name: [] for case in cases})
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            start = number % len(cases)
            for case in (*cases[start:], *cases[:start]):
                sits_out = number % every[case.name] != 0
                measured.rounds[case.name].append(None if sits_out else _microseconds(case, repeats[case.name]))
            gc.collect()
    finally:
        gc.enable()
    return measured


def _microseconds(case: Case, repeats: int) -> float:
    return _pass(case, repeats) / (repeats * len(case.inputs)) / 1000


def _pass(case: Case, repeats: int) -> int:
    fired, inputs = case.ready.fired, case.inputs
    start = process_time_ns()
    for _ in range(repeats):
        for facts in inputs:
            fired(facts)
    return process_time_ns() - start
