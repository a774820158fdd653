"""The dialects of Kotak Neo's answers: success, the empty book, and every documented way of saying no."""

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body for JSON, and an HTTP status, which says little here."""

    body: object
    status: int = 200

    def as_bytes(self) -> bytes:
        """Return the body as it goes over the wire."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


def listed(rows: list[dict[str, object]], stat: str) -> Answer:
    """Return a book's answer: an empty one is said with a code of its own, as if it were a failure."""
    return Answer({"stat": stat, "stCode": 200, "data": rows}) if rows else EMPTY


def receipt(order_id: str) -> Answer:
    """Return what an order call answers: received, and nothing more."""
    return Answer({"nOrdNo": order_id, "stat": "Ok", "stCode": 200})


EMPTY: Final = Answer({"stat": "Not_Ok", "errMsg": "No Data", "stCode": 5203, "desc": "data not found"})
BODY_INVALID: Final = Answer({"stCode": 1007, "errMsg": "body invalid", "stat": "bad request"}, 400)
FINISHED: Final = Answer(
    {"stCode": 1021, "errMsg": "order is completed", "stat": "please provide valid order number"}, 400
)
RATE_LIMITED: Final = Answer({"code": 429, "error": "Rate limit exceeded", "message": "too many request received"}, 429)
UNAUTHORIZED: Final = Answer({"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}, 403)

# A session that does not hold, in the words each kind of call was seen to use.
STALE: Final = Answer({"stCode": 100022, "errMsg": "invalid session token", "stat": "Not_Ok"}, 403)
STALE_AT_CHECK: Final = Answer(
    {"stCode": 100022, "errMsg": "invalid session token", "stat": "error in neo-login-check-api"}, 403
)
STALE_AS_DOCUMENTED: Final = Answer({"stat": "Not_Ok", "emsg": "Invalid session", "stCode": 1003}, 403)

# The login's own: two of them come with HTTP 200.
INVALID_UCC: Final = Answer({"stCode": 429, "errMsg": "Invalid UCC", "status": "failure"})
INVALID_MPIN: Final = Answer({"stCode": 401, "errMsg": "Invalid MPIN", "status": "failure"})
INVALID_TOTP: Final = Answer({"status": "error", "message": "Invalid credentials or TOTP.", "errorCode": "401"}, 401)
# Only the words "Service error" and the five minutes are documented; status and shape are the login's usual ones.
COOLING: Final = Answer({"stCode": 424, "errMsg": "Service error", "status": "failure"}, 424)


def missing_field(name: str) -> Answer:
    """Return the login's answer to a body without a field."""
    return Answer({"error": [{"code": "400", "message": f"Missing required field '{name}'"}]}, 400)


def not_ok(code: int, text: str, status: int = 200) -> Answer:
    """Return a failure in the words of the documentation."""
    return Answer({"stat": "Not_Ok", "emsg": text, "stCode": code}, status)


NOT_FOUND: Final = not_ok(1006, "Order already cancelled or not found.")
INVALID_EXCHANGE: Final = not_ok(1006, "Invalid exchange.")
INVALID_SYMBOL: Final = not_ok(1007, "Invalid symbol.")
INVALID_QUANTITY: Final = not_ok(1009, "Invalid quantity.")
INVALID_INSTRUMENT: Final = not_ok(1009, "Invalid instrument/code")

# Documented answers that nothing in the simulation causes by itself; a scenario may ask for them by their code.
_BY_CODE: Final = MappingProxyType(
    {
        1003: STALE_AS_DOCUMENTED,
        1004: not_ok(1004, "Insufficient balance."),
        1005: not_ok(1005, "Internal error, please retry.", 500),
        1006: NOT_FOUND,
        1007: INVALID_SYMBOL,
        1009: INVALID_QUANTITY,
        1017: Answer({"stCode": 1017, "errMsg": "algo order not allowed", "stat": "Not_Ok"}),
        1021: FINISHED,
        5203: EMPTY,
        100008: UNAUTHORIZED,
        100022: STALE,
    }
)


def of_code(code: int, text: str = "") -> Answer:
    """Return the documented answer of a code; one nobody documented, or with a text, in the usual words."""
    known = _BY_CODE.get(code)
    return not_ok(code, text or "Internal error.") if known is None or text else known
