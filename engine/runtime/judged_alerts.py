"""What one look at an account means for alerts: which begin because something cannot be told, and which are over."""

from collections.abc import Callable, Iterator
from datetime import datetime

from engine.core.evaluate import Evaluation
from engine.core.result import Result
from engine.core.rule_state import Step
from engine.domain.enums import Mode, Severity, Verdict
from engine.domain.journal import ENGINE
from engine.domain.kinds import show_duration
from engine.domain.message import Message
from engine.domain.numbers import seconds_of
from engine.domain.values import Unknown
from engine.policy.program import Policy
from engine.runtime.alerts import Alert

_UNKNOWN = "unknown"


def begun(account: str, evaluation: Evaluation, at: datetime) -> tuple[Alert, ...]:
    """Return an alert for each enforced rule that has now been unknown for as long as its policy lets it be."""
    return tuple(
        Alert(_key(account, one.policy.name, one.row), _unknown(account, one, at), at, lasts=True)
        for one in evaluation.moved
        if Step.ALERT in one.steps and one.mode is Mode.ENFORCE
    )


def is_over(account: str, evaluation: Evaluation) -> Callable[[Alert], bool]:
    """Return what tells of an alert whether this look at the account has ended what it is about."""
    loud = dict(_loud(evaluation))

    def over(alert: Alert) -> bool:
        told = alert.message
        # A rule about a group is judged elsewhere, and what is no rule's nobody ends here.
        if told.account != account or not told.policy or told.policy not in evaluation.watch.by_name:
            return False
        policy = evaluation.watch.by_name[told.policy]
        if policy.is_of_group or policy.name in evaluation.standing:
            return False
        rows = {row: verdict for (name, row), verdict in loud.items() if name == policy.name}
        verdicts = {rows.get(told.row)} if told.row else set(rows.values())
        if alert.key == _key(account, told.policy, told.row):
            return Verdict.UNKNOWN not in verdicts
        return not verdicts - {None}

    return over


def _loud(evaluation: Evaluation) -> Iterator[tuple[tuple[str, str], Verdict]]:
    for one in evaluation.moved:
        if one.verdict not in (None, Verdict.CLEAR):
            yield (one.policy.name, one.row or ""), one.verdict


def _key(account: str, policy: str, row: str | None) -> str:
    return " ".join((_UNKNOWN, account or ENGINE, policy, row or "")).strip()


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
