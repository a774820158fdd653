"""Live blocks of entries for people and for machines: whose, since when, until what, and what of orders elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from engine.core.blocks import foreign_orders
from engine.core.evaluate import Evaluation
from engine.core.result import Result
from engine.core.together import NOTHING_BESIDE, Beside
from engine.domain.block import Block, ForeignOrders, Until
from engine.facts.base import View

_UNTIL = {
    Until.CLEARED: "until the rule clears",
    Until.REARMED: "until rearmed by hand",
    Until.KNOWN: "until its condition is known again",
}
_FOREIGN = {
    ForeignOrders.REPORT: "reported",
    ForeignOrders.CANCEL: "cancelled",
    ForeignOrders.EXIT: "cancelled, and what they opened is exited",
}


def block_lines(evaluation: Evaluation, beside: Beside = NOTHING_BESIDE) -> Iterator[str]:
    """Yield one line for each block that lives after a slot, then what happens to entries from elsewhere."""
    blocks = (*evaluation.blocks, *beside.blocks)
    for block in blocks:
        yield _words(block, evaluation.view)
    for where, foreign in _foreign(blocks):
        yield f"entries{where} that reach the broker another way are found at the next reading and {_FOREIGN[foreign]}"


def _foreign(blocks: tuple[Block, ...]) -> Iterator[tuple[str, ForeignOrders]]:
    everywhere = foreign_orders(blocks)
    if everywhere is not None:
        yield "", everywhere
    for name in sorted({block.underlying for block in blocks if block.underlying is not None}):
        there = foreign_orders(blocks, name)
        if there is not None and there is not everywhere:
            yield f" in {name}", there


def blocks_as_json(blocks: Iterable[Block], result: Result, view: View) -> list[dict[str, Any]]:
    """Return those of some live blocks that are of a result's policy and row."""
    return [_as_json(one, view) for one in blocks if (one.policy, one.row) == (result.policy.name, result.row)]


def orphans_as_json(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the live blocks of an account that none of its results stands for."""
    owners = {(found.policy.name, found.row) for found in evaluation.results}
    return [_as_json(one, evaluation.view) for one in evaluation.blocks if (one.policy, one.row) not in owners]


def _words(block: Block, view: View) -> str:
    where = f" in {block.underlying}" if block.underlying is not None else ""
    since = _clock(block.since, view)
    if block.policy is None and block.until is Until.LIFTED:
        return f"entries{where} blocked since {since} by {block.row}; until it is gone"
    if block.policy is None:
        return f"entries{where} blocked since {since}: the exchange's hours are not known; until they are"
    owner = block.policy + (f" [{block.row}]" if block.row else "")
    is_blocked = "blocked" if block.is_enforced else f"would be blocked ({block.mode.value})"
    until = _UNTIL.get(block.until) or f"until {_clock(block.ends_at or block.since, view)}"
    return f"entries{where} {is_blocked} by {owner} since {since} {until}"


def _clock(at: datetime, view: View) -> str:
    local = at.astimezone(view.account.zone)
    same_day = local.date() == view.now.astimezone(view.account.zone).date()
    return f"{local:%H:%M:%S}" if same_day else f"{local:%a %Y-%m-%d %H:%M:%S}"


def _as_json(block: Block, view: View) -> dict[str, Any]:
    def instant(at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(view.account.zone).isoformat()

    return {
        "policy": block.policy,
        "row": block.row,
        "mode": block.mode.value,
        "since": instant(block.since),
        "until": block.until.value,
        "ends_at": instant(block.ends_at),
        "underlying": block.underlying,
        "foreign_orders": block.foreign_orders.value,
    }
