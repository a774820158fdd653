"""Twenty-five policies in the language and how they load; `bench.hand` says the same in Python."""

from collections.abc import Mapping
from typing import Final

from engine.facts.catalogue import CATALOGUE
from engine.policy import ir
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.policy_files import LATER

VALUES: Final = "loss_limit: 10,000 INR\nleg_limit: 6,000 INR\nkeep: 4,000 INR\nmost_lots: 5\n"

CONDITIONS: Final[Mapping[str, str]] = {
    "loss-beyond-limit": "loss >= 3 * loss_limit",
    "loss-and-stop": "all:\n    - loss >= loss_limit\n    - stop_loss_hit",
    "loss-of-capital": "loss >= 3% of capital",
    "gave-back": "all:\n    - mtm_peak >= 5k\n    - drawdown >= 8 * keep",
    "profit-falls": "all:\n    - mtm_peak >= 15k\n    - mtm <= keep",
    "very-good-day": "profit >= 40k",
    "realized-loss": "realized_pnl <= -20k",
    "margin-nearly-gone": "margin_used_pct >= 88%",
    "too-many-positions": "open_positions > 7",
    "only-shorts": "long_option_legs == 0 and short_option_legs > 2",
    "naked": "naked_short_legs > 4",
    "unprotected": "unprotected_short_legs > 1",
    "stop-rests": "stop_triggered_unfilled",
    "many-rejections": "rejections >= 3",
    "many-orders": "10 < orders_today < 400",
    "working-late": "all:\n    - open_orders > 3\n    - minutes_to_close < 60",
    "monday-morning-loss": "all:\n    - weekday in [MON, FRI]\n    - time < 10:00\n    - loss >= loss_limit",
    "one-leg-hurts": "any(p.loss >= 4 * leg_limit for p in positions if p.is_short and p.is_option)",
    "all-legs-lose": "all:\n    - open_positions > 2\n    - all(p.loss >= 500 for p in positions)",
    "doubled": "count(p.mark >= 200% of p.entry_price for p in positions if p.is_short) >= 2",
    "short-lots": "sum(p.lots for p in positions if p.is_short) > 4 * most_lots",
    "worst-leg": "max(p.loss for p in positions) >= 2.5% of capital",
    "cheap-shorts": "min(p.mark for p in positions) < 42",
    "stale-entries": "any(o.is_working and not o.was_stop and o.age > 13m for o in orders)",
    "large-order": "any(o.quantity > 10 * 75 and o.side == SELL for o in orders if o.status == NEW)",
}


def load_set() -> Program:
    """Return the twenty-five as a program. Raises: PolicyErrors when one does not load."""
    sources = [Source("values.yaml", VALUES.encode())]
    for name, condition in CONDITIONS.items():
        when = f"\n  {condition}" if condition.startswith("all:") else f" {condition}"
        text = (
            f"policy: {name}\ntitle: {name}\nseverity: warning\naccounts: all\nwhen:{when}\n"
            'then:\n  - notify: telegram\nbecause: "it is so"\n'
        )
        sources.append(Source(f"{name}.yaml", text.encode()))
    return load(sources, CATALOGUE, LATER).require()


def read_by(program: Program) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """Return the facts, and by kind of rows the fields, that any condition reads."""
    facts: set[str] = set()
    fields: dict[str, set[str]] = {"positions": set(), "orders": set()}
    nodes = [policy.when for policy in program.policies] + list(program.values.values())
    for node in nodes:
        for part in ir.walk(node):
            if isinstance(part, ir.FactRef):
                facts.add(part.name)
            elif isinstance(part, ir.FieldRef):
                fields[part.rows].add(part.field)
    return frozenset(facts), {plural: frozenset(names) for plural, names in fields.items()}
