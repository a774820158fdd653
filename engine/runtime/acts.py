"""Carrying out what was decided, as far as this version may: messages go out, of the rest is told what it would be."""

from typing import Final

from engine.domain.enums import Mode, Severity
from engine.domain.journal import DecisionRecord, OutcomeRecord
from engine.domain.message import Message
from engine.policy.program import Policy
from engine.ports import Clock, Notifier

QUEUED: Final = "queued"
# The block was kept with the decision itself.
DONE: Final = "done"
WOULD: Final = "would"
# What this version carries out; of the rest is told what it would be.
ACTS: Final = frozenset({"notify", "block_entries"})


class Acts:
    """Does what a journalled decision orders; it raises nothing and waits for nobody."""

    def __init__(self, notifier: Notifier, clock: Clock) -> None:
        self._notifier = notifier
        self._clock = clock

    async def carry_out(self, record: DecisionRecord, policy: Policy | None) -> tuple[OutcomeRecord, ...]:
        """Return what came of each step. policy: as it decided; None when it is not in force any more."""
        outcomes = []
        for name, pointer, words in record.actions:
            result = WOULD
            if record.mode is Mode.ENFORCE and name == "notify":
                await self._notifier.tell(message_of(record, policy, pointer))
                result = QUEUED
            elif record.mode is Mode.ENFORCE and name == "block_entries":
                result = DONE
            details = {"action": name, "words": words}
            outcomes.append(OutcomeRecord(record.key, pointer, result, self._clock.now(), details))
        return tuple(outcomes)


def message_of(record: DecisionRecord, policy: Policy | None, pointer: str) -> Message:
    """Return what people are told of a decision, on the channels that the step at a pointer names."""
    severity = Severity.WARNING if policy is None else policy.severity
    calls = () if policy is None else policy.then
    channels = next((call.arguments["channels"] for call in calls if call.pointer == pointer), ())
    orders = [
        words if name == "block_entries" else f"would {words}" for name, _, words in record.actions if name != "notify"
    ]
    return Message(
        severity=severity,
        title=f"{record.account}: {record.policy} fires{f' for {record.row}' if record.row else ''}",
        at=record.decided_at,
        lines=(record.because, *orders),
        channels=tuple(channels),
        account=record.account,
        policy=record.policy,
        row=record.row or "",
        decision=record.key,
        step=pointer,
        needs_ack=severity is Severity.CRITICAL,
    )
