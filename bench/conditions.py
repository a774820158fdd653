"""
Twenty-five policies' conditions in the tree evaluator against one hand-written function, on the same facts.

`python -m bench.conditions [--snapshots 1000] [--rounds 9]` prints a ratio; it exits 1 when the two do not agree.
"""

import argparse
from statistics import median
from time import process_time_ns
from types import SimpleNamespace
from typing import NamedTuple

from bench.days import Seen, seen_day
from bench.hand import fired as by_hand
from bench.hand import given
from bench.policies import load_set, read_by
from engine.domain.truth import Truth
from engine.policy.meaning import evaluate
from engine.policy.program import Program


class Measured(NamedTuple):
    """CPU microseconds for one account and all policies, and how many policies fired on average, in percent."""

    tree: float
    hand: float
    firing: float
    differing: int


def by_tree(program: Program, seen: Seen) -> set[str]:
    """Return the names of the policies whose condition is true, by the normative evaluator with its traces."""
    return {policy.name for policy in program.policies if evaluate(policy.when, seen).truth is Truth.TRUE}


def _plain(day: Seen, plural: str) -> list[SimpleNamespace]:
    return [given(row.fields) for row in day.rows(plural)]


def measure(snapshots: int, rounds: int) -> Measured:
    """Return the medians over interleaved rounds; every snapshot is checked for agreement first."""
    program = load_set()
    facts, fields = read_by(program)
    days = [seen_day(seed, facts, fields, program.values) for seed in range(snapshots)]
    hands = [(given(day.facts), _plain(day, "positions"), _plain(day, "orders")) for day in days]
    fired = [by_tree(program, day) for day in days]
    differing = sum(names != by_hand(*hand) for names, hand in zip(fired, hands, strict=True))
    firing = 100 * sum(map(len, fired)) / (len(program.policies) * snapshots)
    tree_times, hand_times = [], []
    for _ in range(rounds):
        start = process_time_ns()
        for day in days:
            by_tree(program, day)
        middle = process_time_ns()
        for hand in hands:
            by_hand(*hand)
        end = process_time_ns()
        tree_times.append((middle - start) / snapshots / 1000)
        hand_times.append((end - middle) / snapshots / 1000)
    return Measured(median(tree_times), median(hand_times), firing, differing)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snapshots", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    found = measure(arguments.snapshots, arguments.rounds)
    print(f"25 conditions on one account, medians of {arguments.rounds} interleaved rounds, CPU time")
    print(f"  tree evaluator with traces  {found.tree:8.1f} µs")
    print(f"  hand-written function       {found.hand:8.1f} µs")
    print(f"  ratio                       {found.tree / found.hand:8.1f}")
    print(f"{found.firing:.1f} % of the policies fire; {found.differing} of {arguments.snapshots} snapshots differ")
    return 1 if found.differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
