"""
Every exception Rekha raises on purpose, in one tree; nothing here decides who catches what.

    EngineError                    carries account, policy, broker where known
    ├── PolicyError                the author acts; only at load
    │   └── PolicyErrors           all findings of a set at once, in file order
    ├── SettingsError              the operator acts: desk file, calendar, snapshot file
    │   └── MisuseError            the command line itself: arguments that do not fit, a path that leads nowhere
    ├── BrokerError
    │   └── BrokerDataError        a reply breaks the broker's contract
    └── InvariantError             our bug: fail fast

Bad data never raises inside an evaluation: it becomes Unknown with its cause.
"""

from collections.abc import Sequence


class EngineError(Exception):
    """The root; its text is a whole sentence a person can act on."""

    def __init__(
        self, message: str, *, account: str | None = None, policy: str | None = None, broker: str | None = None
    ) -> None:
        super().__init__(message)
        self.account = account
        self.policy = policy
        self.broker = broker


class PolicyError(EngineError):
    """A policy file is wrong; its author can mend it."""


class PolicyErrors(PolicyError):
    """All errors of a policy set; `findings` are policy findings, sorted by file, line and column."""

    def __init__(self, findings: Sequence[object]) -> None:
        super().__init__(f"{len(findings)} error(s) in the policy set")
        self.findings = tuple(findings)


class SettingsError(EngineError):
    """A desk file, calendar, snapshot file or argument is wrong; the operator can mend it."""


class MisuseError(SettingsError):
    """What was asked for cannot be meant: arguments that do not fit together, or a path that leads nowhere."""


class BrokerError(EngineError):
    """Something between us and a broker."""


class BrokerDataError(BrokerError):
    """
    A broker's reply breaks its contract in a way that touches state (positions, quantities, orders).

    The part it belongs to becomes `Missing` with this text as the cause; it is never read as empty.
    """


class InvariantError(EngineError):
    """Our own bug: a state the design says cannot be."""
