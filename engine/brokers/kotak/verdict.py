"""What an answer of Kotak Neo means for the call that got it: nothing wrong, or which of our errors."""

from datetime import timedelta

from engine.brokers.kotak.calls import Call
from engine.brokers.kotak.reply import BLANKS, BROKER, NO_DATA, code_of, head_of, is_success, message_of
from engine.brokers.messages import Answer
from engine.brokers.wire import shown
from engine.errors import (
    BrokerAuthError,
    BrokerDataError,
    BrokerError,
    BrokerOutcomeUnknown,
    BrokerRateLimited,
    BrokerRejected,
    BrokerSessionExpired,
    BrokerUnavailable,
    OrderFinished,
)

# The third is the old gateway's.
_EXPIRED = frozenset({"100022", "1003", "900901"})
_UNAUTHORIZED = "100008"
_FINISHED = frozenset({"1021", "1006"})
_INTERNAL = "1005"
_REFUSED = ("Not_Ok", "failure", "error")
_TOO_MANY = 429
# What a login is documented to be refused with, whatever else the answer says.
_LOGIN_REFUSED = frozenset({400, 401, 403, 422})
# Besides everything from 500 on: the request timed out at the gateway, a service behind it did not answer.
_NOT_NOW = frozenset({408, 424})
_SERVICE_ERROR = "service error"
COOL_DOWN = timedelta(minutes=5)


def fault_of(call: Call, answer: Answer, account: str) -> BrokerError | None:
    """
    Return what is wrong with an answer to a call after the login; None for a success and for an empty book.

    A write is only refused when the answer plainly says so: with any doubt its outcome is unknown.
    """
    head = head_of(answer.body) if not (call.is_file and answer.status == 200) else {"data": {}}
    code = "" if head is None else code_of(head)
    said = _said(answer, head)
    if head is not None and not _is_good(answer.status) and "stat" in head and is_success(head):
        return _doubtful(call, f"{call.part}: the answer says success and {said}", account, is_there=True)
    if answer.status == _TOO_MANY or _is_throttled(head):
        return BrokerRateLimited(
            f"{call.part}: Kotak refuses as too many calls: {said}", retry_after=answer.retry_after, account=account,
            broker=BROKER,
        )  # fmt: skip
    if code == _UNAUTHORIZED:
        return BrokerAuthError(
            f"{call.part}: Kotak does not authorize it ({said}); a login does not mend that: have this machine's"
            " address registered with Kotak and check the access token",
            account=account,
            broker=BROKER,
        )
    # A file is fetched without any token; where there is none yet, the place that keeps it may say 403.
    is_expired = not call.is_file and (code in _EXPIRED or answer.status in (401, 403))
    if is_expired and not call.is_of_session:
        return BrokerAuthError(
            f"{call.part}: Kotak does not take the access token: {said}", account=account, broker=BROKER
        )
    if is_expired:
        return BrokerSessionExpired(f"{call.part}: the session does not hold: {said}", account=account, broker=BROKER)
    if answer.status >= 500 or answer.status in _NOT_NOW or code == _INTERNAL:
        return _doubtful(call, f"{call.part}: Kotak does not answer properly: {said}", account, is_there=False)
    if head is not None and _is_good(answer.status) and _is_fine(call, head, code):
        return None
    if head is None or not (code or message_of(head) or "stat" in head or "status" in head):
        return _doubtful(call, f"{call.part}: the answer cannot be read: {said}", account, is_there=True)
    if is_success(head) or (call.is_write and not _is_plain_refusal(call, head, code)):
        return _doubtful(call, f"{call.part}: the answer says nothing: {said}", account, is_there=True)
    refused = OrderFinished if call.is_write and not call.is_new and code in _FINISHED else BrokerRejected
    reason = message_of(head) or said
    return refused(
        f"{call.part}: Kotak refuses: {said}", code=code or f"HTTP {answer.status}", reason=reason, account=account,
        broker=BROKER,
    )  # fmt: skip


def login_fault(answer: Answer, step: str, account: str) -> BrokerError | None:
    """Return what is wrong with an answer to a step of the login; None for a success."""
    head = head_of(answer.body)
    # Half an answer may begin with half a token.
    said = _said(answer, head) if head is not None else f"HTTP {answer.status}, no whole JSON"
    if answer.status == _TOO_MANY or _is_throttled(head):
        return BrokerRateLimited(
            f"{step}: Kotak refuses as too many calls: {said}", retry_after=answer.retry_after or COOL_DOWN,
            account=account, broker=BROKER,
        )  # fmt: skip
    if head is not None and _SERVICE_ERROR in message_of(head).lower():
        return BrokerUnavailable(f"{step}: {said}", retry_after=COOL_DOWN, account=account, broker=BROKER)
    if answer.status >= 500 or answer.status in _NOT_NOW or (head is None and answer.status not in _LOGIN_REFUSED):
        return BrokerUnavailable(f"{step}: {said}", retry_after=answer.retry_after, account=account, broker=BROKER)
    if head is not None and _is_good(answer.status) and head.get("data") is not None and not message_of(head):
        return None
    return BrokerAuthError(f"{step}: Kotak refuses the login: {said}", account=account, broker=BROKER)


def _is_good(status: int) -> bool:
    return 200 <= status < 300


def _is_fine(call: Call, head: dict[str, object], code: str) -> bool:
    if call.is_write:
        # Only a plain ok counts: rows without a word of success are no receipt.
        return is_success(head) and ("stat" in head or "status" in head)
    return is_success(head) or code == NO_DATA


def _is_plain_refusal(call: Call, head: dict[str, object], code: str) -> bool:
    if call.is_new and head.get("nOrdNo") not in (None, "", *BLANKS):
        return False
    return bool(message_of(head)) or code not in ("", "200") or head.get("stat", head.get("status")) in _REFUSED


def _is_throttled(head: dict[str, object] | None) -> bool:
    # Told by `code`; an `stCode` of 429 is what the login says of an unknown client.
    return head is not None and "stCode" not in head and code_of(head) == str(_TOO_MANY)


def _doubtful(call: Call, text: str, account: str, *, is_there: bool) -> BrokerError:
    if call.is_write:
        return BrokerOutcomeUnknown(
            f"{text}; whether it was done is not known", tag=call.tag, account=account, broker=BROKER
        )
    kind = BrokerDataError if is_there else BrokerUnavailable
    return kind(text, account=account, broker=BROKER)


def _said(answer: Answer, head: dict[str, object] | None) -> str:
    if head is None:
        begins = answer.body[:40].decode("utf-8", "replace")
        told = f"it begins with {shown(begins)}" if answer.body else "it is empty"
        return f"HTTP {answer.status}, no JSON; {told}"
    message, code = message_of(head), code_of(head)
    return f"{message or 'no message'} (HTTP {answer.status}, code {code or 'none'})"
