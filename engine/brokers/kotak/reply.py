"""The envelope of a Kotak Neo reply: success is decided by the body, in every dialect its errors come in."""

from collections.abc import Iterator

import msgspec

from engine.brokers.wire import cleaned, decode, decode_reply, shown, text_of
from engine.errors import BrokerDataError

BROKER = "kotak"
# Texts that stand for "nothing" in Kotak's rows.
BLANKS = frozenset({"", "-", "--", "NA"})

NO_DATA = "5203"

_OK = "200"
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_ROWS = msgspec.json.Decoder(list[msgspec.Raw]).decode


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
    if isinstance(decoded, dict) and code_of(decoded) == NO_DATA and not decoded.get("data"):
        return []
    reply = _checked(decoded, part)
    if not isinstance(reply, dict) or reply.get("data") is None:
        raise BrokerDataError(f"{part}: the reply says success and carries no 'data'", broker=BROKER)
    return reply["data"]


def head_of(body: bytes) -> dict[str, object] | None:
    """
    Return a reply without its rows, for a verdict on it: what `data` holds is `{}`, and a bare list is `{"data": {}}`.

    None where the body is no whole JSON object or list; that its rows say anything is not looked at.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        if text.startswith(b"["):
            _ROWS(text)
            return {"data": {}}
        fields = _FIELDS(text)
        rows = fields.pop("data", None)
        head = {name: decode(text_of(bytes(value))) for name, value in fields.items()}
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return head if rows is None else {**head, "data": None if bytes(rows) == b"null" else {}}


def is_success(reply: dict[str, object]) -> bool:
    """Return whether a reply says success: `stat` ok in any case or rows without a `stat`, and no code but 200."""
    said = reply.get("stat", reply.get("status"))
    ok = isinstance(said, str) and said.strip().lower() in ("ok", "success")
    return code_of(reply) in ("", _OK) and not reply.get("error") and (ok or (said is None and "data" in reply))


def code_of(reply: dict[str, object]) -> str:
    """Return the first code a reply holds in any dialect; empty when it holds none."""
    first, fault = _first_error(reply), reply.get("fault")
    for holder in (reply, first, fault if isinstance(fault, dict) else {}):
        for name in ("stCode", "errorCode", "code"):
            value = holder.get(name)
            text = value.strip() if isinstance(value, str) else "" if value is None else shown(value)
            if text:
                return text
    return ""


def message_of(reply: dict[str, object]) -> str:
    """Return the first message a reply holds in any dialect; empty when it holds none."""
    return next(_messages(reply), "")


def _checked(reply: object, part: str) -> object:
    if not isinstance(reply, dict) or is_success(reply):
        return reply
    message = message_of(reply) or f"no message; 'stat' is {shown(reply.get('stat', reply.get('status')))}"
    code = code_of(reply) or "none"
    raise BrokerDataError(f"{part}: Kotak answered with an error: {message} (code {code})", broker=BROKER)


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
