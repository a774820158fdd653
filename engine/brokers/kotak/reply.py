"""The envelope of a Kotak Neo reply: success is decided by the body, in every dialect its errors come in."""

from collections.abc import Iterator

from engine.brokers.wire import cleaned, decode_reply, shown
from engine.errors import BrokerDataError

BROKER = "kotak"
# Texts that stand for "nothing" in Kotak's rows.
BLANKS = frozenset({"", "-", "--", "NA"})

_OK = "200"
_NO_DATA = "5203"


def reply_of(body: bytes, part: str) -> object:
    """
    Return the decoded reply once it is a success: an object whose `stat` is ok in any case, or a bare list.

    Raises: BrokerDataError with the first message the reply holds and its code; a code other than 200 is a failure
    whatever `stat` and the HTTP code say.
    """
    return _checked(decode_reply(body, BROKER, part), part)


def book_of(body: bytes, part: str) -> object:
    """
    Return the rows of an order, trade or position book; code 5203 ("No Data") is an empty one.

    Raises: BrokerDataError as `reply_of`, and for a success without `data`, which is never read as "none".
    """
    decoded = decode_reply(body, BROKER, part)
    if isinstance(decoded, dict) and _code(decoded) == _NO_DATA:
        return []
    reply = _checked(decoded, part)
    if not isinstance(reply, dict) or reply.get("data") is None:
        raise BrokerDataError(f"{part}: the reply says success and carries no 'data'", broker=BROKER)
    return reply["data"]


def _checked(reply: object, part: str) -> object:
    if not isinstance(reply, dict):
        return reply
    code = _code(reply)
    said = reply.get("stat", reply.get("status"))
    ok = isinstance(said, str) and said.strip().lower() in ("ok", "success")
    if code in ("", _OK) and not reply.get("error") and (ok or (said is None and "data" in reply)):
        return reply
    message = next(_messages(reply), f"no message; 'stat' is {shown(said)}")
    raise BrokerDataError(f"{part}: Kotak answered with an error: {message} (code {code or 'none'})", broker=BROKER)


def _code(reply: dict[str, object]) -> str:
    first, fault = _first_error(reply), reply.get("fault")
    for holder in (reply, first, fault if isinstance(fault, dict) else {}):
        for name in ("stCode", "errorCode", "code"):
            value = holder.get(name)
            text = value.strip() if isinstance(value, str) else "" if value is None else shown(value)
            if text:
                return text
    return ""


def _messages(reply: dict[str, object]) -> Iterator[str]:
    fault = reply.get("fault")
    for value in (
        reply.get("errMsg"),
        reply.get("emsg"),
        reply.get("message"),
        _first_error(reply).get("message"),
        reply.get("error"),
        fault.get("message") if isinstance(fault, dict) else None,
    ):
        if isinstance(value, str) and value.strip():
            yield cleaned(value)


def _first_error(reply: dict[str, object]) -> dict[str, object]:
    errors = reply.get("error")
    first = errors[0] if isinstance(errors, list) and errors else None
    return first if isinstance(first, dict) else {}
