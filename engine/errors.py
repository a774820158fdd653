"""
Every exception Rekha raises on purpose, in one tree; nothing here decides who catches what.

    EngineError                    carries account, policy, broker where known
    ├── PolicyError                the author acts; only at load
    │   └── PolicyErrors           all findings of a set at once, in file order
    ├── SettingsError              the operator acts: desk file, calendar, snapshot file
    │   └── MisuseError            the command line itself: arguments that do not fit, a path that leads nowhere
    ├── BrokerError
    │   ├── BrokerUnavailable      nobody answers, or the broker says "not now" (retry_after)
    │   │   └── BrokerRateLimited  too many calls
    │   ├── BrokerAuthError        the session or the login is refused
    │   │   ├── BrokerSessionExpired  the session no longer holds; a login may mend it
    │   │   └── BrokerLoggedOut    we ended the session on purpose; nothing logs in again
    │   ├── BrokerRejected         a request was refused and nothing was done (code and reason verbatim)
    │   │   └── OrderFinished      there is nothing left to change or cancel: read the order again
    │   ├── BrokerOutcomeUnknown   a request may have been carried out: look it up, never repeat it
    │   └── BrokerDataError        a reply breaks the broker's contract
    ├── CapabilityMissing          asked of a broker that declared it cannot
    ├── StoreError                 the journal cannot be read or written: entries stop, protective commands still go
    │   ├── LeaseHeld              another engine watches the account; it was not touched
    │   └── LeaseLost              another engine has taken the account over; what we wanted to write was refused
    ├── NotifyError                a text has not reached anybody by this channel; never past the notifiers
    └── InvariantError             our bug: fail fast

Bad data never raises inside an evaluation: it becomes Unknown with its cause.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta


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


class BrokerUnavailable(BrokerError):
    """Nobody answers, or not now. retry_after: how long the broker asks to wait; None when it does not say."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        account: str | None = None,
        broker: str | None = None,
    ) -> None:
        super().__init__(message, account=account, broker=broker)
        self.retry_after = retry_after


class BrokerRateLimited(BrokerUnavailable):
    """The broker refuses because of too many calls."""


class BrokerAuthError(BrokerError):
    """The session or a login is refused; what is needed to mend it stands in the text."""


class BrokerSessionExpired(BrokerAuthError):
    """The session no longer holds and nothing was done; a login may mend it."""


class BrokerLoggedOut(BrokerAuthError):
    """The session was ended on purpose; nothing was sent and nothing logs in again."""


class BrokerRejected(BrokerError):
    """A request was refused and nothing was done. code, reason: the broker's own, verbatim."""

    def __init__(
        self, message: str, *, code: str = "", reason: str = "", account: str | None = None, broker: str | None = None
    ) -> None:
        super().__init__(message, account=account, broker=broker)
        self.code = code
        self.reason = reason


class OrderFinished(BrokerRejected):
    """There is nothing left to change or cancel; what became of the order its book tells."""


class BrokerOutcomeUnknown(BrokerError):
    """A request may have been carried out or not. tag: of the order, to look it up by; never repeat it blindly."""

    def __init__(self, message: str, *, tag: str = "", account: str | None = None, broker: str | None = None) -> None:
        super().__init__(message, account=account, broker=broker)
        self.tag = tag


class BrokerDataError(BrokerError):
    """
    A broker's reply breaks its contract in a way that touches state (positions, quantities, orders).

    The part it belongs to becomes `Missing` with this text as the cause; it is never read as empty.
    """


class CapabilityMissing(EngineError):
    """Something was asked of a broker that it declared it cannot do; nothing was sent."""


class StoreError(EngineError):
    """The journal cannot be read or written; nothing of what was asked has been kept."""


class LeaseHeld(StoreError):
    """Another engine watches the account. holder: which, in its own words. until: when its lease ends by itself."""

    def __init__(self, message: str, *, holder: str, until: datetime, account: str | None = None) -> None:
        super().__init__(message, account=account)
        self.holder = holder
        self.until = until


class LeaseLost(StoreError):
    """Another engine has taken the account over, so nothing was written; stop watching it."""


class NotifyError(EngineError):
    """A channel has not taken a text; its words hold no address and no token."""


class InvariantError(EngineError):
    """Our own bug: a state the design says cannot be."""
