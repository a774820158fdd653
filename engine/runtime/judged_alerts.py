"""What one look at an account means for alerts: which begin because something cannot be told, and which are over."""

from collections.abc import Callable, Iterator
from datetime import datetime

from engine.core.result import Result
from engine.core.rule_state import Step
from engine.domain.enums import Mode, Severity, Verdict
from engine.domain.kinds import show_duration
from engine.domain.message import Message
from engine.domain.numbers import seconds_of
from engine.domain.values import Unknown
from engine.policy.program import Policy
from engine.runtime.alerts import Alert
from engine.runtime.monitor import Ticked

_UNKNOWN = "unknown"


def begun(ticked: Ticked) -> tuple[Alert, ...]:
    """Return an alert for each enforced rule that has now been unknown for as long as its policy lets it be."""
    return tuple(
        Alert(_key(account, one.policy.name, one.row), _unknown(account, one, ticked.at), ticked.at, lasts=True)
        for account, one in _judged(ticked)
        if Step.ALERT in one.steps and one.mode is Mode.ENFORCE
    )


def is_over(ticked: Ticked) -> Callable[[Alert], bool]:
    """Return what tells of an alert whether this look at an account has ended what it is about."""
    loud = [(account, one) for account, one in _judged(ticked) if one.verdict not in (None, Verdict.CLEAR)]

    def over(alert: Alert) -> bool:
        about = alert.message
        if not _was_looked_at(ticked, about):
            return False
        verdicts = {
            one.verdict
            for account, one in loud
            if (account, one.policy.name) == (about.account, about.policy) and about.row in ("", one.row)
        }
        if alert.key == _key(about.account, about.policy, about.row):
            return Verdict.UNKNOWN not in verdicts
        return not verdicts

    return over


def _was_looked_at(ticked: Ticked, about: Message) -> bool:
    """Return whether a look tells where a message's policy stands in its account, other than as it did before."""
    for group in ticked.groups:
        if group.policy.name == about.policy:
            return about.account in group.results
    evaluation = ticked.evaluation
    if evaluation is None or about.account != ticked.account or about.policy in evaluation.standing:
        return False
    # One that neither moved nor stands is clear; those about groups were judged above, if at all.
    policy = evaluation.watch.by_name.get(about.policy)
    return policy is not None and not policy.is_of_group


def _judged(ticked: Ticked) -> Iterator[tuple[str, Result]]:
    """Yield every result that is not as it was, with its account."""
    for one in () if ticked.evaluation is None else ticked.evaluation.moved:
        yield ticked.account, one
    for group in ticked.groups:
        yield from group.results.items()


def _key(account: str, policy: str, row: str | None) -> str:
    return " ".join((_UNKNOWN, account, policy, row or "")).strip()


def _unknown(account: str, result: Result, at: datetime) -> Message:
    policy = result.policy
    about = f" for {result.row}" if result.row else ""
    return Message(
        severity=policy.severity,
        title=f"{account}: {policy.name}{about} cannot be told{_for_how_long(policy)}",
        at=at,
        lines=(_causes(result),),
        channels=channels_of(policy),
        account=account,
        policy=policy.name,
        row=result.row or "",
        needs_ack=policy.severity is Severity.CRITICAL,
    )


def channels_of(policy: Policy) -> tuple[str, ...]:
    """Return the channels of a policy's first `notify`; none when it tells nobody by itself."""
    return next((tuple(call.arguments["channels"]) for call in policy.then if call.name == "notify"), ())


def _for_how_long(policy: Policy) -> str:
    after = policy.on_unknown.alert
    return f" for {show_duration(seconds_of(after))}" if after else ""


def _causes(result: Result) -> str:
    trace = result.trace
    causes = trace.value.causes if trace is not None and isinstance(trace.value, Unknown) else ()
    return f"unknown: {'; '.join(causes)}" if causes else result.note
