"""The fold of one reading into the day's memory: pure, repeatable, and deaf to a reading it has already heard."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from engine.domain.account import Account
from engine.domain.numbers import ZERO
from engine.domain.session import Session
from engine.domain.snapshot import Missing, Snapshot
from engine.domain.values import bounds
from engine.facts.base import View
from engine.facts.hedges import hedged
from engine.facts.lineage import stop_hits, stops_in
from engine.facts.memory import DayMemory, Sample
from engine.facts.money import LEAST_CAPITAL
from engine.facts.parts import is_today
from engine.facts.pnl import account_mtm
from engine.facts.tracks import follow, primaries
from engine.facts.week import begun, result_of

# A level is held when two readings this far apart, and all between them, stand at it or above.
PEAK_SPAN = timedelta(seconds=3)


def observe(memory: DayMemory, account: Account, snapshot: Snapshot, session: Session, now: datetime) -> DayMemory:
    """
    Return the day's memory with one reading folded in.

    Shape: a new trading date starts a fresh memory. A reading not newer than the last one, or taken on another date
    (yesterday's, re-dated), changes nothing. Only readings within the session can raise the peak.
    """
    view = View(account, snapshot, day_of(memory, session), session, now)
    return fold(view) if is_new(view) else view.memory


def day_of(memory: DayMemory, session: Session) -> DayMemory:
    """Return the memory, or when a new trading date has begun a fresh one, with what its week brought before."""
    return memory if memory.trading_date == session.trading_date else begun(memory, session)


def is_new(view: View) -> bool:
    """Return whether a reading has not been folded in yet and is of today."""
    heard = view.memory.observed_at is not None and view.snapshot.taken_at <= view.memory.observed_at
    return not heard and is_today(view, view.snapshot.taken_at)


def fold(view: View) -> DayMemory:
    """Return the memory of a view with its reading, which is new, folded in."""
    stops = stops_in(view.snapshot.orders, view.memory.stops_seen)
    if stops is not view.memory.stops_seen:
        # What a filled order was, is judged with this reading's stops already known.
        known = replace(view.memory, stops_seen=stops)
        view = replace(view, memory=known, cache={}, kept_values={}, settled_values={})
    day, tracks = fold_prices(view), follow(view)
    return DayMemory(
        day.trading_date, day.observed_at, day.mtm_peak, day.samples, day.capital, day.stops_seen, stop_hits(view),
        tracks, primaries(view), hedged(view, tracks), day.result, day.week,
    )  # fmt: skip


def fold_prices(view: View) -> DayMemory:
    """Return the memory with a reading folded in that differs from the one before in prices at most."""
    day, samples = view.memory, _sampled(view)
    peak = max(day.mtm_peak, held_level(samples))
    capital = day.capital if day.capital is not None else _capital(view)
    return DayMemory(
        day.trading_date, view.snapshot.taken_at, peak, samples, capital, day.stops_seen, day.stop_hits,
        day.tracks, day.primaries, day.hedged, result_of(view), day.week,
    )  # fmt: skip


def held_level(samples: tuple[Sample, ...]) -> Decimal:
    """
    Return the level held up to the newest sample, zero when none is.

    The level is the least certain lower bound of all samples from the latest one at least 3 s older than the newest to
    the newest; one reading among them without a certain bound holds nothing.
    """
    start = _anchor(samples)
    if start is None:
        return ZERO
    lows = [sample.mtm_low for sample in samples[start:]]
    certain = [low for low in lows if low is not None]
    return max(ZERO, min(certain)) if len(certain) == len(lows) else ZERO


def _anchor(samples: tuple[Sample, ...]) -> int | None:
    newest = samples[-1].taken_at if samples else None
    old_enough = [i for i, s in enumerate(samples) if newest is not None and newest - s.taken_at >= PEAK_SPAN]
    return old_enough[-1] if old_enough else None


def _sampled(view: View) -> tuple[Sample, ...]:
    if not view.session.contains(view.snapshot.taken_at):
        return view.memory.samples
    samples = (*view.memory.samples, Sample(view.snapshot.taken_at, bounds(account_mtm(view))[0]))
    start = _anchor(samples)
    return samples if start is None else samples[start:]


def _capital(view: View) -> Decimal | None:
    funds = view.snapshot.funds
    if isinstance(funds, Missing) or funds.capital is None or not is_today(view, funds.taken_at):
        return None
    return funds.capital if funds.capital >= LEAST_CAPITAL else None
