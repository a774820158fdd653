"""What each look at an account says of its health: a pure fold, and the text in which it stands beside a heartbeat."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from engine.core.evaluate import Evaluation
from engine.core.result import Result
from engine.domain.enums import TradingState, Verdict
from engine.domain.health import AccountHealth, EngineHealth, RuleHealth
from engine.domain.serial import form_of, plain_of, text_of
from engine.domain.snapshot import Missing, Snapshot
from engine.domain.values import Unknown
from engine.runtime.monitor import Ticked

PART: Final = "health"
_FORM: Final = form_of(EngineHealth)
_BOOKS: Final = ("positions", "orders", "fills", "funds")
_MOST_RULES: Final = 50


def after(before: AccountHealth, ticked: Ticked) -> AccountHealth:
    """Return an account's health after a look at it."""
    missed = before.missed + ticked.missed
    if ticked.evaluation is None:
        since = before.fault_since or ticked.at
        return replace(before, missed=missed, fault_since=since, fault=ticked.fault)
    view = ticked.evaluation.view
    unread = unread_causes(view.snapshot)
    link = view.snapshot.link
    return replace(
        before,
        judged_at=ticked.at,
        read_at=before.read_at if unread else view.snapshot.taken_at,
        unread_since=(before.unread_since or ticked.at) if unread else None,
        unread="; ".join(unread),
        fault_since=None,
        fault="",
        missed=missed,
        stop_file=link.stop_file,
        blocked=link.trading_state is not TradingState.ACTIVE or any(block.is_enforced for block in view.blocks),
        rules=_rules(before, ticked.evaluation, ticked.at),
    )


def unread_causes(snapshot: Snapshot) -> tuple[str, ...]:
    """Return why books of a reading are not known, each cause once; nothing while they are."""
    parts = (getattr(snapshot, name) for name in _BOOKS)
    return tuple(dict.fromkeys(part.cause for part in parts if isinstance(part, Missing)))


def as_details(health: EngineHealth) -> Mapping[str, str]:
    """Return what a heartbeat carries of an engine's health."""
    return MappingProxyType({PART: text_of(_FORM.encode(health))})


def health_in(details: Mapping[str, str]) -> EngineHealth | None:
    """Return the health a heartbeat carries; None for one of an engine that said nothing we can read."""
    if PART not in details:
        return None
    try:
        found: EngineHealth = _FORM.decode(plain_of(details[PART]))
    except ValueError:
        return None
    return found


def _rules(before: AccountHealth, evaluation: Evaluation, at: datetime) -> tuple[RuleHealth, ...]:
    was = {(one.policy, one.row): one for one in before.rules}
    found = [
        _rule(was, one.policy.name, one.row or "", one.verdict, _why(one), at, before) for one in _loud(evaluation)
    ]
    found += [_rule(was, name, "", Verdict.FIRES, "", at, before) for name in sorted(evaluation.standing)]
    return tuple(found[:_MOST_RULES])


def _rule(
    was: Mapping[tuple[str, str], RuleHealth],
    policy: str,
    row: str,
    verdict: Verdict | None,
    why: str,
    at: datetime,
    before: AccountHealth,
) -> RuleHealth:
    old, word = was.get((policy, row)), "" if verdict is None else verdict.value
    good_at = at if verdict is not Verdict.UNKNOWN else old.good_at if old is not None else before.judged_at
    since = old.since if old is not None and old.verdict == word else at
    return RuleHealth(policy, row, word, since, why, good_at)


def _loud(evaluation: Evaluation) -> tuple[Result, ...]:
    return tuple(one for one in evaluation.moved if one.verdict not in (None, Verdict.CLEAR))


def _why(result: Result) -> str:
    if result.verdict is not Verdict.UNKNOWN:
        return ""
    trace = result.trace
    causes = trace.value.causes if trace is not None and isinstance(trace.value, Unknown) else ()
    return "; ".join(causes) or result.note
