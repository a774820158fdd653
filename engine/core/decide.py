"""From a rule that fires to a decision: what to do, under which latch, with one key that can never act twice."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from json import dumps

from engine.domain.enums import Mode
from engine.domain.latch import Latch
from engine.policy.program import ActionCall, Once, Policy

# Longer than any period, so that a calendar that jumps back a day forgets nothing.
_KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What a firing rule orders, as data.

    row: the row's key, None without for_each. period: trading day or week. episode: of the rule, from 1.
    key: idempotency key over policy, account, row, period, episode, effective mode and, where there was one, rearming.
    latch: written before the first side effect, None without `once`.
    """

    policy: str
    account: str
    row: str | None
    period: str
    episode: int
    mode: Mode
    decided_at: datetime
    actions: tuple[ActionCall, ...]
    latch: Latch | None
    because: str

    @property
    def key(self) -> str:
        """The idempotency key, hex; the same decision has the same key on every machine."""
        form = [self.policy, self.account, self.row, self.period, self.episode, self.mode.value]
        if self.latch is not None and self.latch.arm:
            form.append(self.latch.arm)
        return sha256(dumps(form, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def period_of(once: Once | None, trading_date: date) -> str:
    """Return the name of the period a latch holds for: `2026-11-23`, `2026-W48`, or empty for ever."""
    if once is not None and once.period == "week":
        year, week, _ = trading_date.isocalendar()
        return f"{year}-W{week:02d}"
    if once is not None and once.period == "" and once.scope != "episode":
        return ""
    return trading_date.isoformat()


def latch_of(
    policy: Policy,
    account: str,
    row: str | None,
    trading_date: date,
    mode: Mode,
    rearmed: frozenset[Latch] = frozenset(),
) -> Latch | None:
    """
    Return the latch a firing of this rule writes, or None when it has no `once` or only per episode.

    rearmed: rows that stand and hold nothing back any more.
    """
    if policy.once is None or policy.once.scope == "episode":
        return None
    latch = Latch(policy.name, row or account, period_of(policy.once, trading_date), mode)
    while latch in rearmed:
        latch = replace(latch, arm=latch.arm + 1)
    return latch


def is_past(latch: Latch, today: date) -> bool:
    """Return whether a latch's day or week is well over and it can be forgotten; one without a period never is."""
    if not latch.period:
        return False
    year, _, week = latch.period.partition("-W")
    began = date.fromisocalendar(int(year), int(week), 1) if week else date.fromisoformat(latch.period)
    return today - began > _KEPT
