"""The life of blocks: what opens one at a slot, what ends it, and what those that live refuse."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.core.decide import Decision
from engine.core.result import Judged, Result
from engine.core.rule_state import RuleState, Step
from engine.domain.account import Account
from engine.domain.block import Block, ForeignOrders, Until
from engine.domain.enums import Mode, OrderEffect
from engine.domain.numbers import span_of
from engine.domain.session import Session
from engine.facts.base import View

Blocks = tuple[Block, ...]
_FOREIGN = tuple(ForeignOrders)


def unexpired(blocks: Blocks, now: datetime) -> Blocks:
    """Return the blocks whose time is not over."""
    return tuple(block for block in blocks if block.ends_at is None or now < block.ends_at)


def standing(blocks: Blocks, account: Account, session: Session, now: datetime) -> Blocks:
    """
    Return the blocks that live as a slot begins: none whose time is over, and the session's own while it is unknown.

    An unknown session blocks entries whatever the policies say (law 18).
    """
    live = unexpired(blocks, now)
    of_session = [block for block in live if block.policy is None]
    if session.known:
        return tuple(block for block in live if block.policy is not None) if of_session else live
    return live if of_session else _sorted((*live, Block(None, account.id, None, 0, Mode.ENFORCE, now, Until.KNOWN)))


def folded(
    blocks: Blocks,
    results: Iterable[Result],
    rules: Mapping[tuple[str, str | None], RuleState],
    watched: Collection[str],
) -> Blocks:
    """
    Return the blocks that live after a slot: without those that ended with their rule, with those it opens.

    blocks: as the slot began. rules: after the slot. watched: names of the policies that watch the account; what waits
    for a rule that is gone would wait for ever, and ends.
    """
    opened = [block for result in results for block in _opened(result)]
    live = tuple(block for block in blocks if _goes_on(block, rules, watched))
    if opened:
        return _sorted((*(old for old in live if not any(_replaces(new, old) for new in opened)), *opened))
    return live


def refuses(blocks: Blocks, effect: OrderEffect, underlying: str | None) -> Block | None:
    """
    Return the first live block that refuses an order, None when it may pass; what closes or covers always may.

    underlying: the order's; None when it cannot be told, which every block refuses.
    """
    if not effect.adds_risk:
        return None
    for block in blocks:
        if block.is_enforced and (None in (underlying, block.underlying) or underlying == block.underlying):
            return block
    return None


def foreign_orders(blocks: Blocks, underlying: str | None = None) -> ForeignOrders | None:
    """
    Return the strictest of what the live enforced blocks say of entries from elsewhere, None without such a block.

    underlying: that of the entries; without one only what is said of every underlying counts.
    """
    about = [block.foreign_orders for block in blocks if block.is_enforced and block.underlying in (None, underlying)]
    return max(about, key=_FOREIGN.index, default=None)


def _goes_on(block: Block, rules: Mapping[tuple[str, str | None], RuleState], watched: Collection[str]) -> bool:
    if block.policy is None or block.until not in (Until.CLEARED, Until.KNOWN):
        return True
    rule = rules.get((block.policy, block.row))
    if rule is None or block.policy not in watched:
        return False
    return rule.uncleared if block.until is Until.CLEARED else rule.blocks_entries


def ordered(decision: Decision, view: View, underlying: str | None = None) -> Blocks:
    """
    Return the blocks a decision opens, those left out whose end is past.

    underlying: what `underlying: this` stands for; None where that cannot be told, which blocks every one.
    """
    found = []
    for call in decision.actions:
        if call.name != "block_entries":
            continue
        until, ends_at = _end(call.arguments["until"], view)
        block = Block(
            policy=decision.policy,
            account=decision.account,
            row=decision.row,
            episode=decision.episode,
            mode=decision.mode,
            since=decision.decided_at,
            until=until,
            ends_at=ends_at,
            underlying=underlying if "underlying" in call.arguments else None,
            foreign_orders=ForeignOrders(call.arguments["foreign_orders"]),
        )
        if ends_at is None or view.now < ends_at:
            found.append(block)
    return tuple(found)


def _opened(result: Result) -> Blocks:
    if result.judged is None or (result.decision is None and Step.BLOCK_ENTRIES not in result.steps):
        return ()
    view = result.judged.case.env.view
    found = () if result.decision is None else ordered(result.decision, view, _underlying(result.judged))
    if Step.BLOCK_ENTRIES not in result.steps:
        return found
    return (*found, Block(result.policy.name, view.account.id, result.row, 0, result.mode, view.now, Until.KNOWN))


def _replaces(new: Block, old: Block) -> bool:
    """Return whether an earlier block of the same rule says nothing that the new one does not."""
    if (new.policy, new.row, new.mode, new.until, new.underlying, new.foreign_orders) != (
        old.policy, old.row, old.mode, old.until, old.underlying, old.foreign_orders,
    ):  # fmt: skip
        return False
    return new.ends_at is None or old.ends_at is None or old.ends_at <= new.ends_at


def _underlying(judged: Judged) -> str | None:
    # Of a row whose underlying cannot be told every underlying is blocked: unknown is not "another one".
    rows, bound = judged.case.policy.for_each, judged.row.bound
    name = next((name for name in ("underlying", "name") if rows is not None and name in rows.fields), None)
    if rows is None or name is None or rows.singular not in bound:
        return None
    value = judged.case.env.field(rows.plural, bound[rows.singular], name)
    return value if isinstance(value, str) else None


def _end(until: Any, view: View) -> tuple[Until, datetime | None]:
    """Return what ends a block, and when: `until` as the action holds it, a word, seconds or a time of day."""
    today = view.session.trading_date
    if isinstance(until, Decimal):
        return Until.TIME, view.now + span_of(until)
    if isinstance(until, tuple):
        return Until.TIME, _midnight(view.account, today) + span_of(until[0])
    if until == "end of session":
        return Until.TIME, _close(view.account, view.session, view.now)
    if until == "end of week":
        return Until.TIME, _week_end(view.account, today, view.now)
    return Until(until), None


def _close(account: Account, session: Session, now: datetime) -> datetime:
    # Without hours, or after them, a block for the session is one for the rest of the trading date.
    closes_at = session.closes_at
    if session.known and closes_at is not None and now < closes_at:
        return closes_at
    return _midnight(account, session.trading_date + timedelta(days=1))


def _week_end(account: Account, today: date, now: datetime) -> datetime:
    """Return the close of the ISO week's last trading day; a day whose session is unknown may be one."""
    sunday = today + timedelta(days=7 - today.isoweekday())
    for back in range(7):
        day = sunday - timedelta(days=back)
        if day < today:
            break
        session = account.calendar.session_at(datetime.combine(day, time(12), tzinfo=account.calendar.zone))
        if not session.known or (session.closes_at is not None and now < session.closes_at):
            return _close(account, session, now)
    return _midnight(account, today + timedelta(days=1))


def _midnight(account: Account, day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=account.calendar.zone)


def _sorted(blocks: Iterable[Block]) -> Blocks:
    return tuple(
        sorted(
            blocks,
            key=lambda one: (
                one.since,
                one.policy or "",
                one.row or "",
                one.episode,
                one.until.value,
                str(one.ends_at),
            ),
        )
    )
