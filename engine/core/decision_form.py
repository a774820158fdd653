"""A decision as it is journalled: what was ordered, by which rule, for which reasons, on which books."""

from engine.core.result import Result
from engine.domain.journal import DecisionRecord
from engine.domain.serial import form_of, plain_of, text_of
from engine.domain.snapshot import Snapshot
from engine.errors import InvariantError
from engine.policy.trace import Trace

_TRACE = form_of(Trace)
_SNAPSHOT = form_of(Snapshot)


def recorded_decision(result: Result, policy_set: str) -> DecisionRecord:
    """
    Return the record of what a result orders.

    policy_set: digest of the set that decided. Its trace is the tree's, whatever answered first; its reading the books
    as they were believed, none for a rule about several accounts, which looks at no book.
    """
    decision = result.decision
    if decision is None or result.judged is None or result.trace is None:
        raise InvariantError(f"{result.policy.name} has decided nothing here", policy=result.policy.name)
    is_of_group = result.policy.is_of_group
    snapshot = result.judged.case.env.view.snapshot
    return DecisionRecord(
        key=decision.key,
        account=decision.account,
        policy=decision.policy,
        row=decision.row,
        period=decision.period,
        episode=decision.episode,
        mode=decision.mode,
        decided_at=decision.decided_at,
        latch=decision.latch,
        because=decision.because,
        actions=tuple((call.name, call.pointer, call.words) for call in decision.actions),
        policy_set=policy_set,
        trace=text_of(_TRACE.encode(result.trace)),
        reading="" if is_of_group else text_of(_SNAPSHOT.encode(snapshot)),
        is_of_group=is_of_group,
    )


def trace_of(record: DecisionRecord) -> Trace:
    """Return the reasons of a decision. Raises: ValueError for a record without."""
    trace: Trace = _TRACE.decode(plain_of(record.trace))
    return trace


def believed_books(record: DecisionRecord) -> Snapshot | None:
    """Return the books a decision was made on, as they were believed; None for a rule about several accounts."""
    if not record.reading:
        return None
    snapshot: Snapshot = _SNAPSHOT.decode(plain_of(record.reading))
    return snapshot
