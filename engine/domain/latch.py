"""The `once` row: what makes a policy act one time and no more; who writes it durably stands elsewhere."""

from dataclasses import dataclass

from engine.domain.enums import Mode


@dataclass(frozen=True, slots=True)
class Latch:
    """
    One `once` row: this policy has acted for this subject in this period under this mode.

    subject: the row, or the account. period: `2026-11-23`, `2026-W48`, or empty for ever.
    arm: how often the policy has been rearmed for them before.
    """

    policy: str
    subject: str
    period: str
    mode: Mode
    arm: int = 0
